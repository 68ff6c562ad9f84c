// Package child starts this program again as a child process, and is the
// child's side of that: a worker of a pool, or a helper of a driver.
//
// A child gets nothing but the standard three descriptors by inheritance, so
// that nothing else can leak into what its packages start before main runs.
// Standard input is a socket, over which the files that it is to have, and
// later messages, come; the child then replaces it by the null device. The end
// of the socket is the end of the parent.
package child

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// StartProcess and Signal are os.StartProcess and the signal to a process and
// its group. Tests make them fail.
var (
	StartProcess = os.StartProcess
	signalHook   func(pid int, sig syscall.Signal) (handled bool)
)

// OnSignal has hook asked before each signal; a signal that it handles is not
// sent. It is for tests.
func OnSignal(hook func(pid int, sig syscall.Signal) (handled bool)) { signalHook = hook }

// A Spec is what a child is to be.
type Spec struct {
	Name   string     // in the list of processes
	Env    []string   // its whole environment
	How    string     // what it finds in [Variable]
	Files  []*os.File // what it gets; they stay the caller's
	Stdout io.Writer  // gets what it prints; nil discards it
	Stderr io.Writer  // the same; the end of it is kept in any case

	// Message is called with the messages of the child, by one goroutine.
	Message func(Message)
}

// A Process is a child of this one.
type Process struct {
	Pid    int
	Exited chan struct{} // closed when the child is no more and its output is passed on, or a writer took too long

	proc    *os.Process
	control *Control
	pipes   []*os.File
	tail    tail
	state   *os.ProcessState
	waitErr error

	telling sync.Mutex
	unsent  []Message // what the child did not take yet
}

// settleTime bounds the time from the death of a child to Exited: what it
// started may hold its output open, and a writer may be blocked.
const settleTime = 150 * time.Millisecond

// Launch starts a child.
func Launch(l *Launcher, s Spec) (*Process, error) {
	c := &Process{Exited: make(chan struct{})}
	path, err := program()
	if err != nil {
		return nil, err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("procpool: %w", err)
	}
	defer null.Close()

	attr := &os.ProcAttr{Sys: processAttr(), Files: []*os.File{null, null, null}}
	var copying sync.WaitGroup
	giveUp := make(chan struct{})
	var theirs []*os.File
	defer func() { closeAll(theirs) }()
	fail := func(err error) (*Process, error) {
		closeAll(theirs)
		theirs = nil
		c.Close()
		copying.Wait()
		return nil, err
	}
	names, give, err := c.plumb(attr, s.Files)
	theirs = append(theirs, give...)
	if err != nil {
		return fail(fmt.Errorf("procpool: %w", err))
	}
	output := func(fd int, to io.Writer, t *tail) error {
		r, w, err := os.Pipe()
		if err != nil {
			return fmt.Errorf("procpool: %w", err)
		}
		attr.Files[fd] = w
		theirs = append(theirs, w)
		c.pipes = append(c.pipes, r)
		out := outletOf(to)
		copying.Go(func() { passOn(r, out, t, giveUp) })
		return nil
	}
	if s.Stdout != nil {
		if err := output(1, s.Stdout, nil); err != nil {
			return fail(err)
		}
	}
	if err := output(2, s.Stderr, &c.tail); err != nil {
		return fail(err)
	}
	attr.Env = append(s.Env[:len(s.Env):len(s.Env)], Variable+"="+strings.TrimSpace(s.How+" "+strings.Join(names, " ")))
	err = l.do(func() (err error) {
		c.proc, err = StartProcess(path, []string{os.Args[0], s.Name}, attr)
		return err
	})
	if err != nil {
		return fail(fmt.Errorf("procpool: cannot start this program as a child: %w", err))
	}
	c.Pid = c.proc.Pid
	if c.control != nil && s.Message != nil {
		go c.listen(s.Message)
	}
	go func() {
		awaitEnd(c.Pid)
		c.state, c.waitErr = c.reap()
		for _, r := range c.pipes {
			r.SetReadDeadline(time.Now().Add(settleTime * 2 / 3))
		}
		late := time.AfterFunc(settleTime, func() { close(giveUp) })
		copying.Wait()
		late.Stop()
		close(c.Exited)
	}()
	return c, nil
}

// reap waits for the child, whose end has come, and before that kills what it
// had started, unless it ended well.
func (c *Process) reap() (*os.ProcessState, error) {
	if !endedWell(c.Pid) {
		killGroup(c.Pid)
	}
	return c.proc.Wait()
}

func (c *Process) listen(message func(Message)) {
	for {
		m, err := c.control.Recv()
		if err != nil {
			return
		}
		message(m)
	}
}

// Tell sends the child a message, and returns within a few milliseconds. What the
// child does not take meanwhile, as one that is stopped, is sent when it takes
// messages again, in the order of the calls. A message is lost only if the child has
// ended, or a file that it carries was closed before it was sent.
func (c *Process) Tell(m Message) {
	c.telling.Lock()
	defer c.telling.Unlock()
	if len(c.unsent) == 0 {
		if err := c.control.Send(m, takeTime); !errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		go c.tellLater()
	}
	c.unsent = append(c.unsent, m)
}

const (
	takeTime  = 10 * time.Millisecond // for a message
	retryTime = 20 * time.Millisecond // between attempts to send those that were not taken
)

// tellLater sends what was not taken, until nothing is left or the child has ended.
func (c *Process) tellLater() {
	tick := time.NewTicker(retryTime)
	defer tick.Stop()
	for left := true; left; {
		select {
		case <-c.Exited:
			return
		case <-tick.C:
		}
		c.telling.Lock()
		for left = len(c.unsent) > 0; left; left = len(c.unsent) > 0 {
			if err := c.control.Send(c.unsent[0], takeTime); errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			c.unsent = c.unsent[1:]
		}
		c.telling.Unlock()
	}
}

// Ask tells the child that its parent wants it to end.
func (c *Process) Ask() { c.control.Close() }

// A Death is how a child ended.
type Death struct {
	Pid      int
	ExitCode int            // as given to os.Exit; -1 if a signal ended it, or nothing is known
	Signal   syscall.Signal // 0 if none
	Stderr   string         // the end of what it wrote to standard error
	Unknown  string         // why nothing is known of its end, "" if it is
}

// Death says how the child ended. If that has not been seen yet, it says so.
func (c *Process) Death() Death {
	d := Death{Pid: c.Pid, ExitCode: -1, Stderr: c.tail.String()}
	select {
	case <-c.Exited:
		if c.state != nil {
			d.ExitCode, d.Signal = outcome(c.state)
		} else {
			d.Unknown = fmt.Sprintf("how is unknown, another part of this program took its exit status (is SIGCHLD ignored?): %v", c.waitErr)
		}
	default:
		d.Unknown = "it has not ended although it was sent SIGKILL"
	}
	return d
}

// CPU is the CPU time of the process, which has ended, in nanoseconds.
func (c *Process) CPU() int64 {
	select {
	case <-c.Exited:
	default:
		return 0
	}
	if c.state == nil {
		return 0
	}
	return int64(c.state.UserTime() + c.state.SystemTime())
}

// Signal sends the child and what it started a signal, unless it has ended.
func (c *Process) Signal(sig syscall.Signal) {
	select {
	case <-c.Exited:
	default:
		if signalHook == nil || !signalHook(c.Pid, sig) {
			signalGroup(c.proc, sig)
		}
	}
}

// Close frees the descriptors.
func (c *Process) Close() {
	if c.control != nil {
		c.control.Close()
	}
	closeAll(c.pipes)
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
