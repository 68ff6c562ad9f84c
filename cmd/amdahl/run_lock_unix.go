//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// errLocked says that another process has a file open for writing.
var errLocked = errors.New("in use")

// lockFile takes the file for this process, until it is closed. The error wraps
// errLocked where another process has it. A file system without locks locks nothing.
func lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	switch {
	case errors.Is(err, unix.EWOULDBLOCK):
		who := "another process"
		if pid := lockHolder(f); pid != 0 {
			who = fmt.Sprintf("process %d", pid)
		}
		return fmt.Errorf("%w: %s has it", errLocked, who)
	case errors.Is(err, unix.EINTR):
		return lockFile(f)
	}
	return nil
}

// lockHolder is the process that has locked the file, 0 if the system does not say.
// /proc/locks has lines such as "1: FLOCK  ADVISORY  WRITE 4711 fe:01:12345 0 EOF".
func lockHolder(f *os.File) (pid int) {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0
	}
	text, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0
	}
	inode := fmt.Sprintf(":%d", st.Ino)
	for l := range strings.Lines(string(text)) {
		w := strings.Fields(l)
		if len(w) > 5 && w[1] == "FLOCK" && strings.HasSuffix(w[5], inode) {
			if _, err := fmt.Sscan(w[4], &pid); err == nil {
				return pid
			}
		}
	}
	return 0
}
