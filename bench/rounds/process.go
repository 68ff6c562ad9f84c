package rounds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// A process is one program to run.
type process struct {
	args    []string
	dir     string
	env     []string                // beside that of this process
	text    func(line string) error // gets every line of its standard output; nil keeps it for a failure
	said    *ends                   // gets everything else that it prints; nil is a new one
	timeout time.Duration           // 0 is none
	grace   time.Duration           // between asking it to end and killing it
	stays   bool                    // what it leaves running may stay until release
}

// An outcome is how a process went.
type outcome struct {
	wall, cpu time.Duration // cpu with that of the processes it waited for
	switches  *switches     // nil where the system does not tell
	err       error         // why it is no sound run; wraps the context's where that ended it
	output    *ends         // what it said beside text
	left      func()        // ends what it left running; nil if that is nothing
}

// switches are context switches of a process and of those it waited for: where
// a thread waited, and where it was preempted.
type switches struct{ voluntary, involuntary int64 }

// release ends what the process left running.
func (o outcome) release() {
	if o.left != nil {
		o.left()
	}
}

// execute runs a process in a process group of its own and waits for it. When
// the context ends it asks the group to end, and kills it after grace; on a
// timeout, and when text fails, it kills it at once. Nothing of the group is
// left when it returns, nor any goroutine, unless it stays: then until release.
func execute(ctx context.Context, p process) outcome {
	o := outcome{output: p.said}
	if o.output == nil {
		o.output = &ends{}
	}
	if err := ctx.Err(); err != nil {
		o.err = err
		return o
	}
	cmd := exec.Command(p.args[0], p.args[1:]...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = p.dir, append(os.Environ(), p.env...), ownGroup()
	if p.dir != "" {
		cmd.Env = append(cmd.Env, "PWD="+p.dir)
	}
	broken := make(chan struct{}, 1)
	out, errs, err := connect(cmd, p, o.output, broken)
	if err != nil {
		o.err = err
		return o
	}
	begin := time.Now()
	err = cmd.Start()
	out.started()
	errs.started()
	if err != nil {
		o.err = err
		out.finish()
		errs.finish()
		return o
	}
	type exit struct {
		at  time.Time
		err error
	}
	exited := make(chan exit, 1)
	go func() {
		err := cmd.Wait()
		exited <- exit{time.Now(), err}
	}()
	var timeout <-chan time.Time
	if p.timeout > 0 {
		t := time.NewTimer(p.timeout)
		defer t.Stop()
		timeout = t.C
	}
	var end exit
	var why error
	select {
	case end = <-exited:
	case <-broken:
		killGroup(cmd.Process)
		end = <-exited
	case <-timeout:
		why = fmt.Errorf("it hung: killed after %v", p.timeout)
		killGroup(cmd.Process)
		end = <-exited
	case <-ctx.Done():
		why = ctx.Err()
		askGroup(cmd.Process)
		select {
		case end = <-exited:
		case <-time.After(p.grace):
			killGroup(cmd.Process)
			end = <-exited
		}
	}
	o.wall = end.at.Sub(begin)
	o.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	o.switches = switchesOf(cmd.ProcessState)
	if o.err = end.err; why != nil {
		o.err = why
	}
	o.left = func() {
		killGroup(cmd.Process)
		out.finish()
		errs.finish()
	}
	if !p.stays || o.err != nil || !groupLives(cmd.Process) {
		o.left()
		o.left = nil
	}
	return o
}

// connect gives the process its pipes. They are this package's own, so that
// waiting for the process does not wait for whoever else holds them.
func connect(cmd *exec.Cmd, p process, said *ends, broken chan<- struct{}) (out, errs *pipe, err error) {
	var sink io.Writer = said
	var done func()
	if p.text != nil {
		l := &lines{each: p.text, rest: said}
		sink, done = l, l.end
	}
	out, err = newPipe(sink, func() { broken <- struct{}{} }, done)
	if err != nil {
		return nil, nil, err
	}
	cmd.Stdout = out.w
	if p.text == nil {
		cmd.Stderr = out.w
		return out, nil, nil
	}
	errs, err = newPipe(said, nil, nil)
	if err != nil {
		out.started()
		out.finish()
		return nil, nil, err
	}
	cmd.Stderr = errs.w
	return out, errs, nil
}

// A pipe carries what a process writes to a writer of this one. A nil pipe
// does nothing.
type pipe struct {
	r, w *os.File
	done chan struct{}
}

// newPipe begins to read. An error of the writer is told to failed, and
// the rest is read and dropped; last is called at the end.
func newPipe(to io.Writer, failed, last func()) (*pipe, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", err)
	}
	p := &pipe{r: r, w: w, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		if _, err := io.Copy(sinkOf(to), r); err != nil && !errors.Is(err, os.ErrClosed) {
			if failed != nil {
				failed()
			}
			io.Copy(io.Discard, r)
		}
		if last != nil {
			last()
		}
	}()
	return p, nil
}

// sinkOf hides all but Write, so that io.Copy reads with a buffer of its own.
func sinkOf(w io.Writer) io.Writer { return struct{ io.Writer }{w} }

// started says that the process has its end, or will never have it.
func (p *pipe) started() {
	if p != nil {
		p.w.Close()
	}
}

// finish waits for the end of what was written. Somebody who left the process
// group may hold the pipe still: that is not waited for.
func (p *pipe) finish() {
	if p == nil {
		return
	}
	select {
	case <-p.done:
	case <-time.After(time.Second / 4):
	}
	p.r.Close()
	<-p.done
}
