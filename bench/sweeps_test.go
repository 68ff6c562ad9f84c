package bench

import (
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/workloads"
)

// sweepCases are the strong and weak cases of a sweep on two processors.
func sweepCases(t *testing.T, p Plan) []Case {
	t.Helper()
	p.Serial, p.CPUs = 0.1, 2
	var all []Case
	for _, s := range []Scaling{Strong, Weak} {
		cases, err := p.Cases(s)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, cases...)
	}
	return all
}

// By plan, make measures at most 75 seconds, make bench at most 20 minutes and make
// remote at most 15.
func TestPlannedTime(t *testing.T) {
	for _, tt := range []struct {
		sweep  string
		rounds int // of the Makefile
		most   time.Duration
	}{
		{"quick", 6, 75 * time.Second},
		{"full", 10, 20 * time.Minute},
		{"remote", 6, 15 * time.Minute},
	} {
		cases := sweepCases(t, Plan{Sweep: tt.sweep})
		round := Planned(cases)
		t.Logf("%s: %d cases, %v a round, %v in %d rounds", tt.sweep, len(cases), round.Round(time.Millisecond), (time.Duration(tt.rounds) * round).Round(time.Second), tt.rounds)
		if got := time.Duration(tt.rounds) * round; got > tt.most {
			t.Errorf("%s takes %v by plan, want at most %v", tt.sweep, got, tt.most)
		}
	}
}

// The quick sweep begins with an Amdahl curve of computing work to 16 workers on
// slow cores, beside the processes and the interpreter lock; then comes work that
// waits, and then what real processors do.
func TestQuickShowsTheLawFirst(t *testing.T) {
	cases := sweepCases(t, Plan{Sweep: "quick"})
	if cases[0].Cores.Slowdown == 0 {
		t.Skip("no slow cores on this system")
	}
	most := map[string]int{}
	kind := 0 // slow, waiting, real
	for _, c := range cases {
		if c.Workload.Name == "spin" {
			most[c.Strategy.Name+" "+c.cores()] = max(most[c.Strategy.Name+" "+c.cores()], c.Workers)
		}
		now := 2
		switch {
		case c.Workload.Name == "spin":
			now = 0
		case c.Workload.Bound == workloads.IO:
			now = 1
		}
		if now == 0 && kind > 0 || c.Serial != 0.1 {
			t.Errorf("%s stands behind other work, or has not a tenth serial", c.Name())
		}
		kind = max(kind, now)
	}
	slow := slowBy(fewSlow).Name
	for _, key := range []string{"fixed " + slow, "process " + slow, "fixed gil"} {
		if most[key] != fewSlow {
			t.Errorf("%s goes to %d workers, want %d: %v", key, most[key], fewSlow, most)
		}
	}
	if len(most) != 3 {
		t.Errorf("spin runs on %v, want three curves", most)
	}
}

// What is in a sweep has a cost by which it is planned, and says what it shows;
// every sweep has cases, and every strategy and workload of the suite is in one.
func TestSweepsAreComplete(t *testing.T) {
	known := map[string]bool{first: true, quickWeak: true, remoteSlow: true, remoteWait: true}
	for _, s := range Sweeps {
		known[s] = true
		if len(sweepCases(t, Plan{Sweep: s})) == 0 {
			t.Errorf("sweep %s has no cases", s)
		}
	}
	for _, w := range workloads.All {
		for _, s := range w.Sweeps {
			sweep, strategy, _ := strings.Cut(s, "/")
			if _, err := pools.Find(strategy); !known[sweep] || strategy != "" && err != nil {
				t.Errorf("%s names the sweep %q", w.Name, s)
			}
		}
		if len(w.Sweeps) > 0 && (w.Cost == 0 || w.Ends == "") {
			t.Errorf("%s is in sweeps, and has cost %v and ends %q: want both", w.Name, w.Cost, w.Ends)
		}
	}
	for _, st := range Strategies {
		for _, s := range st.Sweeps {
			if !known[s] {
				t.Errorf("%s names the sweep %q", st.Name, s)
			}
		}
	}
	if _, err := (Plan{Sweep: "long", Serial: 0.1, CPUs: 2}).Cases(Strong); err == nil || !strings.Contains(err.Error(), "want one of full, quick") {
		t.Errorf("sweep=long: %v, want the names of the sweeps", err)
	}
}

// What -bench names is measured though no sweep has it.
func TestAsked(t *testing.T) {
	for _, tt := range []struct {
		pattern, workload, strategy string
		want                        bool
	}{
		{"Strong", "hash", "static", false},
		{"Strong", "hash", "fixed", true},
		{"Strong", "mandelbrot", "process", false},
		{"Strong/workload=mandelbrot", "mandelbrot", "process", true},
		{"Strong/workload=hash/strategy=static", "hash", "static", true},
		{"Strong/workload=hash/strategy=(static|cyclic)", "hash", "cyclic", true},
		{"Strong/workload=hash/strategy=(static|cyclic)", "hash", "steal", false},
		{"Strong/workload=hash/strategy=.*", "hash", "static", false},
		{"Strong/.*/strategy=static$", "hash", "static", true},
		{".", "hash", "static", false},
		{"", "hash", "static", false},
	} {
		w, err := workloads.Find(tt.workload)
		if err != nil {
			t.Fatal(err)
		}
		st, err := pools.Find(tt.strategy)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Plan{Asked: ParsePattern(tt.pattern)}).measures(w, st); got != tt.want {
			t.Errorf("-bench %q: %s under %s is measured: %v, want %v", tt.pattern, w.Name, st.Name, got, tt.want)
		}
	}
}

// Skewed cases say so, have no serial part, and are only of work that can differ.
func TestSkewedCases(t *testing.T) {
	cases := sweepCases(t, Plan{Sweep: "schedules"})
	skewed := 0
	for _, c := range cases {
		has := strings.Contains(c.Name(), "/"+contract.NameSkew+"=exponential/")
		if has != (c.Skew != "") || c.Serial != 0 || has && !c.Workload.Skewed {
			t.Errorf("%s: skew %q, serial %v", c.Name(), c.Skew, c.Serial)
		}
		if has {
			skewed++
		}
	}
	if skewed == 0 || skewed == len(cases) {
		t.Errorf("%d of %d cases are skewed, want some", skewed, len(cases))
	}
	c := cases[0]
	c.Workload, c.Skew, c.Serial = workloads.Spin, "ramp", 0.1
	if err := c.Check(); err == nil || !strings.Contains(err.Error(), "add -serial 0") {
		t.Errorf("a skewed case with a serial part: %v, want an error that says -serial 0", err)
	}
}

// A chip is measured with all its cores.
func TestChipCases(t *testing.T) {
	for _, c := range sweepCases(t, Plan{Sweep: "hillmarty"}) {
		if c.Cores.Count > 0 && (c.Workers != c.Cores.Count || c.options().Procs != c.Cores.Count) {
			t.Errorf("%s: %d workers on %d of %d cores", c.Name(), c.Workers, c.options().Procs, c.Cores.Count)
		}
	}
}
