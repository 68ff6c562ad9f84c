package procpool

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// ErrClosed is returned by a pool that is used after Close.
var ErrClosed = errors.New("pool is closed: open another")

// ErrGoexit is the error of a task that called runtime.Goexit, as
// testing.T.FailNow does.
var ErrGoexit = errors.New("it called runtime.Goexit instead of returning")

// A PanicError is a task that panicked.
type PanicError struct {
	Task  int
	Value any    // what it panicked with; from another process its text
	Stack []byte // of the goroutine that panicked
	Pid   int    // the process that it ran in; 0 is this one
}

// Error gives the task, the value and the stack.
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

// Aborted is the error of a task that ended without returning: a *PanicError
// with the current stack, or ErrGoexit if recovered is nil. It is called by
// the deferred function that recovered the panic.
func Aborted(task int, recovered any) error {
	if recovered == nil {
		return fmt.Errorf("task %d: %w", task, ErrGoexit)
	}
	return &PanicError{Task: task, Value: recovered, Stack: debug.Stack()}
}

// A WorkerError is a process that died, or that had to be killed because it
// broke the protocol.
type WorkerError struct {
	Role   string
	Pid    int
	Task   int    // what it was running; -1 is nothing
	Reason string // "signal: killed", "exit status 3", …
	Stderr string // the end of what it wrote to standard error and output
}

func (e *WorkerError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "procpool: process %d (%s) ended: %s", e.Pid, e.Role, e.Reason)
	if e.Task >= 0 {
		fmt.Fprintf(&b, ", while it ran task %d", e.Task)
	}
	if s := strings.TrimSpace(e.Stderr); s != "" {
		fmt.Fprintf(&b, "; its last output:\n%s", s)
	}
	return b.String()
}
