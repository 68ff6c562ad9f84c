package bound

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// A job is a curve on so many processors: a task computes c seconds and waits w,
// as many workers as the processors let compute do so at a time.
type job struct {
	c, w       float64
	levels     []float64
	samples    int     // of each level; 0 is 8
	spread     float64 // of the samples' CPU time, ± relative
	noCPU      bool
	kind       results.Kind
	series     string
	machine    results.Machine
	processors float64 // that the work really has; 0 is machine.Logical
}

func (j job) curve() *results.Curve {
	c := &results.Curve{Name: results.ParseName("S/workload=x"), X: "workers", Kind: results.Strong, Machine: j.machine}
	if j.series != "" {
		c.Name = results.ParseName(j.series)
	}
	if j.kind != "" {
		c.Kind = j.kind
	}
	processors := j.processors
	if processors == 0 {
		processors = math.Max(1, float64(j.machine.Logical))
	}
	if j.samples == 0 {
		j.samples = 8
	}
	for _, n := range j.levels {
		p := results.Point{Workers: n, Tasks: 10, Extra: map[string][]float64{}}
		for i := range j.samples {
			off := j.spread * (2*float64(i)/math.Max(1, float64(j.samples-1)) - 1)
			p.Samples = append(p.Samples, results.Sample{Time: math.Max((j.c+j.w)/n, j.c/processors)})
			if !j.noCPU {
				p.Extra["cpu-sec/op"] = append(p.Extra["cpu-sec/op"], p.Tasks*j.c*(1+off))
			}
		}
		c.Points = append(c.Points, p)
	}
	return c
}

var (
	two   = results.Machine{Logical: 2}
	eight = []float64{1, 2, 4, 8}
)

func codes(v *Verdict) string {
	var s []string
	for _, f := range v.Findings {
		s = append(s, f.Code)
	}
	return strings.Join(s, " ")
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name    string
		job     job
		bound   Bound
		share   float64 // -1 is none
		pool    float64 // -1 is none
		codes   string
		say     string
		missing string
	}{
		{"computes", job{c: 1, levels: eight, machine: two}, CPU, 1, 2, "cpu pool", "CPU-bound: with one worker it computes 100 % of the time.", ""},
		{"waits", job{c: 0.05, w: 0.95, levels: eight, machine: two}, IO, 0.05, 40, "io pool", "I/O-bound: with one worker it computes 5.0 % of the time and waits", ""},
		{"both", job{c: 0.25, w: 0.75, levels: eight, machine: two}, Mixed, 0.25, 8, "mixed pool", "Mixed: with one worker it computes 25 % of the time and waits for the rest.", ""},
		{"at the thresholds", job{c: 0.9, w: 0.1, levels: eight, machine: two}, CPU, 0.9, 2 / 0.9, "cpu pool", "", ""},
		{"at the other", job{c: 0.1, w: 0.9, levels: eight, machine: two}, IO, 0.1, 20, "io pool", "", ""},
		{"one level", job{c: 0.05, w: 0.95, levels: []float64{1}, machine: two}, IO, 0.05, 40, "io pool", "2 processors would be full with about 40 workers (processors", ""},
		{"one sample", job{c: 0.11, w: 0.89, samples: 1, levels: eight, machine: two}, Mixed, 0.11, 2 / 0.11, "mixed pool", "", ""},
		{"several processes", job{c: 1.3, w: -0.3, levels: []float64{1}, machine: two}, CPU, 1, 2, "cpu excess pool", "1.3 s of CPU time are used in a second", ""},
		{"no CPU time at all", job{c: 0, w: 1, levels: []float64{1}, machine: two}, IO, 0, math.Inf(1), "io", "", ""},
		{"quota", job{c: 0.5, w: 0.5, levels: eight, machine: results.Machine{Logical: 8, Quota: 1.5}, processors: 1.5}, Mixed, 0.5, 3, "mixed pool", "1.5 processors would", ""},
		{"one processor", job{c: 0.5, w: 0.5, levels: []float64{1}, machine: results.Machine{Logical: 1}}, Mixed, 0.5, 2, "mixed pool", "1 processor would", ""},
		{"unknown processors", job{c: 0.5, w: 0.5, levels: []float64{1}}, Mixed, 0.5, -1, "mixed", "", ""},
		{"weak", job{c: 0.05, w: 0.95, levels: eight, machine: two, kind: results.Weak}, IO, 0.05, 40, "io pool", "", ""},

		{"no metric", job{c: 1, levels: eight, machine: two, noCPU: true}, Unknown, -1, -1, "", "", "no CPU time: the lines have no cpu-ns/op"},
		{"no level at 1", job{c: 1, levels: []float64{2, 4}, machine: two}, Unknown, -1, -1, "", "", "no level at 1 worker"},
		{"emulated", job{c: 0.03, w: 0.97, levels: eight, machine: two, series: "S/cores=slow32"}, Unknown, -1, -1, "", "", "emulated (cores=slow32)"},
		{"real", job{c: 0.03, w: 0.97, levels: eight, machine: two, series: "S/cores=real"}, IO, 0.03, 2 / 0.03, "io pool", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Judge(&laws.Analysis{Curve: tt.job.curve()})
			value := func(e *laws.Estimate) float64 {
				if e == nil {
					return -1
				}
				return e.Value
			}
			if got := value(v.Share); v.Bound != tt.bound || math.Abs(got-tt.share) > 1e-9 || (v.Share == nil) != (v.Missing != "") || !strings.Contains(v.Missing, tt.missing) {
				t.Errorf("got %s with share %v (%s), want %s with %v", v.Bound, got, v.Missing, tt.bound, tt.share)
			}
			if got := value(v.Pool); got != tt.pool && math.Abs(got-tt.pool) > 1e-9 {
				t.Errorf("got a pool of %v, want %v", got, tt.pool)
			}
			if got := codes(v); got != tt.codes || !strings.Contains(fmt.Sprint(v.Findings), tt.say) {
				t.Errorf("got %q: %v, want %q and %q", got, v.Findings, tt.codes, tt.say)
			}
			if v.Share != nil && (v.Share.Value > 1 || (v.Share.Interval == nil) != (tt.job.samples == 1)) {
				t.Errorf("got share %v with interval %v, want at most 1, with one", v.Share.Value, v.Share.Interval)
			}
		})
	}
}

// The share's interval becomes the pool's, the other way round.
func TestIntervals(t *testing.T) {
	v := Judge(&laws.Analysis{Curve: job{c: 0.2, w: 0.8, spread: 0.5, levels: []float64{1}, machine: two}.curve()})
	s, p := v.Share.Interval, v.Pool.Interval
	if !(s.Low < 0.2 && s.High > 0.2) || p.Low != 2/s.High || p.High != 2/s.Low {
		t.Errorf("got share %v and pool %v, want 2 processors over its ends", *s, *p)
	}
	v = Judge(&laws.Analysis{Curve: job{c: 0.2, w: 0.8, spread: 1, samples: 6, levels: []float64{1}, machine: two}.curve()})
	if p := v.Pool.Interval; !math.IsInf(p.High, 1) || !strings.Contains(fmt.Sprint(v.Findings), "(5 or more)") {
		t.Errorf("a share that may be 0: got %v, %v, want no upper end", *p, v.Findings)
	}
}

// The implied pool of 8 is held against the measured range.
func TestAgainst(t *testing.T) {
	tests := []struct {
		pool *laws.PoolSize
		last float64
		want Against
		say  string
	}{
		{nil, 8, NotMeasured, "about 8 workers (processors / share of computing)."},
		{&laws.PoolSize{N: 7, Low: 6.2, High: 16}, 16, Inside, "does not contradict: 7 to 16 workers"},
		{&laws.PoolSize{N: 8, Low: 7.2, High: 8}, 8, Inside, "does not contradict: 8 workers"},
		{&laws.PoolSize{N: 9, Low: 8.4, High: 16}, 16, Inside, ""}, // 8 and 9 are no contradiction
		{&laws.PoolSize{N: 12, Low: 11.5, High: 32}, 32, Below, "but more still paid: 12 to 32 workers"},
		{&laws.PoolSize{N: 4, Low: 3.5, High: 4}, 4, Beyond, "Measure further."},
		{&laws.PoolSize{N: 3, Low: 2.5, High: 4.5}, 16, Above, "but fewer were enough: 3 to 4 workers"},
	}
	for _, tt := range tests {
		a := &laws.Analysis{Curve: job{c: 0.25, w: 0.75, levels: []float64{1, tt.last}, machine: two}.curve(), PoolSize: tt.pool}
		v := Judge(a)
		if v.Against != tt.want || !strings.Contains(fmt.Sprint(v.Findings), tt.say) {
			t.Errorf("%+v: got %q: %v, want %q and %q", tt.pool, v.Against, v.Findings, tt.want, tt.say)
		}
		if tt.pool != nil {
			a.Curve.Kind = results.Weak
			if v := Judge(a); v.Against != NotMeasured {
				t.Errorf("weak: got %q, want no comparison", v.Against)
			}
		}
	}
}

func TestNoLevel(t *testing.T) {
	if v := Judge(&laws.Analysis{Curve: &results.Curve{}}); v.Bound != Unknown || len(v.Findings) > 0 {
		t.Errorf("no level: got %s and %v, want unknown and no sentence", v.Bound, v.Findings)
	}
}

// The stored run: what is said of each workload stands, but for the file and
// the database, whose tasks computed for half of their time on that machine.
// Under worker processes a task pays for its messages too, so there no claim
// is judged.
func TestStored(t *testing.T) {
	set, err := read.Files([]string{"../runs/epyc-2cpu/sweep/results.txt"}, nil, read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]Bound{"hash": CPU, "matrix": CPU, "spin": CPU, "counter": CPU, "sleep": IO, "http": IO}
	judged := 0
	for _, c := range set.Curves {
		a, err := laws.Analyze(c, laws.Options{})
		if err != nil {
			a = &laws.Analysis{Curve: c}
		}
		for workload, claim := range claims {
			if c.Name.Value("workload") != workload || c.Name.Value("strategy") == "process" {
				continue
			}
			switch v := Judge(a); {
			case v.Share == nil:
				if c.Points[0].Workers == 1 {
					t.Errorf("%s: no share: %s", c.Name.String(), v.Missing)
				}
				continue
			case v.Bound != claim:
				t.Errorf("%s: got %s, want %s", c.Name.String(), v.Bound, claim)
			}
			judged++
		}
	}
	if judged < 20 {
		t.Errorf("%d curves were judged, want the 20 and more of the run", judged)
	}
}

// Time without a processor is neither computing nor waiting; where it is unknown and
// the machine was busy, nothing is said.
func TestReadyTime(t *testing.T) {
	busy := &results.Gave{Threads: 2, First: 2, Last: 1.1, Least: 1.1}
	quiet := &results.Gave{Threads: 2, First: 2, Last: 2, Least: 1.9}
	left := results.Rounds{Total: 8, Kept: 4, LeftOut: []results.LeftOut{{Rounds: []int{1, 2, 3, 4}, Why: results.OtherPrograms}}}
	none := left
	none.Kept = 0
	for _, tt := range []struct {
		name   string
		ready  float64 // of a second; below 0 is unknown
		gave   *results.Gave
		rounds results.Rounds
		bound  Bound
		share  float64
		said   bool
	}{
		{"computes, and had to wait for a processor", 0.5, busy, results.Rounds{}, CPU, 1, true},
		{"computes half of the time, and had to wait", 0.2, busy, results.Rounds{}, Mixed, 0.625, true},
		{"a quiet machine", 0, quiet, results.Rounds{}, Mixed, 0.5, true},
		{"unknown, on a quiet machine", -1, quiet, results.Rounds{}, Mixed, 0.5, true},
		{"unknown, and nobody knows", -1, nil, results.Rounds{}, Mixed, 0.5, true},
		{"unknown, on a busy machine", -1, busy, results.Rounds{}, Unknown, -1, false},
		{"unknown, and no round is sound", -1, nil, none, Unknown, -1, false},
		{"unknown, and the busy rounds are left out", -1, busy, left, Mixed, 0.5, true},
	} {
		c := job{c: 0.5, w: 0.5, levels: []float64{1}, machine: two}.curve()
		c.Gave, c.Rounds = tt.gave, tt.rounds
		if p := &c.Points[0]; tt.ready >= 0 {
			for range p.Samples {
				p.Extra["run-delay-sec/op"] = append(p.Extra["run-delay-sec/op"], tt.ready*p.Tasks)
			}
		}
		v := Judge(&laws.Analysis{Curve: c})
		share := -1.0
		if v.Share != nil {
			share = v.Share.Value
		}
		if v.Bound != tt.bound || math.Abs(share-tt.share) > 1e-9 || (v.Pool != nil) != tt.said {
			t.Errorf("%s: got %s, %v, pool %v, want %s, %v, a pool %v", tt.name, v.Bound, share, v.Pool, tt.bound, tt.share, tt.said)
		}
	}
}

// The law that fits has the last word about how many workers pay.
func TestPoolAgainstLaw(t *testing.T) {
	j := job{c: 0.002, w: 0.998, levels: eight, machine: two}
	peak := func(n, high float64) *laws.Fit {
		return &laws.Fit{Law: laws.Amdahl, Peak: &laws.Estimate{Value: n, Interval: &laws.Interval{Low: n, High: high}}}
	}
	for _, tt := range []struct {
		name   string
		chosen *laws.Fit
		pool   *laws.PoolSize
		want   Against
		say    string
	}{
		{"a bottleneck at 8", peak(7.9, 8.2), &laws.PoolSize{N: 8, Low: 7.5, High: 8}, Above, "more than 8 are no faster by the law that fits"},
		{"no peak", &laws.Fit{Law: laws.Amdahl}, &laws.PoolSize{N: 8, Low: 7.5, High: 8}, Beyond, "Measure further."},
		{"a peak that may be anywhere", peak(8, math.Inf(1)), &laws.PoolSize{N: 8, Low: 7.5, High: 8}, Beyond, "Measure further."},
	} {
		v := Judge(&laws.Analysis{Curve: j.curve(), Chosen: tt.chosen, PoolSize: tt.pool})
		if said := fmt.Sprint(v.Findings); v.Against != tt.want || !strings.Contains(said, tt.say) || tt.want == Above && strings.Contains(said, "Measure further") {
			t.Errorf("%s: got %q: %s, want %q and %q", tt.name, v.Against, said, tt.want, tt.say)
		}
	}
}
