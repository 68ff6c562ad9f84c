package why

import (
	"math"

	"amdahl/bench/contract"
	"amdahl/results/stats"
)

// Counts are what the hardware counted in traced runs.
type counts struct {
	cycles, cyclesErr float64 // for one instruction, and the standard error of that mean
	clock, clockErr   float64 // seconds for one cycle; 0 where only user code was counted
}

// newCounts takes the counts of runs; nil if they have none. Spinning in the operations of
// locks and channels takes cycles and next to no instructions: spun is its CPU time of an
// operation, in seconds, and its cycles are left out.
func newCounts(runs []run, spun float64) *counts {
	var cycles, clock []float64
	for _, r := range runs {
		i, c, whole := r[contract.UnitInstructions], r[contract.UnitCycles], true
		if i == 0 {
			i, c, whole = r[contract.UnitUserInstructions], r[contract.UnitUserCycles], false
		}
		if !(i > 0 && c > 0) {
			return nil
		}
		cpu := r[sec(contract.UnitCPU)]
		if cpu > 0 {
			cycles = append(cycles, c/i*(1-max(0, min(spun/cpu, 1))))
		} else {
			cycles = append(cycles, c/i)
		}
		if whole && cpu > 0 {
			clock = append(clock, cpu/c)
		}
	}
	if len(cycles) == 0 {
		return nil
	}
	k := &counts{}
	k.cycles, k.cyclesErr = meanOf(cycles)
	if len(clock) == len(cycles) {
		k.clock, k.clockErr = meanOf(clock)
	}
	return k
}

// longer is how many times as long the same instructions take as at one worker, by the iron
// law: cycles for one instruction times seconds for one cycle, over the same of one worker.
// Where only user code is counted, the clock is taken to be the same. off is the standard
// error.
func (k *counts) longer(one *counts) (times, off float64) {
	times = k.cycles / one.cycles
	relative := math.Hypot(k.cyclesErr/k.cycles, one.cyclesErr/one.cycles)
	if k.clock > 0 && one.clock > 0 {
		times *= k.clock / one.clock
		relative = math.Hypot(relative, math.Hypot(k.clockErr/k.clock, one.clockErr/one.clock))
	}
	return times, times * relative
}

// meanOf is a mean and its standard error.
func meanOf(list []float64) (m, stderr float64) {
	m, ss := stats.MeanSS(list)
	if n := float64(len(list)); n > 1 {
		stderr = math.Sqrt(ss / (n - 1) / n)
	}
	return m, stderr
}
