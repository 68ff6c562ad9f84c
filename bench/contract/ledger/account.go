package ledger

import (
	"time"

	"amdahl/bench/contract"
)

// A Compute is how much was computed: Wall is how long sections of compute
// took, CPU the CPU time of their threads. CPU is below 0 where it is not known.
type Compute struct{ Wall, CPU time.Duration }

// Add adds d to c.
func (c *Compute) Add(d Compute) {
	c.Wall += d.Wall
	if c.CPU < 0 || d.CPU < 0 {
		c.CPU = -1
	} else {
		c.CPU += d.CPU
	}
}

// Costs are what the clock alone cannot say of an operation.
type Costs struct {
	// CPU is the CPU time of all compute; below 0 where it is not known.
	CPU time.Duration
	// Alone is what the same tasks compute when they run one by one on the same
	// model of cores: what the best serial run needs.
	Alone Compute
	// GC is the CPU time of garbage collection meanwhile, without what used
	// processors that nobody wanted.
	GC time.Duration
}

// Account says where the p·T(p) of the operation went. It is [Clock], and then
// splits what was computed, W by the wall, C of it by the threads' CPU time,
// against what the same tasks compute when they run alone:
//
//	Runnable    W − R
//	Useful      min(R, alone)
//	Inflation   R − Useful
//
// On real cores R = min(C, W), and alone is CPU time. On cores K times slower
// alone is the time of the sections, in which a core sleeps off its debt, and
// R = min(W, alone + K·(C − CPU time alone)): what the sections last longer
// than alone is inflation as far as their CPU time explains it, and otherwise
// a real processor that came late. Where no CPU time is known, what W is above
// alone is unattributed.
//
// The CPU time of garbage collection is taken from Inflation (where tasks help
// to collect), then Runnable (where collecting took their processors) and then
// Dispatch, and no more than is there.
//
// The parts add up to p·T(p) exactly, and none is negative.
func Account(o *contract.Operation, costs Costs) contract.Parts {
	p := Clock(o)
	splitCompute(p, o.Slowdown, costs)
	collected := max(costs.GC, 0)
	for _, c := range []contract.Cause{contract.Inflation, contract.Runnable, contract.Dispatch} {
		part := min(p[c], collected)
		p[c] -= part
		p[contract.GC] += part
		collected -= part
	}
	return p
}

// splitCompute splits the compute that Clock counts as Useful.
func splitCompute(p contract.Parts, slowdown int, costs Costs) {
	wall, alone := p[contract.Useful], costs.Alone.CPU
	if slowdown > 0 || alone < 0 {
		alone = costs.Alone.Wall
	}
	ran := wall
	switch {
	case costs.CPU < 0 || costs.Alone.CPU < 0:
		p[contract.Useful] = min(wall, alone)
		p[contract.Unattributed] += wall - p[contract.Useful]
		return
	case slowdown > 0:
		ran = min(wall, alone+max(0, time.Duration(slowdown)*(costs.CPU-costs.Alone.CPU)))
	default:
		ran = min(wall, costs.CPU)
	}
	p[contract.Runnable] += wall - ran
	p[contract.Useful] = min(ran, alone)
	p[contract.Inflation] = ran - p[contract.Useful]
}
