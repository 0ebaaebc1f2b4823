package wire

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// searchTime bounds the search through other processes' descriptors: a link takes some 2 us to read.
const searchTime = 150 * time.Millisecond

// name fills in which descriptors of this process hold the sockets, and for those that none does, which process.
func name(run func(func()), found []Holding) error {
	sockets := make(map[uint64]*Holding)
	for i := range found {
		if found[i].Inode != 0 {
			sockets[found[i].Inode] = &found[i]
		}
	}
	if len(sockets) == 0 {
		return nil
	}
	open, err := Open()
	if err != nil {
		return err
	}
	for _, fd := range open {
		var st unix.Stat_t
		if unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFSOCK {
			continue
		}
		if h := sockets[st.Ino]; h != nil {
			h.FDs = append(h.FDs, fd)
		}
	}
	for inode, h := range sockets {
		if len(h.FDs) > 0 {
			delete(sockets, inode)
		}
	}
	if len(sockets) > 0 {
		run(func() { searchProcesses(sockets) })
	}
	return nil
}

func searchProcesses(sockets map[uint64]*Holding) {
	end := time.Now().Add(searchTime)
	self := unix.Getpid()
	var link [64]byte
	listFolder("/proc", func(process string) bool {
		pid, err := strconv.Atoi(process)
		if err != nil || pid == self {
			return true
		}
		folder := "/proc/" + process + "/fd"
		listFolder(folder, func(fd string) bool {
			n, err := unix.Readlink(folder+"/"+fd, link[:])
			if err != nil {
				return true
			}
			number, isSocket := bytes.CutPrefix(link[:n], []byte("socket:["))
			if !isSocket {
				return true
			}
			inode, _ := strconv.ParseUint(string(bytes.TrimSuffix(number, []byte("]"))), 10, 64)
			if h := sockets[inode]; h != nil {
				h.PID, h.Process = pid, processName(pid)
				delete(sockets, inode)
			}
			return len(sockets) > 0 && time.Now().Before(end)
		})
		return len(sockets) > 0 && time.Now().Before(end)
	})
}

// processName is at most 15 bytes (proc_pid_comm(5)), which any process may choose for itself: not to be printed raw.
func processName(pid int) string {
	fd, err := unix.Open(fmt.Sprintf("/proc/%d/comm", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var buf [64]byte
	n, err := unix.Read(fd, buf[:])
	if err != nil {
		return ""
	}
	return string(bytes.TrimSuffix(buf[:n], []byte("\n")))
}

// listFolder gives each name in a folder until told to stop. A folder that may not be read has none.
func listFolder(path string, each func(name string) (more bool)) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	buf := make([]byte, 32<<10)
	for {
		n, err := unix.ReadDirent(fd, buf)
		if err != nil || n <= 0 {
			return
		}
		_, _, names := unix.ParseDirent(buf[:n], -1, nil)
		for _, name := range names {
			if !each(name) {
				return
			}
		}
	}
}
