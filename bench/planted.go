package bench

import (
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// A plantedCase is a serial fraction or a lock that is known because it is
// planted, and a number of tasks that makes it whole and divides among the workers.
type plantedCase struct {
	serial, locked float64
	tasks          int // at one worker
}

// plantedCases are what [Plan.Planted] plants. The parallel tasks divide among 32
// workers, but for σ = 0.01, where one of 25 waves is not full. Without a
// serial part there are more waves, because all that a start and an end of the
// pool cost would look like one.
var plantedCases = []plantedCase{
	{serial: 0, tasks: 1280},
	{serial: 0.01, tasks: 800},
	{serial: 0.05, tasks: 640},
	{serial: 0.1, tasks: 640},
	{serial: 0.25, tasks: 384},
	{serial: 0.5, tasks: 320},
	{locked: 0.5, tasks: 480}, // each is two tasks of the workload
}

// Planted lists cases whose serial fraction or lock is known, to compare with
// what is found: compute of a known CPU time under the fixed pool, on slow cores and,
// as far as there are any, on real ones. With other compute the serial
// fraction would move with the speed of the processors.
func (p Plan) Planted() ([]Case, error) {
	slow := p.processors(cores.Model{Slowdown: 1})
	models := []cores.Model{cores.Real, cores.SlowBy(cores.Slowdown(slow, p.CPUs))}
	var out []Case
	for _, m := range models {
		for _, t := range plantedCases {
			p.Serial, p.Locked, p.Tasks = t.serial, t.locked, t.tasks
			for _, n := range p.levels(m, workloads.Spin, pools.Fixed, Strong) {
				c := p.at(Strong, m, workloads.Spin, pools.Fixed, n)
				if err := c.Check(); err != nil {
					return nil, err
				}
				out = append(out, c)
			}
		}
	}
	return out, nil
}
