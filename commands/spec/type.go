package spec

import "socksh/commands/names"

// A Type is one of the structs below: a closed set of plain data that every walk switches over. Add one only when no
// description can say it otherwise, for every notation and the kernel package then learn it.
type Type interface{ isType() }

// Dir says who writes what a pointer points to.
type Dir uint8

const (
	In    Dir = 1 + iota // the kernel reads
	Out                  // the kernel writes
	InOut                // both: an address length, poll's array
)

type (
	// FD is a descriptor.
	FD struct{}
	// Int is a number of Size bytes; 0 is C's int, 4 bytes.
	Int struct {
		Size     int
		Unsigned bool
		Hex      bool
		Bool     bool // words take on and off
		Chosen   bool // a time or counter, the kernel's choice: never compared
	}
	// Enum is one constant of Set.
	Enum struct {
		Set  *names.Set
		Size int
	}
	// Flags is a bit set of constants. Where the low bits under Mask are one constant of Base, as in
	// SOCK_STREAM|SOCK_CLOEXEC and O_RDWR|O_NONBLOCK, that one comes first.
	Flags struct {
		Set  *names.Set
		Size int
		Base *names.Set
		Mask int64
	}
	// Errno is an error number that stands in memory, as SO_ERROR's value does.
	Errno struct{}
	// Len counts the sibling Of: its bytes, or its elements if it is an array.
	Len struct {
		Of       string
		Size     int
		Unsigned bool
		Back     bool // the kernel writes back how much there is (accept's addrlen)
	}
	// Port is a 16-bit number in network order: htons(80); of a Set, its name: htons(ETH_P_ALL).
	Port struct{ Set *names.Set }
	// Net32 is a number in network order: htonl(0).
	Net32 struct{}
	// IP4 is an address: inet_addr("127.0.0.1").
	IP4 struct{}
	// IP6 is an address: inet_pton(AF_INET6, "::1", &name).
	IP6 struct{}
	// IfIndex is an interface by its index: if_nametoindex("lo"). In an address only link-local scopes are named.
	IfIndex struct{ Scope bool }
	// Path is sun_path: to its first NUL, or @"abstract" to the end of the object.
	Path struct{}
	// Blob is bytes, as many as its Len or the result says.
	Blob struct{}
	// CStr is bytes up to the first NUL.
	CStr struct{}
	// File is the name of a file, a NUL at its end: unlink's argument.
	File struct{}
	// Raw is an object of which only the length is known: a number if it has 4 bytes, else bytes.
	Raw struct{}
	// Absent is an argument that is not there: fcntl(4, F_GETFL) has no third.
	Absent struct{}

	// Ptr is a pointer to an object.
	Ptr struct {
		Dir Dir
		To  Type
	}
	// Array is N elements, or as many as its Len says if N is 0.
	Array struct {
		Elem Type
		N    int
	}
	// Struct is a structure with natural alignment, or none if Packed.
	Struct struct {
		Fields []Field
		Packed bool
		Min    int  // shorter objects are shown as bytes; 0: shorter than the whole
		Word   Word // how words spell it
	}
	// Tagged is a socket address: its first member chooses the rest.
	Tagged struct {
		Tag   Field
		Cases []Case
	}
	// By is a type that the sibling On chooses. Named is for a constant of On's set without a case, Else for a
	// number without a name.
	By struct {
		On    string
		Cases []Case
		Named Type
		Else  Type
	}
	// Dialect is known to this shell as As and to strace as another type: a timeval is a string there.
	Dialect struct{ As, Strace Type }
)

// A Case is keyed by the constant's name and not its number, so that the table compiles on every system.
type Case struct {
	Key  string
	Type Type
}

// Word is a structure's short form in words.
type Word uint8

const (
	ByComma  Word = iota // on,5
	Duration             // 250ms: seconds and microseconds
)

func (FD) isType()       {}
func (Int) isType()      {}
func (Enum) isType()     {}
func (Flags) isType()    {}
func (Errno) isType()    {}
func (Len) isType()      {}
func (Port) isType()     {}
func (Net32) isType()    {}
func (IP4) isType()      {}
func (IP6) isType()      {}
func (IfIndex) isType()  {}
func (Path) isType()     {}
func (Blob) isType()     {}
func (CStr) isType()     {}
func (File) isType()     {}
func (Raw) isType()      {}
func (Absent) isType()   {}
func (*Ptr) isType()     {}
func (*Array) isType()   {}
func (*Struct) isType()  {}
func (*Tagged) isType()  {}
func (*By) isType()      {}
func (*Dialect) isType() {}
