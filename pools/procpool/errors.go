package procpool

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall"

	"amdahl/pools/procpool/internal/child"
)

var (
	// ErrClosed is the error of a task given to a pool after Close. After
	// Terminate it is ErrTerminated.
	ErrClosed = errors.New("procpool: pool is closed: start another")

	// ErrTerminated is the error of tasks that Terminate cut off.
	ErrTerminated = errors.New("procpool: pool was terminated")

	// ErrBroken is the error of every task of a pool that gave up: a worker
	// died under BreakPool, or workers could not be started.
	ErrBroken = errors.New("procpool: pool is broken")

	// ErrCancelled is the error of a future after Cancel.
	ErrCancelled = errors.New("procpool: cancelled")

	// ErrGoexit is the error of a task that called runtime.Goexit, as
	// testing.T.FailNow does, instead of returning.
	ErrGoexit = errors.New("procpool: runtime.Goexit was called instead of returning")

	// ErrTaskTimeout is the error of a task that ran longer than
	// Tuning.TaskTimeout. errors.Is(err, context.DeadlineExceeded) holds too.
	ErrTaskTimeout error = timeoutError{}

	// ErrMemoryLimit is why a worker far above Options.MemoryLimit was killed.
	ErrMemoryLimit = errors.New("procpool: worker used more than twice Options.MemoryLimit")

	// ErrUnknownFunc is the error of a function that the worker does not have:
	// it was registered late, or in one program only.
	ErrUnknownFunc = errors.New("procpool: function is not registered in the worker: call Register at package level")

	// ErrTransport is the error of Start where the transport asked for is not
	// available.
	ErrTransport = errors.New("procpool: transport is not available here")

	// ErrOwnPool is the error of a task that waits for the pool that runs it,
	// with Goroutines: it would wait for itself.
	ErrOwnPool = errors.New("procpool: a task may not wait for its own pool, nor close it: give its work to another pool, or return and let the caller go on")

	// ErrNobody is the error of a Broadcast that no worker heard.
	ErrNobody = errors.New("procpool: Broadcast reached no worker: none has been started (Options.Lazy, IdleTimeout): use Options.Init for what each worker has to do")

	// errDeaf is why a worker that did not react was replaced.
	errDeaf = errors.New("procpool: worker does not react: stopped, or out of order")
)

// A TaskError is one failed task of a Map.
type TaskError struct {
	Task int // index in the input
	Err  error
}

func (e *TaskError) Error() string { return fmt.Sprintf("task %d: %v", e.Task, e.Err) }
func (e *TaskError) Unwrap() error { return e.Err }

// Errors are the failed tasks of a Map, in the order of the input.
// errors.Is and errors.As look at all of them.
type Errors []*TaskError

func (e Errors) Error() string {
	if len(e) == 1 {
		return e[0].Error()
	}
	return fmt.Sprintf("%v (and %d more failed tasks)", e[0], len(e)-1)
}

// Unwrap returns the errors of the tasks.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, t := range e {
		out[i] = t
	}
	return out
}

// A RemoteError is an error that a task returned in a worker process. It
// unwraps to what could be brought over with its type: values of types
// registered with [RegisterError], the well-known errors of the standard
// library, and errors named by [RegisterSentinel].
type RemoteError struct {
	Text   string // what Error of the original said
	Pid    int
	causes []error
}

func (e *RemoteError) Error() string   { return e.Text }
func (e *RemoteError) Unwrap() []error { return e.causes }

// A PanicError is a task that panicked.
type PanicError struct {
	Task  int    // index in the input of a Map; 0 of a single call
	Value any    // what it panicked with; from another process its text, or an error that keeps its type if that can be
	Stack []byte // of the goroutine that panicked
	Pid   int    // the process that it ran in; 0 is this one
}

// Error gives the task, the process, the value and the stack.
func (e *PanicError) Error() string {
	where := ""
	if e.Pid != 0 {
		where = fmt.Sprintf(" (process %d)", e.Pid)
	}
	return fmt.Sprintf("task %d%s panicked: %v\n\n%s", e.Task, where, e.Value, e.Stack)
}

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// aborted is the error of a task that ended without returning: a *PanicError
// with the current stack, or ErrGoexit if recovered is nil. It is called by
// the deferred function that recovered the panic.
func aborted(recovered any) error {
	if recovered == nil {
		return ErrGoexit
	}
	return &PanicError{Value: recovered, Stack: debug.Stack()}
}

// A CodecError is a value that could not be encoded or decoded. It concerns
// that one task.
type CodecError struct {
	Op   string // "encode argument", "decode argument", "encode result", "decode result"
	Type string // the Go type
	Err  error
}

func (e *CodecError) Error() string {
	return fmt.Sprintf("procpool: %s of type %s: %v", e.Op, e.Type, e.Err)
}
func (e *CodecError) Unwrap() error { return e.Err }

// A WorkerError is a worker process that died. It is the error of what the
// worker was running and of nothing else.
type WorkerError struct {
	Pid      int
	ExitCode int            // as given to os.Exit; -1 if a signal ended it
	Signal   syscall.Signal // 0 if none
	Stderr   string         // the end of what it wrote to standard error
	Cause    error          // why this side killed it, or nil
	Unknown  string         // why nothing is known of its end, "" if it is
}

func (e *WorkerError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "procpool: worker %d died: ", e.Pid)
	if e.Unknown != "" {
		b.WriteString(e.Unknown)
	} else if e.Signal != 0 {
		fmt.Fprintf(&b, "signal %s (%v)", child.SignalName(e.Signal), e.Signal)
	} else {
		fmt.Fprintf(&b, "exit code %d", e.ExitCode)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": killed: %v", e.Cause)
	}
	if line := telling(e.Stderr); line != "" {
		fmt.Fprintf(&b, ": its last words: %s", line)
	}
	return b.String()
}

// Unwrap returns why this side killed the worker, if it did.
func (e *WorkerError) Unwrap() error { return e.Cause }

// An InitError is a worker whose initializer failed.
type InitError struct{ Err error }

func (e *InitError) Error() string { return fmt.Sprintf("procpool: initializer: %v", e.Err) }
func (e *InitError) Unwrap() error { return e.Err }

// telling picks the line of a dying program's output that says why.
func telling(stderr string) string {
	last := ""
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "SIG") {
			return line
		}
		if line != "" {
			last = line
		}
	}
	return last
}

type timeoutError struct{}

func (timeoutError) Error() string   { return "procpool: task ran longer than its timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Is(e error) bool { return e == context.DeadlineExceeded }
