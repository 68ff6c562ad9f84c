// Package host is for programs that drive others by means of package procpool:
// helpers, which are children of the program other than workers, and the error
// of a task that the driver runs itself.
package host

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/url"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"amdahl/pools/procpool"
	"amdahl/pools/procpool/internal/child"
)

// A Role is something other than a worker that a child process of this program
// can be: a server, for example. See [StartHelper].
type Role struct {
	Name string

	// Helper does it. It calls ready once, with the line that the parent
	// waits for, and returns soon after ctx ends, which is when the parent
	// asks it to or is no more.
	Helper func(ctx context.Context, arg string, ready func(line string)) error
}

// ServeIfWorker is [procpool.ServeIfWorker] for a program that has helpers.
// Call it first thing in main and in TestMain.
//
// It panics if a role has no name, no function, or the name of another.
func ServeIfWorker(roles ...Role) {
	seen := map[string]bool{}
	for _, r := range roles {
		if r.Name == "" || r.Helper == nil || seen[r.Name] {
			panic(fmt.Sprintf("procpool: role %q: need a name of its own and a Helper", r.Name))
		}
		seen[r.Name] = true
	}
	child.SetHelper(func(role, arg string, lifeline *child.Control, say *os.File) {
		role, _ = url.QueryUnescape(role)
		arg, _ = url.QueryUnescape(arg)
		help(role, arg, lifeline, say, roles)
	})
	procpool.ServeIfWorker()
}

// helperGrace is how long a helper may take to end before it is killed. A busy machine may
// need seconds to end one that would obey, and that it was killed is an error.
const helperGrace = 10 * time.Second

// StartHelper starts a child of this program in a role given to
// [ServeIfWorker], waits until it is ready, and returns the line that it said
// then. ctx bounds the start only.
//
// The caller calls stop, which asks the helper to end, kills it if that takes
// more than ten seconds, and waits until it is gone. The error of stop says
// that the helper had died before, or did not end well; a second call gives
// the same. The helper ends with this process in any case.
func StartHelper(ctx context.Context, role, arg string) (ready string, stop func() error, err error) {
	depth, err := child.MayStart()
	if err != nil {
		return "", nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return "", nil, fmt.Errorf("procpool: helper %s: %w", role, err)
	}
	l := &child.Launcher{}
	c, err := child.Launch(l, child.Spec{
		Name: "helper " + role, Env: child.Environ(nil, depth+1, 0), Files: []*os.File{w},
		How: "helper " + url.QueryEscape(role) + " " + url.QueryEscape(arg),
	})
	w.Close()
	if err != nil {
		r.Close()
		l.Stop()
		return "", nil, err
	}
	stop = sync.OnceValue(func() error {
		select {
		case <-c.Exited:
			err = fmt.Errorf("procpool: helper %s had died: %w", role, death(c))
		default:
			c.Ask()
			late := time.AfterFunc(helperGrace, func() { c.Signal(syscall.SIGKILL) })
			tooLate := time.NewTimer(helperGrace + time.Second)
			select {
			case <-c.Exited:
			case <-tooLate.C:
			}
			late.Stop()
			tooLate.Stop()
			if d := death(c); d.ExitCode != 0 {
				err = fmt.Errorf("procpool: helper %s did not end well: %w", role, d)
			}
		}
		c.Close()
		r.Close()
		l.Stop()
		return err
	})
	abort := context.AfterFunc(ctx, func() {
		c.Signal(syscall.SIGKILL)
		r.SetReadDeadline(time.Unix(1, 0))
	})
	line, err := readLine(r)
	if !abort() {
		err = context.Cause(ctx)
	}
	if err == nil {
		return line, stop, nil
	}
	if ctx.Err() == nil {
		<-c.Exited
		err = fmt.Errorf("it ended before it was ready: %w", death(c))
	}
	startErr := fmt.Errorf("procpool: helper %s: %w", role, err)
	stop()
	return "", nil, startErr
}

// death is how a helper ended.
func death(c *child.Process) *procpool.WorkerError {
	d := c.Death()
	return &procpool.WorkerError{Pid: d.Pid, ExitCode: d.ExitCode, Signal: d.Signal, Stderr: d.Stderr, Unknown: d.Unknown}
}

// readLine reads what the helper said: a length and that many bytes.
func readLine(r *os.File) (string, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return "", err
	}
	b := make([]byte, min(binary.LittleEndian.Uint32(size[:]), 1<<20))
	_, err := io.ReadFull(r, b)
	return string(b), err
}

// help serves in a role until the lifeline ends.
func help(role, arg string, lifeline *child.Control, say *os.File, roles []Role) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		lifeline.Recv()
		cancel()
		time.Sleep(helperGrace)
		os.Exit(1)
	}()
	for _, r := range roles {
		if r.Name != role {
			continue
		}
		var once sync.Once
		err := r.Helper(ctx, arg, func(line string) {
			once.Do(func() {
				say.Write(append(binary.LittleEndian.AppendUint32(nil, uint32(len(line))), line...))
				say.Close()
			})
		})
		if err != nil && ctx.Err() == nil {
			fmt.Fprintf(os.Stderr, "helper %s: %v\n", role, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	fmt.Fprintf(os.Stderr, "procpool: no role %q: give it to ServeIfWorker\n", role)
	os.Exit(2)
}

// Aborted is the error of a task that ended without returning: a
// *procpool.PanicError with the current stack, or procpool.ErrGoexit if
// recovered is nil. It is called by the deferred function that recovered the
// panic.
func Aborted(task int, recovered any) error {
	if recovered == nil {
		return fmt.Errorf("task %d: %w", task, procpool.ErrGoexit)
	}
	return &procpool.PanicError{Task: task, Value: recovered, Stack: debug.Stack()}
}
