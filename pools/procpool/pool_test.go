//go:build unix

package procpool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestRunInWorkers(t *testing.T) {
	tests := []struct {
		spec    string
		workers int
		tasks   int
		want    uint64
	}{
		{"sum", 3, 100, 4950},
		{"sum", 3, 0, 0},
		{"group", 2, 2, 0},    // each leads a process group
		{"input", 2, 2, 0},    // standard input is empty
		{"variable", 2, 2, 0}, // what a task starts is not taken for a worker
		{"chatter", 2, 4, 6},  // standard output and error are drained
	}
	for _, tt := range tests {
		t.Run(tt.spec, func(t *testing.T) {
			p := start(t, Options{Workers: tt.workers, Spec: tt.spec})
			if got, err := p.Run(bounded(t), 0, tt.tasks); got != tt.want || err != nil {
				t.Errorf("Run = %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

func TestWorkersAreGoneAfterClose(t *testing.T) {
	p := start(t, Options{Workers: 2, Spec: "pid"})
	var pids []int
	for _, w := range p.workers {
		pids = append(pids, w.pid())
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d is left after Close", pid)
		}
	}
	if _, err := p.Run(bounded(t), 0, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("Run after Close: %v, want %v", err, ErrClosed)
	}
	if _, err := p.Usage(bounded(t)); !errors.Is(err, ErrClosed) {
		t.Errorf("Usage after Close: %v, want %v", err, ErrClosed)
	}
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestStartRefuses(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		o    Options
		want string
	}{
		{"no workers", nil, Options{}, "workers is 0: need at least 1"},
		{"unknown role", nil, Options{Workers: 1, Role: "cook"}, `no role "cook": ServeIfWorker was given: tasks, family, echo`},
		{"helper role", nil, Options{Workers: 1, Role: "echo"}, `role "echo" is for a helper: use StartHelper`},
		{"long spec", nil, Options{Workers: 2, Spec: strings.Repeat("x", maxBody+1)}, "spec has 1048577 bytes: at most 1048576"},
		{"opener fails", nil, Options{Workers: 2, Spec: "refuse to work"}, "refused: to work"},
		{"opener panics", nil, Options{Workers: 2, Spec: "crash in a ditch"}, "panic: crashed: in a ditch"},
		{"cancelled", cancelled, Options{Workers: 2}, "context canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			checkLeft(t)
			if tt.ctx == nil {
				tt.ctx = bounded(t)
			}
			if p, err := Start(tt.ctx, tt.o); p != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Start = %v, %v, want %q", p, err, tt.want)
			}
		})
	}
}

// A worker that is being opened when ctx ends is killed.
func TestStartCancelled(t *testing.T) {
	checkLeft(t)
	h := newHolder(t)
	ctx, cancel := context.WithCancelCause(bounded(t))
	cause := errors.New("changed my mind")
	end := make(chan error)
	go func() {
		_, err := Start(ctx, Options{Workers: 2, Spec: "hold-open " + h.addr})
		end <- err
	}()
	pid, gone := h.next(t)
	cancel(cause)
	if err := <-end; !errors.Is(err, cause) {
		t.Errorf("Start: %v, want %v", err, cause)
	}
	gone()
	if alive(pid) {
		t.Errorf("process %d is left", pid)
	}
}

func TestLongSpec(t *testing.T) {
	p := start(t, Options{Workers: 1, Spec: "sum " + strings.Repeat("x", maxBody-4)})
	if got, err := p.Run(bounded(t), 0, 3); got != 3 || err != nil {
		t.Errorf("Run = %d, %v, want 3", got, err)
	}
}

// A child may start children only if its role says so.
func TestChildrenOfChildren(t *testing.T) {
	p := start(t, Options{Workers: 1, Spec: "start"})
	_, err := p.Run(bounded(t), 0, 1)
	if want := `a child in the role "tasks" may not start processes`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Run: %v, want %q", err, want)
	}
	p = start(t, Options{Workers: 1, Spec: "start", Role: "family"})
	if pid, err := p.Run(bounded(t), 0, 1); pid == 0 || err != nil {
		t.Errorf("Run = %d, %v, want the pid of a grandchild", pid, err)
	} else if alive(int(pid)) {
		t.Errorf("grandchild %d is left", pid)
	}
}

func TestUsage(t *testing.T) {
	p := start(t, Options{Workers: 2, Spec: "burn"})
	before, err := p.Usage(bounded(t))
	if err != nil || before.CPU <= 0 || len(before.Counters) != 0 {
		t.Errorf("Usage = %+v, %v, want CPU > 0, no counters", before, err)
	}
	if _, err := p.Run(bounded(t), 0, 4); err != nil {
		t.Fatal(err)
	}
	after, err := p.Usage(bounded(t))
	if got, want := after.CPU-before.CPU, 4*burn; got < want || err != nil {
		t.Errorf("4 tasks used %d ns, %v, want at least %d", got, err, want)
	}
}

// What a worker had used is not forgotten when it dies.
func TestUsageOfTheDead(t *testing.T) {
	p := start(t, Options{Workers: 2, Spec: "count"})
	before, err := p.Usage(bounded(t))
	if err != nil || before.Counters["one"] != 2 {
		t.Fatalf("Usage = %+v, %v, want one: 2", before, err)
	}
	p.workers[0].kill()
	<-p.workers[0].gone
	after, err := p.Usage(bounded(t))
	if err != nil || after.Counters["one"] != 2 || after.Counters["pid"] != before.Counters["pid"] || after.CPU < before.CPU {
		t.Errorf("Usage = %+v, %v, want no less than %+v", after, err, before)
	}
	if _, err := p.Run(bounded(t), 0, 2); err != nil {
		t.Errorf("Run: %v", err)
	}
	if u, err := p.Usage(bounded(t)); err != nil || u.Counters["one"] != 3 {
		t.Errorf("Usage = %+v, %v, want one: 3", u, err)
	}
}

// BenchmarkRoundTrip is what a task costs that does nothing in a worker.
func BenchmarkRoundTrip(b *testing.B) {
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			p, err := Start(b.Context(), Options{Workers: workers, Spec: "sum"})
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			b.ResetTimer()
			if _, err := p.Run(b.Context(), 0, b.N); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
		})
	}
}
