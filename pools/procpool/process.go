package procpool

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

var startProcess = os.StartProcess // tests make it fail

// A process is a child of this one: a worker or a helper.
type process struct {
	proc     *os.Process
	lifeline *os.File // its end ends the child
	pipes    []*os.File
	tail     tail
	exited   chan struct{} // closed when the child is no more and its output is read
	state    *os.ProcessState
}

// launch starts this program again as a child that finds how and files by its
// environment. The files stay the caller's.
func launch(l *launcher, env, how []string, files []*os.File, stdout, stderr io.Writer) (*process, error) {
	c := &process{exited: make(chan struct{})}
	path := programPath
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("procpool: %w", err)
		}
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("procpool: %w", err)
	}
	defer null.Close()
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("procpool: %w", err)
	}
	defer theirs.Close()
	c.lifeline = ours

	attr := &os.ProcAttr{Sys: processAttr(), Files: []*os.File{null, null, null}}
	var copying sync.WaitGroup
	output := func(fd int, to io.Writer) error {
		r, w, err := os.Pipe()
		if err != nil {
			return fmt.Errorf("procpool: %w", err)
		}
		attr.Files[fd] = w
		c.pipes = append(c.pipes, r)
		copying.Go(func() { io.Copy(to, r) })
		return nil
	}
	fail := func(err error) (*process, error) {
		c.close()
		for _, f := range attr.Files[1:3] {
			if f != null {
				f.Close()
			}
		}
		copying.Wait()
		return nil, err
	}
	if stdout != nil {
		if err := output(1, shareWriter(stdout)); err != nil {
			return fail(err)
		}
	}
	c.tail.to = shareWriter(stderr)
	if err := output(2, &c.tail); err != nil {
		return fail(err)
	}
	names := inherit(attr, append([]*os.File{theirs}, files...))
	attr.Env = append(env[:len(env):len(env)], workerVariable+"="+strings.Join(append(how, names...), " "))
	err = l.do(func() (err error) {
		c.proc, err = startProcess(path, []string{os.Args[0], "procpool-worker"}, attr)
		return err
	})
	if err != nil {
		return fail(fmt.Errorf("procpool: cannot start this program as a worker: %w", err))
	}
	for _, f := range attr.Files[1:3] {
		if f != null {
			f.Close()
		}
	}
	go func() {
		c.state, _ = c.proc.Wait()
		for _, r := range c.pipes { // what it started may hold the other end
			r.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		}
		copying.Wait()
		close(c.exited)
	}()
	return c, nil
}

// death describes how the process ended; exited is closed.
func (c *process) death() *WorkerError {
	e := &WorkerError{Pid: c.proc.Pid, ExitCode: -1, Stderr: c.tail.String()}
	if c.state != nil {
		e.ExitCode, e.Signal = outcome(c.state)
	}
	return e
}

// cpu is the CPU time of the process, which has ended, in nanoseconds.
func (c *process) cpu() int64 {
	if c.state == nil {
		return 0
	}
	return int64(c.state.UserTime() + c.state.SystemTime())
}

func (c *process) close() {
	c.lifeline.Close()
	for _, r := range c.pipes {
		r.Close()
	}
}

// A tail passes on what it is given and keeps the end of it.
type tail struct {
	to io.Writer

	mu  sync.Mutex
	end []byte
}

const tailSize = 64 << 10 // the dump of a crash, whose first line is the telling one, takes 10 to 30 KiB

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	t.end = append(t.end, b[max(0, len(b)-tailSize):]...)
	if over := len(t.end) - tailSize; over > 0 {
		t.end = append(t.end[:0], t.end[over:]...)
	}
	t.mu.Unlock()
	if t.to != nil {
		t.to.Write(b) // its errors must not stop the worker
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}

// outputs serializes the workers' writes to writers that they share.
var outputs sync.Mutex

type sharedWriter struct{ to io.Writer }

func (s sharedWriter) Write(b []byte) (int, error) {
	outputs.Lock()
	defer outputs.Unlock()
	s.to.Write(b)
	return len(b), nil
}

func shareWriter(w io.Writer) io.Writer {
	if w == nil {
		return nil
	}
	return sharedWriter{w}
}
