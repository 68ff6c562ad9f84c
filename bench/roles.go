package bench

import (
	"context"

	"amdahl/pools"
	"amdahl/workloads"
)

// Roles is what a child process of a program that measures can be: a worker
// of the process strategy, or the server of the http workload.
func Roles() []pools.Role {
	return []pools.Role{
		{Name: pools.TaskRole, Tasks: func(_ context.Context, spec string) (pools.Task, error) {
			return openCounted(spec, hardware, openTask)
		}},
		{Name: workloads.HTTPRole, Helper: workloads.ServeHTTP},
	}
}
