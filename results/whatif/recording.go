package whatif

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/replay"
	"amdahl/results/trace"
	"amdahl/results/why"
)

// A Recording is what was recorded of one series.
type Recording struct {
	Series  string         // the name of the case without its workers=
	Source  results.Source // of the measured times
	Workers int            // of the operation that is replayed
	Job     replay.Job     // what its tasks did
	// Machine is what the operation ran on, without Workers. Its Cores are 0, one
	// for each worker, unless the operation had fewer processors than workers: then
	// no number of workers has more. Its Dispatch is what handing out a task cost:
	// the median in the operation, or in the operation of another level where that
	// is lower, since a worker without a task may also be waiting for a processor.
	Machine    replay.Machine
	HandOuts   int        // number of hand-outs that Machine.Dispatch is the median of
	HandOutsAt int        // number of workers of the operation that they are of
	Measured   []Measured // ascending Workers, at least one
	Warnings   []error    // what was left out, and why
}

// Measured is the time of one level.
type Measured struct {
	Workers    int
	Time       time.Duration // of an operation: the median, the lower of two
	Operations int           // number of operations that Time is the median of
	// Beyond is the part of the operation's own account that a replay cannot
	// bring back, in shares of at least 1 %.
	Beyond []why.Part
}

// Series is the name of a case without its number of workers, which
// operations of one series share.
func Series(name string) string {
	return results.ParseName(name).Without(contract.NameWorkers).String()
}

// Record makes a recording of operations of one series. What is replayed is
// the operation with the most workers, and of several the one of median time.
// Operations with another number of tasks, as in weak scaling, are no
// measurements of the same job: they are left out with a warning. The error
// says that there are no operations, or of several series.
func Record(ops []*contract.Operation) (*Recording, error) {
	if len(ops) == 0 {
		return nil, errors.New("whatif: no operations")
	}
	byLevel := map[int][]*contract.Operation{}
	most := 0
	for _, o := range ops {
		if Series(o.Case) != Series(ops[0].Case) {
			return nil, fmt.Errorf("whatif: operations of %s and of %s: choose one series", Series(ops[0].Case), Series(o.Case))
		}
		byLevel[o.Workers] = append(byLevel[o.Workers], o)
		most = max(most, o.Workers)
	}
	base := middle(byLevel[most])
	r := &Recording{
		Series: Series(base.Case), Source: results.ParseName(base.Case).Source(),
		Workers: most, Job: trace.Job(base), Machine: machine(base),
	}
	var others []string
	for _, p := range slices.Sorted(maps.Keys(byLevel)) {
		same := slices.DeleteFunc(byLevel[p], func(o *contract.Operation) bool {
			return len(o.Tasks) != len(base.Tasks) || o.SerialTasks() != len(r.Job.Serial)
		})
		if len(same) == 0 {
			others = append(others, fmt.Sprint(p))
			continue
		}
		o := middle(same)
		r.Measured = append(r.Measured, Measured{p, o.Time, len(same), beyond(o)})
		if cost, n := dispatch(o); n > 0 && (r.HandOuts == 0 || cost < r.Machine.Dispatch) {
			r.Machine.Dispatch, r.HandOuts, r.HandOutsAt = cost, n, p
		}
	}
	if len(others) > 0 {
		r.Warnings = append(r.Warnings, fmt.Errorf("the times at %s workers are left out: there an operation is another number of tasks than the %d at %d workers",
			strings.Join(others, ", "), len(base.Tasks), most))
	}
	return r, nil
}

// middle is the operation of median time, the lower of two.
func middle(ops []*contract.Operation) *contract.Operation {
	s := slices.SortedStableFunc(slices.Values(ops), func(a, b *contract.Operation) int { return cmp.Compare(a.Time, b.Time) })
	return s[(len(s)-1)/2]
}

// beyond returns the parts of an operation's account that no replay brings back.
func beyond(o *contract.Operation) []why.Part {
	var parts []why.Part
	for _, c := range []*why.Cause{why.Runnable, why.Inflation, why.GC, why.Unattributed} {
		if share, ok := Ratio(o.Parts[c.Name], o.Paid); ok && share >= 0.01 {
			parts = append(parts, why.Part{Cause: c, Share: share})
		}
	}
	return parts
}

// machine returns what the operation ran on, as far as the trace says.
func machine(o *contract.Operation) replay.Machine {
	m := replay.Machine{Interpreter: results.ParseName(o.Case).Cores() == contract.CoresGIL}
	m.Processes = o.Apart && m.Interpreter // without the lock it makes no difference
	if o.Processors < o.Workers {
		m.Cores = o.Processors // 0 if nobody knows
	}
	if o.Computes > 0 && (m.Cores == 0 || o.Computes < m.Cores) {
		m.Cores = o.Computes
	}
	return m
}

// dispatch returns what handing out a task cost: the median, over the parallel
// tasks, of the time between the moment when a task could be handed out and its
// begin,
//
//	begin − max(lane free, begin of the task before),
//
// where a lane is free with the end of its last task or of the serial section,
// and the task before is the one that began before it on any lane. So one task
// is handed out at a time, as in a replay. n is the number of parallel tasks.
func dispatch(o *contract.Operation) (median time.Duration, n int) {
	type handOut struct{ free, begin time.Duration }
	var all []handOut
	ended := map[int]time.Duration{} // by lane
	tasks := slices.SortedStableFunc(slices.Values(o.Tasks), func(a, b contract.Task) int { return cmp.Compare(a.From, b.From) })
	for _, t := range tasks {
		if !t.Serial {
			all = append(all, handOut{max(ended[t.Lane], o.Serial), t.From})
		}
		ended[t.Lane] = t.To
	}
	var took []time.Duration
	before := time.Duration(0)
	for _, h := range all {
		took = append(took, max(0, h.begin-max(h.free, before)))
		before = h.begin
	}
	if len(took) == 0 {
		return 0, 0
	}
	slices.Sort(took)
	return took[(len(took)-1)/2], len(took)
}
