//go:build !linux

package term

// Files is, on Linux, a thread with a descriptor table of its own.
type Files struct{}

// NewFiles gives the place where files would be opened.
func NewFiles(keep *Reserved) *Files { return &Files{} }

// Do runs the function on the caller's thread.
func (f *Files) Do(run func()) { run() }

// Apart says that the table is the user's.
func (f *Files) Apart() error { return notHere("a descriptor table for the shell alone") }

// Close has nothing to end.
func (f *Files) Close() {}

// ReadFile fails.
func (f *Files) ReadFile(path string, limit int64) ([]byte, error) {
	return nil, notHere("reading files beside the user's descriptors")
}

// AppendPrivate fails.
func AppendPrivate(path string, data []byte) error {
	return notHere("writing files beside the user's descriptors")
}

// WritePrivate fails.
func WritePrivate(path string, data []byte) error {
	return notHere("writing files beside the user's descriptors")
}
