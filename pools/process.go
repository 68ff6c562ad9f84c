package pools

import (
	"context"

	"amdahl/pools/procpool"
)

// Process has worker processes, which make their own tasks from Job.Spec
// in the role [TaskRole]. A task costs a round trip over two pipes; nothing
// is shared, so no lock and no garbage collector is.
var Process = Strategy{
	Name:        "process",
	Doc:         "worker processes: this program, started again",
	Concurrency: Workers,
	Processes:   true,
	Open: func(ctx context.Context, workers int, job Job) (Pool, error) {
		if err := check("process", workers, job.Spec != "", "Spec, from which a process makes its tasks"); err != nil {
			return nil, err
		}
		p, err := procpool.Start(ctx, procpool.Options{Workers: workers, Spec: job.Spec})
		if err != nil {
			return nil, err // not p: a nil *Pool is no nil Pool
		}
		return p, nil
	},
}

var _ Metered = (*procpool.Pool)(nil)

// What a program with worker processes needs, so that it need not import
// procpool. See there.
type (
	Role       = procpool.Role       // a thing that a child process can be
	Task       = procpool.Task       // what a worker process runs
	Usage      = procpool.Usage      // what the workers of a Metered pool have used
	PanicError = procpool.PanicError // a task that panicked, here or in another process
)

// TaskRole is the name of the role that the workers of [Process] have.
const TaskRole = procpool.Tasks

// ErrClosed is wrapped by the error of a Run after Close.
var ErrClosed = procpool.ErrClosed

// ErrGoexit is wrapped by the error of a task that called runtime.Goexit.
var ErrGoexit = procpool.ErrGoexit

// ServeIfWorker is [procpool.ServeIfWorker]: call it first thing in main and
// in TestMain.
func ServeIfWorker(roles ...Role) { procpool.ServeIfWorker(roles...) }

// StartHelper is [procpool.StartHelper].
func StartHelper(ctx context.Context, role, arg string) (ready string, stop func() error, err error) {
	return procpool.StartHelper(ctx, role, arg)
}
