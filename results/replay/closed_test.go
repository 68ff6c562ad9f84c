package replay

import (
	"testing"
	"time"

	"amdahl/bench/contract"
)

const ms = time.Millisecond

// ceil is a/b, rounded up.
func ceil(a, b int) time.Duration { return time.Duration((a + b - 1) / b) }

func TestAmdahl(t *testing.T) {
	const task = 3*ms + 1
	for _, kind := range []Kind{Compute, Wait} {
		for _, serial := range []int{0, 1, 10, 64} {
			for n := 1; n <= 40; n++ {
				const tasks = 70
				out := run(t, Equal(serial, tasks-serial, Phase{kind, task}), Machine{Workers: n})
				if want := (time.Duration(serial) + ceil(tasks-serial, n)) * task; out.Time != want {
					t.Errorf("%s, %d serial, n = %d: T = %v, want %v", kind, serial, n, out.Time, want)
				}
				if got, want := out.Parts[contract.Serial], time.Duration((n-1)*serial)*task; got != want {
					t.Errorf("%s, %d serial, n = %d: idle in the serial section %v, want %v", kind, serial, n, got, want)
				}
				if got, want := out.Parts[contract.Useful]+out.Parts[contract.IO], tasks*task; got != want {
					t.Errorf("%s, %d serial, n = %d: worked %v, want %v", kind, serial, n, got, want)
				}
			}
		}
	}
}

// Under weak scaling the work grows with the workers, and T does not.
func TestWeak(t *testing.T) {
	for n := 1; n <= 64; n++ {
		out := run(t, Equal(2, 18*n, Phase{Compute, 5 * ms}), Machine{Workers: n})
		if want := 100 * ms; out.Time != want || out.Parts[contract.Imbalance] != 0 {
			t.Errorf("n = %d: T = %v, want %v; imbalance %v, want 0", n, out.Time, want, out.Parts[contract.Imbalance])
		}
	}
}

// Equal tasks of plain time p and then of time l at one server (a lock or the
// dispatcher), with n workers: a deterministic queue. The server is always
// busy once n·l ≥ p + l, and then a task takes l; else workers follow each other
// at a distance of l.
func TestOneServer(t *testing.T) {
	const p, l = 7 * ms, ms
	for n := 1; n <= 20; n++ {
		for tasks := 1; tasks <= 50; tasks++ {
			want := ceil(tasks, n)*(p+l) + time.Duration((tasks-1)%n)*l
			if n >= 8 {
				want = p + time.Duration(tasks)*l
			}
			for name, got := range map[string]time.Duration{
				"locked last":  run(t, Equal(0, tasks, Phase{Compute, p}, Phase{Locked, l}), Machine{Workers: n}).Time,
				"locked first": run(t, Equal(0, tasks, Phase{Locked, l}, Phase{Compute, p}), Machine{Workers: n}).Time,
				"dispatch":     run(t, Equal(0, tasks, Phase{Compute, p}), Machine{Workers: n, Dispatch: l}).Time,
			} {
				if got != want {
					t.Errorf("%s, %d tasks, n = %d: T = %v, want %v", name, tasks, n, got, want)
				}
			}
		}
	}
}

// A worker for every task: the dispatcher starts them one by one.
func TestSpawn(t *testing.T) {
	out := run(t, Equal(0, 100, Phase{Wait, 5 * ms}), Machine{Dispatch: 1000})
	if want := 100*1000 + 5*ms; out.Time != want || out.Workers != 100 {
		t.Errorf("T = %v with %d workers, want %v with 100", out.Time, out.Workers, want)
	}
	if got, want := out.Parts[contract.Dispatch], time.Duration(1000*100*101/2); got != want {
		t.Errorf("dispatch %v, want %v", got, want)
	}
}

// An event loop computes one task at a time, and all waits overlap.
func TestEventLoop(t *testing.T) {
	loop := Machine{Cores: 1}
	for _, c := range []struct {
		name   string
		phases []Phase
		want   time.Duration
	}{
		{"compute", []Phase{{Compute, ms}}, 50 * ms},
		{"wait", []Phase{{Wait, 9 * ms}}, 9 * ms},
		{"compute, wait", []Phase{{Compute, ms}, {Wait, 9 * ms}}, 59 * ms},
		{"wait, compute", []Phase{{Wait, 9 * ms}, {Compute, ms}}, 59 * ms},
		{"compute, short wait, compute", []Phase{{Compute, ms}, {Wait, 9 * ms}, {Compute, ms}}, 100 * ms},
		{"compute, long wait, compute", []Phase{{Compute, ms}, {Wait, 90 * ms}, {Compute, ms}}, 141 * ms},
		{"locked, wait", []Phase{{Locked, ms}, {Wait, 9 * ms}}, 59 * ms},
	} {
		out := run(t, Equal(0, 50, c.phases...), loop)
		if out.Time != c.want {
			t.Errorf("%s: T = %v, want %v", c.name, out.Time, c.want)
		}
	}
}

// More workers than cores: compute takes turns, with a quantum or without, and
// waiting does not.
func TestOversubscribed(t *testing.T) {
	for _, quantum := range []time.Duration{0, 100 * time.Microsecond, ms, 70 * ms} {
		for cores := 1; cores <= 20; cores++ {
			m := Machine{Workers: 20, Cores: cores, Quantum: quantum}
			out := run(t, Equal(0, 20*cores, Phase{Compute, 10 * ms}), m)
			end := time.Duration(0) // turns that do not come out even leave cores idle for at most a task
			if quantum > 0 && 20%cores > 0 {
				end = 10 * ms
			}
			if want := 200 * ms; out.Time < want || out.Time > want+end {
				t.Errorf("%d cores, quantum %v: T = %v, want %v, at most %v more", cores, quantum, out.Time, want, end)
			}
			p := out.Parts
			if lost := 20*out.Time - time.Duration(cores)*200*ms; p[contract.Queued]+p[contract.Imbalance] != lost || cores == 20 && p[contract.Queued] > 0 {
				t.Errorf("%d cores, quantum %v: %+v, want %v lost to too few cores and at the end", cores, quantum, p, lost)
			}
			if got := run(t, Equal(0, 20, Phase{Wait, 10 * ms}), m).Time; got != 10*ms {
				t.Errorf("%d cores, quantum %v: 20 waits at once took %v, want 10ms", cores, quantum, got)
			}
		}
	}
}

// Round robin as in a textbook: three phases on one core, quantum 2.
func TestRoundRobin(t *testing.T) {
	j := Job{Tasks: []Task{{{Compute, 5}}, {{Compute, 1}}, {{Wait, 3}, {Compute, 4}}}}
	got := run(t, j, Machine{Cores: 1, Quantum: 2, Record: true})
	same(t, got.Slices, []Slice{
		{0, 0, Compute, 0, 2}, {0, 0, CoreWait, 2, 3}, {0, 0, Compute, 3, 5}, {0, 0, CoreWait, 5, 7}, {0, 0, Compute, 7, 8},
		{1, 1, CoreWait, 0, 2}, {1, 1, Compute, 2, 3},
		{2, 2, Wait, 0, 3}, {2, 2, CoreWait, 3, 5}, {2, 2, Compute, 5, 7}, {2, 2, CoreWait, 7, 8}, {2, 2, Compute, 8, 10},
	})
}

// Graham's anomaly, more workers and a longer time, needs tasks that depend on
// each other. A lock or too few cores are enough: the third worker takes the
// lock, or the core, before somebody who should have had it first.
func TestAnomaly(t *testing.T) {
	for _, c := range []struct {
		name      string
		tasks     []Task
		cores     int
		two, more time.Duration
	}{
		{"lock", []Task{{{Locked, 4}}, {{Compute, 3}}, {{Compute, 2}, {Locked, 5}}, {{Locked, 1}, {Compute, 2}}}, 0, 10, 12},
		{"core", []Task{{{Wait, 5}}, {{Wait, 4}}, {{Wait, 2}, {Compute, 4}}, {{Compute, 1}, {Wait, 4}}}, 1, 10, 11},
	} {
		for n, want := range map[int]time.Duration{2: c.two, 3: c.more} {
			if got := hold(t, Job{Tasks: c.tasks}, Machine{Workers: n, Cores: c.cores}).Time; got != want {
				t.Errorf("%s: T(%d) = %v, want %v", c.name, n, got, want)
			}
		}
	}
}

// Who asks first is served first, so equal workers do equal work.
func TestFair(t *testing.T) {
	for _, m := range []Machine{{Workers: 7}, {Workers: 7, Cores: 2}, {Workers: 7, Interpreter: true}, {Workers: 7, Dispatch: ms}} {
		m.Record = true
		counts := make([]int, 7)
		for _, s := range run(t, Equal(0, 100, Phase{Compute, ms}, Phase{Locked, ms}), m).Slices {
			if s.Kind == Locked {
				counts[s.Worker]++
			}
		}
		for w, n := range counts {
			if n < 14 || n > 15 {
				t.Errorf("worker %d did %d of 100 tasks, want 14 or 15: %v on %+v", w, n, counts, m)
			}
		}
	}
}

// What happens at the same instant happens in the order of the workers.
func TestSameInstant(t *testing.T) {
	const n = 40
	want := make([]Slice, 0, 3*n)
	for w := range n {
		at := 5 + time.Duration(w)
		want = append(want, Slice{w, w, Wait, 0, 5})
		if w > 0 {
			want = append(want, Slice{w, w, LockWait, 5, at})
		}
		want = append(want, Slice{w, w, Locked, at, at + 1})
	}
	got := run(t, Equal(0, n, Phase{Wait, 5}, Phase{Locked, 1}), Machine{Record: true})
	same(t, got.Slices, want)
}
