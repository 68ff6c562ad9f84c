package poolmodel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool"
)

const (
	grace = 50 * time.Millisecond
	limit = 400 * time.Millisecond // of the context of each call
	lost  = 3 * time.Minute        // after that a call is lost
)

// A tally is what was done and seen.
type tally struct {
	sequences, operations, kills, checked, wrong, missing, late atomic.Int64
}

func (t *tally) String() string {
	return fmt.Sprintf("%d sequences, %d operations, %d kills, %d results checked, %d wrong, %d lost, %d late",
		t.sequences.Load(), t.operations.Load(), t.kills.Load(), t.checked.Load(), t.wrong.Load(), t.missing.Load(), t.late.Load())
}

// A model is one pool with what is known of it, and what must be true.
type model struct {
	tr    procpool.Transport
	pool  *procpool.Pool
	retry bool
	gate  *gate
	tally *tally

	calls sync.WaitGroup

	mu      sync.Mutex
	next    int  // number of the next task
	unrest  bool // a worker was killed or stopped, or a task ends its process
	shutter bool // the writer blocks, or did
	ended   bool // Close or Terminate was called
	cut     bool // something was cancelled, beside contexts
	victims int  // tasks that failed because a worker died
	tasks   []task
	cancels []func()
	futures []*procpool.Future[int]
	faults  []string
}

func (m *model) fault(format string, args ...any) {
	m.tally.wrong.Add(1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, fmt.Sprintf(format, args...))
}

// tasksOf makes n tasks, of which the last is of that kind.
func (m *model) tasksOf(k kind, n int) []task {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k == dies && m.tr == procpool.Goroutines {
		k = fine // it would end the test
	}
	m.unrest = m.unrest || k == dies
	var out []task
	for i := range n {
		t := task{Kind: fine, Number: m.next % mostTasks}
		if i == n-1 {
			t.Kind = k
		}
		m.next++
		out = append(out, t)
	}
	m.tasks = append(m.tasks, out...)
	return out
}

// async runs a call that must return by its context, the grace, and a second.
func (m *model) async(what string, f func(ctx context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	m.mu.Lock()
	m.cancels = append(m.cancels, cancel)
	m.mu.Unlock()
	m.calls.Go(func() {
		defer cancel()
		m.timed(what, limit, func() { f(ctx) })
	})
}

// timed runs a call and says if it returns late, or not at all.
func (m *model) timed(what string, given time.Duration, f func()) {
	begun := time.Now()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
		if d := time.Since(begun); d > given+grace+time.Second {
			m.tally.late.Add(1)
		}
	case <-time.After(lost):
		m.tally.missing.Add(1)
		m.fault("%s did not return within %v", what, lost)
	}
}

// check holds the outcome of a task against the model.
func (m *model) check(t task, got, want any, err error) {
	m.tally.checked.Add(1)
	if err == nil {
		if got != want || t.Kind == fails || t.Kind == panics || t.Kind == exits || t.Kind == dies {
			m.fault("task %v: got %.60v, want %.60v and kind %v", t.Number, got, want, t.Kind)
		}
		return
	}
	m.mu.Lock()
	unrest, shutter, ended, cut := m.unrest, m.shutter, m.ended, m.cut
	m.mu.Unlock()
	var death *procpool.WorkerError
	var codec *procpool.CodecError
	var pe *procpool.PanicError
	switch {
	case errors.As(err, &death) && unrest:
		m.mu.Lock()
		m.victims++
		m.mu.Unlock()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled): // contexts end all the time
	case errors.Is(err, procpool.ErrCancelled) && (cut || unrest):
	case (errors.Is(err, procpool.ErrClosed) || errors.Is(err, procpool.ErrTerminated)) && ended:
	case errors.Is(err, errModel) && t.Kind == fails:
	case errors.As(err, &pe) && t.Kind == panics:
	case errors.Is(err, procpool.ErrGoexit) && t.Kind == exits:
	case errors.As(err, &codec) && (t.Kind == badArg || t.Kind == badResult):
	case errors.Is(err, procpool.ErrBroken) && unrest && strings.Contains(err.Error(), "start"):
		m.fault("task %v: %v", t.Number, err)
	default:
		m.fault("task %v of kind %v: error %.300v, which cannot be (unrest %v, writer blocked %v, ended %v, cancelled %v)", t.Number, t.Kind, err, unrest, shutter, ended, cut)
	}
}

// errorOf is the error of task i among those of a Map.
func errorOf(err error, i int) error {
	var errs procpool.Errors
	if !errors.As(err, &errs) {
		return err
	}
	for _, e := range errs {
		if e.Task == i {
			return e.Err
		}
	}
	return nil
}

// last is what must be true in the end: no task has run more often than it
// may, and no worker took more than the task that it ran.
func (m *model) last(died int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	may := uint32(1)
	if m.retry {
		may = 1 << 20 // as often as workers die
	}
	for _, t := range m.tasks {
		if n := atomic.LoadUint32(&(*counts.Load())[t.Number]); n > may && m.next <= mostTasks {
			m.faults = append(m.faults, fmt.Sprintf("task %d began %d times", t.Number, n))
			m.tally.wrong.Add(1)
		}
	}
	if m.victims > died {
		m.faults = append(m.faults, fmt.Sprintf("%d tasks failed with %d workers that died", m.victims, died))
		m.tally.wrong.Add(1)
	}
}

// A gate is a writer that can be shut.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed when it is
}

func newGate() *gate {
	g := &gate{open: make(chan struct{})}
	close(g.open)
	return g
}

func (g *gate) Write(b []byte) (int, error) {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	<-open
	return len(b), nil
}

func (g *gate) shut(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
		if shut {
			g.open = make(chan struct{})
		}
	default:
		if !shut {
			close(g.open)
		}
	}
}
