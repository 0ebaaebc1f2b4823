package term

import "net"

// InterfaceIndex gives an interface's index by its name (if_nametoindex(3)). It is asked on the thread for files,
// because the question opens a socket.
func InterfaceIndex(files *Files, name string) (index int64, ok bool) {
	files.Do(func() {
		if i, err := net.InterfaceByName(name); err == nil {
			index, ok = int64(i.Index), true
		}
	})
	return index, ok
}

// InterfaceName gives an interface's name by its index, "" if there is none (if_indextoname(3)).
func InterfaceName(files *Files, index int64) (name string) {
	files.Do(func() {
		if i, err := net.InterfaceByIndex(int(index)); err == nil {
			name = i.Name
		}
	})
	return name
}
