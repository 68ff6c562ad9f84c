package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// roleVariable tells a child its role.
const roleVariable = "AMDAHL_PROCPOOL_ROLE"

// waitDelay is how long a dead child's output may be held open by something
// that it started.
const waitDelay = time.Second

// A thread is a goroutine locked to its thread. Linux kills a child when the
// thread that started it ends (Pdeathsig), so that thread has to live as
// long as the children.
type thread chan func()

func newThread() thread {
	t := make(thread)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for f := range t {
			f()
		}
	}()
	return t
}

func (t thread) do(f func() error) error {
	done := make(chan error)
	t <- func() { done <- f() }
	return <-done
}

// A process is a child of this process, and the three pipes to it. Only the
// child holds the other ends: they close when it dies.
type process struct {
	role     string
	cmd      *exec.Cmd
	requests *os.File // its end asks the child to finish what it has and exit
	lifeline *os.File // carries cancel frames; its end makes the child exit at once
	replies  *os.File
	frames   *frameReader // on replies
	output   tail
	killed   atomic.Bool   // by us
	gone     chan struct{} // closed when the child is dead and waited for
}

// fork starts a child and returns without waiting for it to be ready.
func fork(t thread, role string) (*process, error) {
	cmd, err := command()
	if err != nil {
		return nil, err
	}
	p := &process{role: role, cmd: cmd, gone: make(chan struct{})}
	var theirs, ours [3]*os.File
	closeAll := func(files []*os.File) {
		for _, f := range files {
			if f != nil {
				f.Close()
			}
		}
	}
	for i := range theirs {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(theirs[:])
			closeAll(ours[:])
			return nil, fmt.Errorf("procpool: %w", err)
		}
		theirs[i], ours[i] = r, w
		if i == 1 {
			theirs[i], ours[i] = w, r
		}
	}
	p.requests, p.replies, p.lifeline = ours[0], ours[1], ours[2]
	p.frames = newFrameReader(p.replies)
	cmd.Args = []string{os.Args[0], "(worker: " + role + ")"}
	cmd.Env = append(os.Environ(), roleVariable+"="+role,
		// A race-built process sleeps a second at exit otherwise.
		"GORACE="+strings.TrimSpace(os.Getenv("GORACE")+" atexit_sleep_ms=0"))
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	cmd.ExtraFiles = theirs[:]
	cmd.WaitDelay = waitDelay
	err = t.do(cmd.Start)
	closeAll(theirs[:])
	if err != nil {
		closeAll(ours[:])
		return nil, fmt.Errorf("procpool: starting a worker: %w", err)
	}
	go func() {
		p.cmd.Wait() // its error is in ProcessState
		close(p.gone)
	}()
	return p, nil
}

// open sends the spec and waits for the line of the child that is ready. If
// it fails or ctx ends first, the child is dead when open returns.
func (p *process) open(ctx context.Context, spec string) (line string, err error) {
	if len(spec) > maxBody {
		err = fmt.Errorf("procpool: spec has %d bytes: at most %d", len(spec), maxBody)
	} else {
		unwatch := context.AfterFunc(ctx, p.kill)
		line, err = p.hello(spec)
		unwatch()
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("procpool: starting a worker: %w", context.Cause(ctx))
	}
	if err != nil {
		p.kill()
		p.release()
		return "", err
	}
	return line, nil
}

func (p *process) hello(spec string) (string, error) {
	k, body, err := p.exchange(-1, appendFrame(nil, kindOpen, []byte(spec)))
	if err != nil {
		return "", err
	}
	if k == kindReady {
		return string(body), nil
	}
	if _, err = parseReply(p.pid(), -1, k, body); err == nil {
		err = errCorrupt
	}
	return "", fmt.Errorf("procpool: opening a worker (%s): %w", p.role, err)
}

// exchange sends a frame and reads the answer. An error is a *WorkerError,
// and the child is dead.
func (p *process) exchange(task int, frame []byte) (kind, []byte, error) {
	_, werr := p.requests.Write(frame)
	k, body, err := p.frames.next() // it may have said why before it died
	if err != nil {
		reason := err.Error()
		if werr != nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			reason = "" // it died
		}
		return 0, nil, p.failure(task, reason)
	}
	return k, body, nil
}

// failure makes sure that the child is dead and says what it died of. A
// reason, if not empty, replaces the exit status.
func (p *process) failure(task int, reason string) error {
	if reason != "" {
		p.kill()
	}
	select {
	case <-p.gone:
	case <-time.After(waitDelay): // closed its pipes, but lives
		p.kill()
	}
	<-p.gone
	if reason == "" {
		reason = p.cmd.ProcessState.String()
	}
	return &WorkerError{Role: p.role, Pid: p.pid(), Task: task, Reason: reason, Stderr: p.output.String()}
}

// stop asks the child to exit, kills it if that takes longer than grace, and
// frees what is left. A child that did not end well by itself is an error.
func (p *process) stop(grace time.Duration) error {
	p.requests.Close()
	var err error
	select {
	case <-p.gone:
		if !p.cmd.ProcessState.Success() && !p.killed.Load() {
			err = p.failure(-1, "")
		}
	case <-time.After(grace):
		err = p.failure(-1, fmt.Sprintf("did not exit within %v: killed", grace))
	}
	p.release()
	return err
}

// release frees the pipes of a child that is dead or about to be.
func (p *process) release() {
	<-p.gone
	p.requests.Close()
	p.replies.Close()
	p.lifeline.Close()
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) dead() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// kill ends the child and what it started, unless it is dead.
func (p *process) kill() {
	if !p.dead() {
		p.killed.Store(true)
		killGroup(p.cmd.Process)
	}
}

// A tail is a writer that keeps the last bytes.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b[max(0, len(b)-tailSize):]...)
	if drop := len(t.buf) - tailSize; drop > 0 {
		t.buf = t.buf[:copy(t.buf, t.buf[drop:])]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
