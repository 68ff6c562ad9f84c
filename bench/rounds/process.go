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
	text    func(line string) error // gets every line of its standard output; nil gives them to rest
	rest    *ends                   // gets everything else that it prints; nil makes a new one
	timeout time.Duration           // 0 is none
	grace   time.Duration           // between asking it to end and killing it
	watched bool                    // see what it gets of the processors
	stays   bool                    // its child processes may run on until release
}

// An outcome is how a process went.
type outcome struct {
	wall, cpu time.Duration // cpu with that of the processes it waited for
	given     *given        // nil where the system does not tell, or nobody asked
	switches  *switches     // nil where the system does not tell
	err       error         // why the run is not sound; wraps the error of a context that ended it
	output    *ends         // what it printed beside text
	leftovers func()        // kills child processes that outlived the run; nil if there are none
}

// switches counts the context switches of a process and of the child processes
// that it waited for: voluntary where a thread waited, involuntary where it was
// preempted.
type switches struct{ voluntary, involuntary int64 }

// release kills the child processes that outlived the run.
func (o outcome) release() {
	if o.leftovers != nil {
		o.leftovers()
	}
}

// execute runs a process in a process group of its own and waits for it. When
// the context ends, execute asks the group to end, and kills it after grace; on
// a timeout, and when text fails, it kills the group at once. When execute
// returns, no process of the group is left and no goroutine, unless p.stays:
// then they are left until release.
//
// The pipes are made here rather than by os/exec, whose Wait returns only when
// all holders of a pipe have closed it or WaitDelay is over: the wall time must
// end when the process does.
func execute(ctx context.Context, p process) outcome {
	o := outcome{output: p.rest}
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
		at    time.Time
		watch *delayWatch
		err   error
	}
	exited := make(chan exit, 1)
	go func() {
		at, watch, err := await(cmd, p.watched)
		exited <- exit{at, watch, err}
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
	if end.watch != nil {
		if delay, ok := end.watch.sum(o.cpu, o.wall); ok {
			o.given = &given{delay: delay}
		}
	}
	if o.err = end.err; why != nil {
		o.err = why
	}
	o.leftovers = func() {
		killGroup(cmd.Process)
		out.finish()
		errs.finish()
	}
	if !p.stays || o.err != nil || !groupLives(cmd.Process) {
		o.leftovers()
		o.leftovers = nil
	}
	return o
}

// connect gives the process its pipes: out carries what goes to p.text, or
// everything if that is nil; errs carries the rest, and is nil in that case.
func connect(cmd *exec.Cmd, p process, rest *ends, broken chan<- struct{}) (out, errs *pipe, err error) {
	var sink io.Writer = rest
	var done func()
	if p.text != nil {
		l := &lines{each: p.text, rest: rest}
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
	errs, err = newPipe(rest, nil, nil)
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

// newPipe makes a pipe and begins to copy it to a writer. If the writer fails,
// newPipe calls failed and drops the rest; it calls last at the end of the pipe.
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

// sinkOf hides every method of a writer but Write, so that io.Copy uses a buffer
// of its own.
func sinkOf(w io.Writer) io.Writer { return struct{ io.Writer }{w} }

// started closes the writing end in this process. It is called when the process
// has its copy, or could not be started.
func (p *pipe) started() {
	if p != nil {
		p.w.Close()
	}
}

// finish waits until all that was written has been copied, but at most 250 ms: a
// process that has left the process group may still hold the pipe.
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
