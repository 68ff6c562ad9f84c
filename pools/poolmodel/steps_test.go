package poolmodel

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"amdahl/pools/procpool"
)

// A step is one operation of a sequence. A and B choose among what there is.
type step struct {
	Op   string
	Kind kind
	A, B int
}

// GoString writes a step as Go code.
func (s step) GoString() string {
	return fmt.Sprintf("{Op: %q, Kind: %v, A: %d, B: %d}", s.Op, s.Kind, s.A, s.B)
}

// code writes a sequence as Go code.
func code(tr procpool.Transport, pool [3]int, steps []step) string {
	var b strings.Builder
	fmt.Fprintf(&b, "play(t, procpool.%s, %#v, []step{\n", map[procpool.Transport]string{procpool.Ring: "Ring", procpool.Pipe: "Pipe", procpool.Goroutines: "Goroutines"}[tr], pool)
	for _, s := range steps {
		fmt.Fprintf(&b, "\t%#v,\n", s)
	}
	b.WriteString("})")
	return b.String()
}

// operations are what a sequence is made of.
var operations = map[string]func(m *model, s step){
	"call": func(m *model, s step) {
		t := m.tasksOf(s.Kind, 1)[0]
		m.async("Call", func(ctx context.Context) { one(m, ctx, t) })
	},
	"submit": func(m *model, s step) {
		t := m.tasksOf(s.Kind, 1)[0]
		m.async("Submit", func(ctx context.Context) {
			f := run.Submit(ctx, m.pool, t)
			m.mu.Lock()
			m.futures = append(m.futures, f)
			m.mu.Unlock()
			got, err := f.Get(context.Background())
			m.check(t, got, result(t.Number), err)
		})
	},
	"map": func(m *model, s step) {
		in := m.tasksOf(s.Kind, 1+s.A%40)
		ex := procpool.Tune(m.pool, procpool.Tuning{Chunk: s.B % 12})
		m.async("Map", func(ctx context.Context) {
			out, err := run.Map(ctx, ex, in)
			for i, t := range in {
				m.check(t, out[i], result(t.Number), errorOf(err, i))
			}
		})
	},
	"mapgob": func(m *model, s step) {
		in := m.tasksOf(s.Kind, 1+s.A%12)
		parcels := make([]parcel, len(in))
		for i, t := range in {
			parcels[i] = pack(t)
		}
		ex := procpool.Tune(m.pool, procpool.Tuning{Chunk: s.B % 5})
		m.async("Map with gob", func(ctx context.Context) {
			out, err := post.Map(ctx, ex, parcels)
			for i, t := range in {
				m.check(t, strings.Join(out[i].Notes, " "), fmt.Sprint("a b ", result(t.Number)), errorOf(err, i))
			}
		})
	},
	"iterate": func(m *model, s step) {
		in := m.tasksOf(s.Kind, 1+s.A%20)
		ex := procpool.Tune(m.pool, procpool.Tuning{Chunk: s.B % 3})
		m.async("Ordered", func(ctx context.Context) {
			i := 0
			for got, err := range run.Ordered(ctx, ex, slices.Values(in)) {
				if i >= len(in) {
					break // the error at the end
				}
				m.check(in[i], got, result(in[i].Number), err)
				if i++; i > s.B {
					break
				}
			}
		})
	},
	"unordered": func(m *model, s step) {
		in := m.tasksOf(fine, 1+s.A%20)
		m.async("Unordered", func(ctx context.Context) {
			seen := map[int]bool{}
			for got, err := range run.Unordered(ctx, m.pool, slices.Values(in)) {
				if err == nil && seen[got] {
					m.fault("Unordered yielded %d twice", got)
				}
				if err == nil && !slices.ContainsFunc(in, func(t task) bool { return result(t.Number) == got }) {
					m.fault("Unordered yielded %d, which is nobody's", got)
				}
				seen[got] = err == nil
				m.check(task{Number: in[0].Number}, 0, 0, err)
			}
		})
	},
	"cancel": func(m *model, s step) {
		m.mu.Lock()
		var f *procpool.Future[int]
		if n := len(m.futures); n > 0 {
			f = m.futures[s.A%n]
		}
		m.cut = true
		m.mu.Unlock()
		if f != nil {
			f.Cancel()
		}
	},
	"endcontext": func(m *model, s step) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if n := len(m.cancels); n > 0 {
			m.cancels[s.A%n]()
		}
	},
	"kill":     func(m *model, s step) { m.signal(s.A, syscall.SIGKILL) },
	"stop":     func(m *model, s step) { m.signal(s.A, sigStop) },
	"continue": func(m *model, s step) { m.signal(s.A, sigCont) },
	"shut": func(m *model, _ step) {
		m.mu.Lock()
		m.shutter = true
		m.mu.Unlock()
		m.gate.shut(true)
	},
	"open": func(m *model, _ step) { m.gate.shut(false) },
	"resize": func(m *model, s step) {
		m.mu.Lock()
		m.unrest = true // a Broadcast may lose its worker
		m.mu.Unlock()
		m.timed("Resize", 0, func() { m.pool.Resize(1 + s.A%5) })
	},
	"broadcast": func(m *model, _ step) {
		m.async("Broadcast", func(ctx context.Context) { procpool.Broadcast(ctx, m.pool, ping, 1) })
	},
	"wait":      func(_ *model, s step) { time.Sleep(time.Duration(s.A%8) * time.Millisecond) },
	"close":     func(m *model, _ step) { m.end("Close", func() { m.pool.Close() }) },
	"closeall":  func(m *model, _ step) { m.cutting(); m.end("CloseCancel", func() { m.pool.CloseCancel() }) },
	"terminate": func(m *model, _ step) { m.end("Terminate", func() { m.pool.Terminate() }) },
	"shutdown": func(m *model, s step) {
		m.end("Shutdown", func() {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(s.A%50)*time.Millisecond)
			defer cancel()
			m.pool.Shutdown(ctx)
		})
	},
}

var ping = procpool.Register("poolmodel.ping/v1", func(_ context.Context, n int) (int, error) { return n, nil })

// one calls one task in the way that its kind needs.
func one(m *model, ctx context.Context, t task) {
	switch t.Kind {
	case badArg, badResult:
		got, err := post.Call(ctx, m.pool, pack(t))
		m.check(t, strings.Join(got.Notes, " "), fmt.Sprint("a b ", result(t.Number)), err)
	case wide:
		got, err := text.Call(ctx, m.pool, t)
		m.check(t, got, strings.Repeat(fmt.Sprintf("%d,", result(t.Number)), 50_000), err)
	default:
		got, err := run.Call(ctx, m.pool, t)
		m.check(t, got, result(t.Number), err)
	}
}

func (m *model) cutting() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut = true
}

// end ends the pool, while what runs goes on.
func (m *model) end(what string, f func()) {
	m.mu.Lock()
	m.ended = true
	m.mu.Unlock()
	m.calls.Go(func() { m.timed(what, limit, f) })
}

// signal sends a signal to one of the workers.
func (m *model) signal(which int, sig syscall.Signal) {
	if m.tr == procpool.Goroutines {
		return
	}
	var pids []int
	for _, w := range m.pool.Stats().Workers {
		if w.Pid > 0 {
			pids = append(pids, w.Pid)
		}
	}
	if len(pids) == 0 {
		return
	}
	m.mu.Lock()
	m.unrest = true
	m.mu.Unlock()
	m.tally.kills.Add(1)
	kill(pids[which%len(pids)], sig)
}
