package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"amdahl/pools"
	"amdahl/pools/remote"
)

func TestMain(m *testing.M) {
	pools.ServeIfWorker(append(remote.Roles(emptyProgram), emptyRole)...)
	serveChild()
	status := m.Run()
	if err := postgresStarted.stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = 1
	}
	os.Exit(status)
}

// Each queue of tasks runs all of them, once and then again, and so does what hands out one
// task: remote workers, gRPC, and asynq and River where their servers are.
func TestQueues(t *testing.T) {
	ran := map[string]bool{}
	for _, p := range append(queues(), natsCalls()...) {
		t.Run(p.name(), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			run, stop, err := p.open(ctx, p)
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			for range 2 {
				if d, err := run(2); err != nil || d <= 0 {
					t.Errorf("%v, %v", d, err)
				}
			}
		})
		ran[p.strategy] = true
	}
	_, redis := exec.LookPath("redis-server")
	for name, installed := range map[string]bool{"asynq": redis == nil, "river": hasPostgres()} {
		switch {
		case !installed:
			t.Logf("%s is left out: its server is not installed", name)
		case !ran[name]:
			t.Errorf("%s is left out, and its server is installed", name)
		}
	}
}
