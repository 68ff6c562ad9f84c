package bench

import (
	"context"

	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
)

// Roles is what a child process of a program that measures can be: a worker
// of the process strategy, the server of the http workload, or what remote workers
// on this machine need.
func Roles() []pools.Role {
	return append(remote.Roles(Program(true)), []pools.Role{
		{Name: pools.TaskRole, Tasks: func(_ context.Context, spec string) (pools.Task, error) {
			return openCounted(spec, hardware, openTask)
		}},
		{Name: workloads.HTTPRole, Helper: workloads.ServeHTTP},
	}...)
}
