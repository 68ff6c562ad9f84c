//go:build linux

package perf

import (
	"slices"

	"golang.org/x/sys/unix"
)

// A fake is a kernel whose threads and counts the test plays.
type fake struct {
	lists    [][]int // what threads gives, one after another; the last one stays
	refuse   func(k kind, thread int, userOnly bool) error
	counts   func(f fakeFile, read int) count // of the read-th reading of a file, from 1
	level    int                              // of paranoid; -1 is unknown
	listed   int
	opened   []fakeFile // every one there ever was, by fd
	closed   map[int]bool
	readings map[int]int
}

type fakeFile struct {
	event, thread int
	userOnly      bool
}

func (s *fake) threads() ([]int, error) {
	s.listed++
	return slices.Clone(s.lists[min(s.listed, len(s.lists))-1]), nil
}

func (s *fake) open(k kind, thread int, userOnly bool) (int, error) {
	if s.refuse != nil {
		if err := s.refuse(k, thread, userOnly); err != nil {
			return -1, err
		}
	}
	s.opened = append(s.opened, fakeFile{slices.Index(hardware[:], k), thread, userOnly})
	return len(s.opened) - 1, nil
}

func (s *fake) read(fd int) (count, error) {
	if fd >= len(s.opened) || s.closed[fd] {
		return count{}, unix.EBADF
	}
	if s.readings == nil {
		s.readings = map[int]int{}
	}
	s.readings[fd]++
	if s.counts == nil {
		n := uint64(s.readings[fd])
		return count{1000 * n, 100 * n, 100 * n}, nil
	}
	return s.counts(s.opened[fd], s.readings[fd]), nil
}

func (s *fake) close(fd int) error {
	if fd >= len(s.opened) || s.closed[fd] {
		return unix.EBADF
	}
	if s.closed == nil {
		s.closed = map[int]bool{}
	}
	s.closed[fd] = true
	return nil
}

func (s *fake) paranoid() (int, bool) { return s.level, s.level >= 0 }

// left is the files that are open, by thread.
func (s *fake) left() map[int]int {
	left := map[int]int{}
	for fd, f := range s.opened {
		if !s.closed[fd] {
			left[f.thread]++
		}
	}
	return left
}
