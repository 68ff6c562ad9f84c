//go:build unix

package procpool

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// An end is the parent's end of a pipe to or from a worker. Another process
// than the worker may hold the other end, so its end is not the worker's: cut
// ends a Read or Write that waits.
type end struct {
	fd   int
	cord *cord
}

// A cord is what both streams of a link wait for beside their pipe.
type cord struct {
	wake int // readable, and at its end, when pulled
	pull *os.File
	once sync.Once
	gone atomic.Bool
	open atomic.Int32 // streams that are not closed
}

func (c *cord) cut() {
	c.once.Do(func() {
		c.gone.Store(true)
		c.pull.Close()
	})
}

// rawPipe makes a pipe whose ends block, and are closed on exec.
func rawPipe() (p [2]int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := syscall.Pipe(p[:]); err != nil {
		return p, os.NewSyscallError("pipe", err)
	}
	syscall.CloseOnExec(p[0])
	syscall.CloseOnExec(p[1])
	return p, nil
}

// newStreams makes the link of a parent over two pipes, and the ends of the
// worker: where it reads and where it writes.
func newStreams() (l *pipeLink, theirs []*os.File, err error) {
	var pipes [3][2]int
	for i := range pipes {
		if pipes[i], err = rawPipe(); err != nil {
			for _, p := range pipes[:i] {
				unix.Close(p[0])
				unix.Close(p[1])
			}
			return nil, nil, err
		}
	}
	to, from, wake := pipes[0], pipes[1], pipes[2]
	unix.SetNonblock(to[1], true)
	unix.SetNonblock(from[0], true)
	c := &cord{wake: wake[0], pull: os.NewFile(uintptr(wake[1]), "cord")}
	c.open.Store(2)
	in := &end{from[0], c}
	l = newPipeLink(in, &end{to[1], c})
	l.parent = true
	l.await = in.await
	l.cut = c.cut
	return l, []*os.File{os.NewFile(uintptr(to[0]), "|0"), os.NewFile(uintptr(from[1]), "|1")}, nil
}

// waitFor waits until the pipe is ready, or cut; false means that it was cut.
func (s *end) waitFor(events int16) bool {
	for !s.cord.gone.Load() {
		fds := []unix.PollFd{{Fd: int32(s.fd), Events: events}, {Fd: int32(s.cord.wake), Events: unix.POLLIN}}
		if n, err := unix.Poll(fds, -1); n > 0 && fds[0].Revents != 0 {
			return true
		} else if n < 0 && err != unix.EINTR {
			return false
		}
	}
	return false
}

// Read ends with what has arrived when the pipe is cut.
func (s *end) Read(b []byte) (int, error) {
	for {
		cut := s.cord.gone.Load() // before the last look
		n, err := unix.Read(s.fd, b)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			if cut {
				return 0, io.EOF
			}
			s.waitFor(unix.POLLIN)
		case n == 0 && len(b) > 0:
			return 0, io.EOF
		default:
			return max(n, 0), err
		}
	}
}

func (s *end) Write(b []byte) (done int, err error) {
	for done < len(b) {
		if s.cord.gone.Load() {
			return done, io.ErrClosedPipe
		}
		n, err := unix.Write(s.fd, b[done:])
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			s.waitFor(unix.POLLOUT)
		case err != nil:
			return done, err
		default:
			done += n
		}
	}
	return done, nil
}

// await waits until there is something to read, or for d.
func (s *end) await(d time.Duration) bool { return readable(s.fd, d) }

func (s *end) Close() error {
	if s.cord.open.Add(-1) == 0 {
		s.cord.cut()
		unix.Close(s.cord.wake)
	}
	return unix.Close(s.fd)
}
