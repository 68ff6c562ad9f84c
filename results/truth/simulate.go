package truth

import (
	"context"
	"fmt"
	"math"
	"time"

	"amdahl/results"
	"amdahl/results/replay"
)

// simulate is the curve that the simulator gives for the job that c says it
// ran: as many equal tasks, so many of them serial, so much of each of the
// others under the lock. Its times are relative: a task takes a second.
func simulate(c *results.Curve, p Planted) (*results.Curve, error) {
	out := *c
	out.Points, out.Warnings = nil, nil
	for _, point := range c.Points {
		n := int(math.Round(point.Workers))
		t, err := simulated(point.Tasks, p, n)
		if err != nil {
			return nil, fmt.Errorf("truth: %s:%d: %s: %w", c.File, c.Line, c.Name.String(), err)
		}
		out.Points = append(out.Points, results.Point{
			Workers: float64(n), Tasks: point.Tasks,
			Samples: []results.Sample{{Time: t.Seconds() / point.Tasks}},
		})
	}
	return &out, nil
}

// mostTasks bounds what a name and a metric can ask of the simulator.
const mostTasks = 1_000_000

// simulated is T(n) of a job of equal tasks of a second.
func simulated(tasks float64, p Planted, n int) (time.Duration, error) {
	all := int(math.Round(tasks))
	if all < 1 || all > mostTasks || math.Abs(tasks-float64(all)) > 1e-6 {
		return 0, fmt.Errorf("%g tasks an operation cannot be simulated: a whole number up to %d is needed (metric tasks/op)", tasks, mostTasks)
	}
	serial := int(math.Round(p.Serial * float64(all)))
	locked := time.Duration(math.Round(p.Locked * float64(time.Second)))
	job := replay.Equal(serial, all-serial,
		replay.Phase{Kind: replay.Locked, Time: locked},
		replay.Phase{Kind: replay.Compute, Time: time.Second - locked})
	out, err := replay.Run(context.Background(), job, replay.Machine{Workers: n})
	if err != nil {
		return 0, err
	}
	return out.Time, nil
}
