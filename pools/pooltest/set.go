package pooltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"amdahl/pools"
)

// Tasks makes the tasks of the contract in a worker process. TestMain gives it to
// pools.ServeIfWorker, in the role pools.TaskRole.
func Tasks(_ context.Context, spec string) (pools.Task, error) {
	var s set
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// Empty is a job of tasks that do nothing.
func Empty(t testing.TB) pools.Job {
	job := (&set{Kind: "empty"}).job(t)
	job.Do = func(context.Context, int) (uint64, error) { return 1, nil }
	return job
}

var errBoom = errors.New("boom")

// A set is a set of tasks that can be made here and in another process.
type set struct {
	Kind  string
	At    int    // the task that fails
	Party string // socket of the referee; "" is none
	done  atomic.Int64
}

// job is the set for every strategy.
func (s *set) job(t testing.TB) pools.Job {
	t.Helper()
	spec, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return pools.Job{Spec: string(spec), Do: s.Do}
}

func square(i int) uint64 { return uint64(i)*uint64(i) + 1 }

func (s *set) Do(ctx context.Context, i int) (uint64, error) {
	if s.Party != "" {
		leave, err := meet(ctx, s.Party, i)
		if err != nil {
			return 0, err
		}
		defer leave()
	}
	if i == s.At {
		switch s.Kind {
		case "fail":
			return 0, errBoom
		case "panic":
			panic(fmt.Sprintf("tripped over %d", i))
		case "goexit":
			runtime.Goexit()
		}
	}
	s.done.Add(1)
	return square(i), nil
}

func (s *set) Counters() map[string]int64 { return map[string]int64{"done": s.done.Load()} }
func (s *set) Close() error               { return nil }

// limit bounds every wait of a test; it is reached only by a failure.
const limit = 3 * time.Minute

func bounded(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// open opens a pool, and at the end of the test closes it and checks that no
// goroutine is left.
func open(t *testing.T, s pools.Strategy, workers int, job pools.Job) pools.Pool {
	t.Helper()
	before := runtime.NumGoroutine()
	p, err := s.Open(bounded(t), workers, job)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		for deadline := time.Now().Add(limit); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				buf := make([]byte, 1<<20)
				t.Fatalf("%d goroutines are left, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
			}
		}
	})
	return p
}
