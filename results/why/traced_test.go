package why

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/read"
)

// A tracedLine is what one traced run says of an operation, in µs; the time is paid/n.
type tracedLine map[string]float64

// tracedCurve makes a curve of traced runs: three timed samples and as many traced ones for
// every level, on two processors. slower is by how much tracing slowed it down.
func tracedCurve(t *testing.T, slower float64, levels map[int]tracedLine) *results.Curve {
	t.Helper()
	var b strings.Builder
	b.WriteString("cpu-count: 2\n")
	for n := 1; n <= 64; n++ {
		l, ok := levels[n]
		if !ok {
			continue
		}
		time := 1000 * l[contract.UnitPaid] / float64(n)
		for range 3 {
			fmt.Fprintf(&b, "BenchmarkA/workers=%d 10 %.6f ns/op\n", n, time)
		}
		fmt.Fprintf(&b, "profiled: true\n")
		for range 3 {
			fmt.Fprintf(&b, "BenchmarkA/workers=%d 10 %.6f %s", n, time*(1+slower), contract.UnitTraced)
			for unit, v := range l {
				fmt.Fprintf(&b, " %.6f %s", 1000*v*(1+slower), unit)
			}
			b.WriteString("\n")
		}
		b.WriteString("profiled:\n")
	}
	set, err := read.Files(nil, strings.NewReader(b.String()), read.Options{})
	if err != nil || len(set.Problems) > 0 || len(set.Curves) != 1 {
		t.Fatal(err, set.Problems, len(set.Curves))
	}
	return set.Curves[0]
}

// one is a level of one worker that computes for 1000 µs.
func one() tracedLine {
	return tracedLine{contract.UnitPaid: 1000, contract.UnitRunning: 1000, contract.UnitOwn: 980, contract.UnitSample: 1, contract.UnitCPU: 1000}
}

func TestTraced(t *testing.T) {
	lock, channel, inflation := contract.Lock.Unit(), contract.Channel.Unit(), contract.Inflation
	for _, tt := range []struct {
		name string
		two  tracedLine
		want map[contract.Cause]float64 // µs
	}{
		{"waits alone", tracedLine{contract.UnitPaid: 1600, contract.UnitRunning: 1000, contract.UnitOwn: 980, lock: 600},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 600}},
		{"what shows as running is the lock's too", tracedLine{contract.UnitPaid: 1600, contract.UnitRunning: 1200, contract.UnitOwn: 985, lock: 400},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 600}},
		{"spinning shows in samples alone", tracedLine{contract.UnitPaid: 2000, contract.UnitRunning: 1960, contract.UnitOwn: 980, contract.UnitLockCPU: 940, lock: 40},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 1000}},
		{"the rest in proportion", tracedLine{contract.UnitPaid: 1900, contract.UnitRunning: 1300, contract.UnitOwn: 980, lock: 400, channel: 200},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 600, contract.Channel: 300}},
		{"a cache line", tracedLine{contract.UnitPaid: 1800, contract.UnitRunning: 1800, contract.UnitOwn: 1700},
			map[contract.Cause]float64{contract.Useful: 1000, inflation: 800}},
		{"a cache line beside a lock", tracedLine{contract.UnitPaid: 2000, contract.UnitRunning: 1800, contract.UnitOwn: 1680, lock: 200},
			map[contract.Cause]float64{contract.Useful: 1000, inflation: 700, contract.Lock: 300}},
		{"an idle worker", tracedLine{contract.UnitPaid: 1500, contract.UnitRunning: 1000, contract.UnitOwn: 980, contract.Imbalance.Unit(): 500},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Imbalance: 500}},
		{"quicker than one worker", tracedLine{contract.UnitPaid: 900, contract.UnitRunning: 900, contract.UnitOwn: 880},
			map[contract.Cause]float64{contract.Useful: 900}},
		{"nothing knows it", tracedLine{contract.UnitPaid: 1500, contract.UnitRunning: 1000, contract.UnitOwn: 980},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Unattributed: 500}},
		{"without a CPU profile", tracedLine{contract.UnitPaid: 1600, contract.UnitRunning: 1200, lock: 400},
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 600}},
		{"delay on a quiet machine is no lack", tracedLine{contract.UnitPaid: 1400, contract.UnitRunning: 1400, contract.UnitOwn: 1300, contract.UnitDelay: 60, contract.UnitCPU: 1400},
			map[contract.Cause]float64{contract.Useful: 1000, inflation: 400}},
	} {
		tt.two[contract.UnitSample] = 1
		s := Of(tracedCurve(t, 0.03, map[int]tracedLine{1: one(), 2: tt.two}))
		if s == nil || !s.Traced || len(s.Levels) != 2 || math.Abs(s.TraceCost-0.03) > 1e-6 {
			t.Errorf("%s: got %+v", tt.name, s)
			continue
		}
		sum := 0.0
		paid := tt.two[contract.UnitPaid]
		for _, p := range s.Levels[1].Parts {
			sum += p.Share
			if want := tt.want[p.Name] / paid; math.Abs(p.Share-want) > 0.002 {
				t.Errorf("%s: %s is %.4f of what was paid, want %.4f", tt.name, p.Name, p.Share, want)
			}
		}
		if math.Abs(sum-1) > 1e-9 || math.Abs(s.Levels[1].Paid-paid*1e-6) > 1e-9 {
			t.Errorf("%s: the shares add up to %v of %v s, want 1 of %v µs: the time of samples, not of traced runs", tt.name, sum, s.Levels[1].Paid, paid)
		}
	}
}

// With hardware counters, the same instructions that take longer are a part of their own, also
// where waiting explains the rest; more instructions are none, and neither is spinning.
func TestTracedCounted(t *testing.T) {
	lock := contract.Lock.Unit()
	// 1e6 instructions in 1000 µs at one worker, 3 cycles each; metrics are 1000 times what is written here.
	counted := func(l tracedLine, instructions, cycles float64) tracedLine {
		l[contract.UnitInstructions], l[contract.UnitCycles], l[contract.UnitSample] = instructions, cycles, 1
		return l
	}
	for _, tt := range []struct {
		name   string
		two    tracedLine
		longer float64
		want   map[contract.Cause]float64
	}{
		{"a cache line, too little for the samples, beside a lock", counted(tracedLine{contract.UnitPaid: 1500, contract.UnitRunning: 1200, contract.UnitOwn: 985, contract.UnitCPU: 1100, lock: 300}, 1000, 3300), 1.1,
			map[contract.Cause]float64{contract.Useful: 1000, contract.Inflation: 100, contract.Lock: 400}},
		{"more instructions", counted(tracedLine{contract.UnitPaid: 1500, contract.UnitRunning: 1200, contract.UnitOwn: 985, contract.UnitCPU: 1200, lock: 300}, 1200, 3600), 1,
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 500}},
		{"a slower clock", counted(tracedLine{contract.UnitPaid: 1250, contract.UnitRunning: 1250, contract.UnitOwn: 1225, contract.UnitCPU: 1250}, 1000, 3000), 1.25,
			map[contract.Cause]float64{contract.Useful: 1000, contract.Inflation: 250}},
		{"spinning", counted(tracedLine{contract.UnitPaid: 2000, contract.UnitRunning: 2000, contract.UnitOwn: 980, contract.UnitLockCPU: 1000, contract.UnitCPU: 2000}, 1000, 6000), 1,
			map[contract.Cause]float64{contract.Useful: 1000, contract.Lock: 1000}},
	} {
		s := Of(tracedCurve(t, 0.03, map[int]tracedLine{1: counted(one(), 1000, 3000), 2: tt.two}))
		if s == nil || !s.Counted || len(s.Levels) != 2 || math.Abs(s.Levels[1].Longer-tt.longer) > 0.01 {
			t.Errorf("%s: got %+v, want %v times as long", tt.name, s, tt.longer)
			continue
		}
		for _, p := range s.Levels[1].Parts {
			if want := tt.want[p.Name] / tt.two[contract.UnitPaid]; math.Abs(p.Share-want) > 0.005 {
				t.Errorf("%s: %s is %.4f of what was paid, want %.4f", tt.name, p.Name, p.Share, want)
			}
		}
	}
	if s := Of(tracedCurve(t, 0, map[int]tracedLine{1: one(), 2: counted(one(), 1000, 3000)})); s.Counted {
		t.Error("counters at one level only are not enough")
	}
	// In user code alone the clock is not known.
	user := func(cycles, cpu float64) tracedLine {
		l := one()
		l[contract.UnitUserInstructions], l[contract.UnitUserCycles], l[contract.UnitCPU] = 1000, cycles, cpu
		return l
	}
	if s := Of(tracedCurve(t, 0, map[int]tracedLine{1: user(3000, 1000), 2: user(3300, 1700)})); !s.Counted || math.Abs(s.Levels[1].Longer-1.1) > 1e-6 {
		t.Errorf("user code: got %+v, want 1.1 times as long", s)
	}
}

// More workers than processors: what the goroutines ran longer is the run delay of their
// threads, which is a lack of processors.
func TestTracedOversubscribed(t *testing.T) {
	s := Of(tracedCurve(t, 0, map[int]tracedLine{1: one(), 4: {contract.UnitPaid: 2000, contract.UnitRunning: 1970, contract.UnitOwn: 980, contract.UnitDelay: 980, contract.UnitSample: 1, contract.Lock.Unit(): 30}}))
	if share, _ := s.Levels[1].Share(Runnable); math.Abs(share-0.49) > 0.01 {
		t.Errorf("lack of processors is %.3f of what was paid, want 0.49: %s", share, text(s))
	}
}

// Useful compute is the same at every level by definition: where timed and traced rounds
// differ, no sentence says that it grew.
func TestTracedUseful(t *testing.T) {
	s := &Stack{Traced: true, PerOp: true, Levels: []Level{
		{Workers: 1, Paid: 1, Parts: []Part{{Useful, 1}}},
		{Workers: 2, Paid: 1.5, Parts: []Part{{Useful, 0.9}, {Lock, 0.1}}},
	}}
	if got := s.growth(); !strings.Contains(got, "of the 500 ms more, 150 ms go to waiting for a lock.") {
		t.Errorf("got %q", got)
	}
}

// Parts that add up to more than was paid by more than 2 % are scaled to it, and that is said.
func TestTracedSum(t *testing.T) {
	for paid, warns := range map[float64]int{1600: 0, 1580: 0, 1500: 1} {
		s := Of(tracedCurve(t, 0, map[int]tracedLine{1: one(), 2: {contract.UnitPaid: paid, contract.UnitRunning: 1000, contract.UnitOwn: 980, contract.Lock.Unit(): 600}}))
		sum := 0.0
		for _, p := range s.Levels[1].Parts {
			sum += p.Share
		}
		if len(s.Warnings) != warns || math.Abs(sum-1) > 1e-12 {
			t.Errorf("%g µs paid, and 1600 in parts: warnings %v, the shares add up to %v", paid, s.Warnings, sum)
		}
	}
}

// The account without a round is that of the others.
func TestLevelsWithout(t *testing.T) {
	lock := contract.Lock.Unit()
	two := tracedLine{contract.UnitPaid: 1600, contract.UnitRunning: 1000, contract.UnitOwn: 980, lock: 600}
	c := tracedCurve(t, 0, map[int]tracedLine{1: one(), 2: two})
	for i, v := range []float64{500e-6, 600e-6, 700e-6} {
		run := c.Points[1].Profiled[i]
		run[contract.InSeconds(lock)], run[contract.InSeconds(contract.UnitPaid)] = v, v+1000e-6
	}
	for i, want := range []float64{650 / 1650., 600 / 1600., 550 / 1550.} {
		levels := LevelsWithout(c, false, func(workers float64) int {
			if workers == 2 {
				return i
			}
			return -1
		})
		if share, _ := levels[1].Share(Lock); len(levels) != 2 || math.Abs(share-want) > 1e-6 {
			t.Errorf("without run %d: %.4f of what was paid, want %.4f", i, share, want)
		}
	}
	if all := LevelsWithout(c, false, func(float64) int { return -1 }); math.Abs(Of(c).Levels[1].Paid-all[1].Paid) > 1e-12 {
		t.Errorf("without none: %+v", all)
	}
	if !Counts(c, c.Points[1].Profiled[0]) || Counts(c, map[string]float64{}) {
		t.Error("which runs count is wrong")
	}
}

// A slowdown that noise can explain is said, and the traces are used; one that is certain ends
// that, whatever the noise of other levels.
func TestSlowdown(t *testing.T) {
	point := func(workers float64, times ...float64) (p results.Point) {
		p.Workers, p.Tasks = workers, 1
		for _, v := range times {
			p.Samples = append(p.Samples, results.Sample{Time: v})
		}
		return p
	}
	runs := func(times ...float64) (list []run) {
		for _, v := range times {
			list = append(list, run{sec(contract.UnitTraced): v})
		}
		return list
	}
	noisy, certain := point(1, 63, 132, 123, 119, 77, 64), point(2, 100, 101, 99, 100)
	for _, tt := range []struct {
		name    string
		points  []results.Point
		levels  map[float64][]run
		workers float64
		share   float64
		much    bool
	}{
		{"noise", []results.Point{noisy}, map[float64][]run{1: runs(126, 124, 115, 130, 73, 121)}, 1, 0.25, false},
		{"certain", []results.Point{certain}, map[float64][]run{2: runs(120, 121, 119)}, 2, 0.2, true},
		{"beside noise", []results.Point{noisy, certain}, map[float64][]run{1: runs(126, 124, 115, 130, 73, 121), 2: runs(120, 121, 119)}, 2, 0.2, true},
		{"little", []results.Point{certain}, map[float64][]run{2: runs(105, 104, 106)}, 2, 0.05, false},
		{"two of each", []results.Point{point(4, 100, 101)}, map[float64][]run{4: runs(130, 131)}, 4, 0.3, false},
		{"two of each, three times as long", []results.Point{point(4, 100, 101)}, map[float64][]run{4: runs(330, 331)}, 4, 2.3, true},
		{"none", []results.Point{certain}, nil, 0, 0, false},
	} {
		s := costOf(tt.points, tt.levels)
		if s.workers != tt.workers || math.Abs(s.share-tt.share) > 0.02 || s.tooMuch() != tt.much || s.low > s.share || s.high < s.share {
			t.Errorf("%s: got %+v, too much %t; want %g at %g workers, %t", tt.name, s, s.tooMuch(), tt.share, tt.workers, tt.much)
		}
	}
}

// On a busy machine nothing is told, and a trace that costs too much is not used.
func TestTracedRefuses(t *testing.T) {
	busy := one()
	busy[contract.UnitPaid], busy[contract.UnitRunning] = 2000, 2000
	busy[contract.UnitDelay], busy[contract.UnitOthers] = 500, 800
	if s := Of(tracedCurve(t, 0, map[int]tracedLine{1: one(), 2: busy})); s == nil || len(s.Levels) > 0 || !strings.Contains(s.CannotTell, "at 2 workers other programs took processors") {
		t.Errorf("busy: got %+v", s)
	}
	s := Of(tracedCurve(t, 0.2, map[int]tracedLine{1: one(), 2: {contract.UnitPaid: 1500, contract.UnitRunning: 1500}}))
	if s == nil || s.Traced || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Error(), "20 % slower") {
		t.Errorf("a trace that costs 20 %%: got %+v, want a warning", s)
	}
	s = Of(tracedCurve(t, 0, map[int]tracedLine{2: one()}))
	if s == nil || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Error(), "no traced run at one worker") {
		t.Errorf("without one worker: got %+v", s)
	}
	for _, bad := range []string{"NaN", "-1", "+Inf"} {
		lines := strings.ReplaceAll("BenchmarkA/workers=1 1 10 ns/op\nprofiled: true\nBenchmarkA/workers=1 1 10 traced-ns/op 10 paid-ns/op X running-ns/op\n", "X", bad)
		set, err := read.Files(nil, strings.NewReader(lines), read.Options{})
		if err != nil || len(set.Curves) != 1 {
			t.Fatal(err, set.Problems)
		}
		if s := Of(set.Curves[0]); s != nil && len(s.Levels) > 0 {
			t.Errorf("%s: got %s", bad, text(s))
		}
	}
}
