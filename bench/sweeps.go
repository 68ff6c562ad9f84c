package bench

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Sweeps lists the sets of curves that are measured together, by name. The
// workloads and strategies say themselves which of them they are in.
//
//	full       what there is to see on a machine: make bench
//	quick      the law in a minute: make
//	schedules  how tasks reach workers, on slow cores: equal and exponential lengths
//	hillmarty  chips with one large core or several, imitated: Hill and Marty's curves
//	remote     workers over NATS: planted truths over emulated networks, queues, prefetch
var Sweeps = []string{"full", "quick", "schedules", "hillmarty", "remote"}

// Two names in the literals are parts of quick: "first", the curves on slow
// cores that come first, and "quickweak", its weak curves.
const (
	first     = "first"
	quickWeak = "quickweak"
)

// Both first curves and schedules are measured to this many slow cores.
const fewSlow = 16

// longSpin is the length of a spinning task, in microseconds, where measured times
// are held against a simulation: what it costs to hand out a task, and how late a
// timer is, must be small beside it.
const longSpin = 300

// scheduleTasks is how many tasks a job of the schedules has. Sixteen slow cores start
// some 3 ms apart, as two processors carry them one after the other: with 20 tasks for
// each of them that was 4 % of T(16), with 40 it is 2 %.
const scheduleTasks = 640

// firstTasks is how many tasks a job of the first curves has: with a tenth of
// them serial, 144 are left, which divide among 16 workers.
const firstTasks = 160

// parts are the plans whose cases make one kind of scaling of this plan: one,
// or those that the sweep presets. What flags give is kept where it is given.
func (p Plan) parts(s Scaling) ([]Plan, error) {
	if p.Sweep = cmp.Or(p.Sweep, Sweeps[0]); !slices.Contains(Sweeps, p.Sweep) {
		return nil, fmt.Errorf("bench: unknown sweep %q: want one of %s", p.Sweep, strings.Join(Sweeps, ", "))
	}
	given := p.Models != nil
	if !given {
		p.Models = []cores.Model{cores.Real}
	}
	switch {
	case p.Sweep == "quick" && s == Weak:
		p.Sweep = quickWeak
	case p.Sweep == "quick" && !given:
		return append(p.firstParts(), p), nil
	case p.Sweep == "schedules" && s == Weak:
		return nil, nil
	case p.Sweep == "schedules":
		p.Serial, p.Slow, p.Spin, p.Tasks = 0, cmp.Or(p.Slow, fewSlow), longSpin, cmp.Or(p.Tasks, scheduleTasks)
		if !given {
			p.Models = []cores.Model{slowBy(p.Slow)}
		}
		if p.Skew != "" {
			break
		}
		skewed := p
		skewed.Skew = "exponential"
		return []Plan{p, skewed}, nil
	case p.Sweep == "hillmarty" && s == Weak:
		return nil, nil
	case p.Sweep == "hillmarty":
		return p.chipParts(given)
	case p.Sweep == "remote" && s == Weak:
		return nil, nil
	case p.Sweep == "remote":
		return p.remoteParts(given), nil
	}
	return []Plan{p}, nil
}

// firstParts are the curves that show the law on any machine: work that
// computes on slow cores, and the same under one interpreter lock. There are
// none where the system has no slow cores.
func (p Plan) firstParts() []Plan {
	p.Sweep, p.Slow, p.Tasks = first, cmp.Or(p.Slow, fewSlow), cmp.Or(p.Tasks, firstTasks)
	slow := slowBy(p.Slow)
	c, err := slow.Open(0)
	if err != nil {
		return nil
	}
	_ = c.Close()
	p.Models = []cores.Model{slow}
	lock := p
	lock.Models = []cores.Model{cores.GIL}
	if lock.Levels == nil {
		lock.Levels = powersTo(p.Slow)
	}
	return []Plan{p, lock}
}

// slowBy is the model of which this machine carries n cores.
func slowBy(n int) cores.Model { return cores.SlowBy(cores.Slowdown(n, runtime.NumCPU())) }

// WriteOrder writes the configuration line that says in which order the sweep's
// series are to be shown, whatever the order in which they are measured: the
// quick one begins with the curves that show the law, then comes what waits.
// Other sweeps are shown by name.
func (p Plan) WriteOrder(w io.Writer) error {
	if p.Sweep != "quick" {
		return nil
	}
	var show [3][]string
	for _, x := range workloads.All {
		kind := 2
		switch {
		case slices.Contains(x.Sweeps, first):
			kind = 0
		case slices.Contains(x.Sweeps, p.Sweep) && x.Bound == workloads.IO:
			kind = 1
		case !slices.Contains(x.Sweeps, p.Sweep):
			continue // what is measured under one strategy comes last, by name
		}
		show[kind] = append(show[kind], contract.NameWorkload+"="+x.Name)
	}
	_, err := fmt.Fprintf(w, "%s: %s\n", contract.KeyOrder, strings.Join(slices.Concat(show[0], show[1], show[2]), " "))
	return err
}

// Hill and Marty's chips are measured with these serial fractions, and with
// large cores of these sizes. A job has so many tasks that the last of them,
// which one core may still run while the others idle, are less than 3 %.
var (
	chipSerial = []float64{0.5, 0.1, 0.05, 0.025, 0.01}
	chipSizes  = []int{1, 4, cores.ChipBudget}
)

const chipTasks = 800

// chipParts are plans for one serial fraction each: base cores alone, at 1 to 16
// workers, and each chip with all its cores.
func (p Plan) chipParts(given bool) ([]Plan, error) {
	if !given {
		p.Models = []cores.Model{slowBy(cores.ChipBudget)}
		for _, kind := range []string{"sym", "asym", "dyn"} {
			for _, r := range chipSizes {
				m, err := cores.HillMarty(kind, r)
				if err != nil {
					return nil, fmt.Errorf("bench: %w", err)
				}
				p.Models = append(p.Models, m)
			}
		}
	}
	p.Slow, p.Tasks, p.Spin = cmp.Or(p.Slow, cores.ChipBudget), cmp.Or(p.Tasks, chipTasks), longSpin
	var parts []Plan
	for _, p.Serial = range chipSerial {
		parts = append(parts, p)
	}
	return parts, nil
}

// measures says whether the plan has curves of a workload under a strategy: the
// sweep has both, or they are asked for by name.
func (p Plan) measures(w workloads.Workload, st pools.Strategy) bool {
	sweep := cmp.Or(p.Sweep, Sweeps[0])
	// Each part of the sweep remote is about one workload.
	byName := sweep != remoteSlow && sweep != remoteWait && p.Asked.names(contract.NameWorkload, w.Name)
	asked := p.Asked.names(contract.NameStrategy, st.Name)
	switch {
	case !byName && !slices.Contains(w.Sweeps, sweep) && !slices.Contains(w.Sweeps, sweep+"/"+st.Name):
		return false
	case !asked && !slices.Contains(st.Sweeps, sweep):
		return false
	}
	// Processes have an interpreter lock each, which is another lesson.
	return sweep != first || !st.Processes || p.Models[0].Slowdown > 0
}

// A Pattern is what -bench chooses benchmarks by: regular expressions with
// slashes between them, one for each element of a name. The zero value names
// nothing.
type Pattern []*regexp.Regexp

// ParsePattern reads one. Expressions that cannot be read name nothing; the
// testing package complains of them.
func ParsePattern(text string) Pattern {
	var p Pattern
	depth, begin := 0, 0
	add := func(element string) {
		if re, err := regexp.Compile(element); err == nil && element != "" {
			p = append(p, re)
		}
	}
	for i, c := range text {
		switch c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '/', '|':
			if depth == 0 {
				add(text[begin:i])
				begin = i + 1
			}
		}
	}
	add(text[begin:])
	return p
}

// names says whether an element matches key=value, and would not match any
// other value.
func (p Pattern) names(key, value string) bool {
	return slices.ContainsFunc(p, func(re *regexp.Regexp) bool {
		return re.MatchString(key+"="+value) && !re.MatchString(key+"=~") && !re.MatchString("~")
	})
}
