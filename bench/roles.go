package bench

import (
	"context"

	"amdahl/pools/procpool"
	"amdahl/workloads"
)

// Roles is what a child process of a program that measures can be: a worker
// of the process strategy, or the server of the http workload.
func Roles() []procpool.Role {
	return []procpool.Role{
		{Name: procpool.Tasks, Tasks: func(_ context.Context, spec string) (procpool.Task, error) {
			return workloads.Open(spec)
		}},
		{Name: workloads.HTTPRole, Helper: workloads.ServeHTTP},
	}
}
