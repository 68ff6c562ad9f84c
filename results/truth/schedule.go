package truth

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/replay"
)

// Points is how far a measured efficiency may be from the simulated one, as a
// share of all workers' time: 3 percentage points.
const Points = 0.03

// An Efficiency is how much of its workers' time a strategy used at one number of
// workers, S(n)/n, beside what the simulator makes of the same tasks under the same
// schedule.
type Efficiency struct {
	Curve     *results.Curve
	Schedule  replay.Schedule
	Skew      string // of the lengths; "" is equal
	N         int
	Measured  laws.Estimate
	Simulated float64
	Verdict   Verdict // Holds within Points; Noisy where the interval is wider than that
}

// scheduled reports whether a curve shows a schedule and not a planted truth: its
// strategy is one that the simulator has, and it is another one than the shared
// queue, or its tasks differ in length.
func scheduled(n results.Name) (s replay.Schedule, ok bool) {
	s = replay.Schedule(n.Value(contract.NameStrategy))
	return s, slices.Contains(replay.Schedules, s) && (s != replay.Shared || n.Has(contract.NameSkew)) && !n.Has(contract.NameLocked)
}

// known reports whether the lengths of tasks have a distribution of the simulator:
// other words are of workloads whose tasks differ by themselves.
func known(skew string) bool {
	_, err := replay.LengthsOf(skew, 1)
	return err == nil
}

// Efficiencies compares a curve of a schedule with the simulator at every level
// above one worker. A strategy that draws random numbers is simulated with those
// of the measured rounds, the first operation after the warm-up of each; without
// rounds with those of the first 16. It returns nothing for a curve of something
// else, or without a level at one worker. The error is that of a name or a metric
// that cannot be simulated.
func Efficiencies(a *laws.Analysis) ([]Efficiency, error) {
	c := a.Curve
	s, ok := scheduled(c.Name)
	if !ok || c.Kind == results.Weak {
		return nil, nil
	}
	p, _, err := Parse(c.Name)
	if err != nil {
		return nil, err
	}
	var out []Efficiency
	for _, l := range a.Levels {
		if l.Speedup == nil || l.N <= 1 || l.N != math.Floor(l.N) {
			continue
		}
		e := Efficiency{Curve: c, Schedule: s, Skew: c.Name.Value(contract.NameSkew), N: int(l.N), Measured: laws.Estimate{Value: l.Speedup.Value / l.N}}
		if i := l.Speedup.Interval; i != nil {
			e.Measured.Interval = &laws.Interval{Low: i.Low / l.N, High: i.High / l.N}
		}
		if e.Simulated, err = efficiency(c, s, p, e.N); err != nil {
			return nil, fmt.Errorf("truth: %s:%d: %s: %w", c.File, c.Line, c.Name.String(), err)
		}
		e.Verdict = e.judge()
		out = append(out, e)
	}
	return out, nil
}

func (e Efficiency) judge() Verdict {
	i := e.Measured.Interval
	switch off := math.Abs(e.Measured.Value - e.Simulated); {
	case i == nil || max(i.High-e.Measured.Value, e.Measured.Value-i.Low) > Points:
		return Noisy
	case off <= Points:
		return Holds
	case i.Low-Points <= e.Simulated && e.Simulated <= i.High+Points:
		return Noisy
	}
	return Wrong
}

// efficiency is the mean over the rounds of a curve of the simulated efficiency.
func efficiency(c *results.Curve, s replay.Schedule, p Planted, n int) (float64, error) {
	tasks := int(math.Round(tasksOf(c)))
	if tasks < 1 || tasks > mostTasks {
		return 0, fmt.Errorf("%d tasks an operation cannot be simulated: 1 to %d are needed (metric tasks/op)", tasks, mostTasks)
	}
	seed := uint64(1)
	if text := c.Name.Value(contract.NameSeed); text != "" {
		v, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s=%s is no whole number", contract.NameSeed, text)
		}
		seed = v
	}
	all, err := replay.Draw(c.Name.Value(contract.NameSkew), seed, tasks, time.Millisecond)
	if err != nil {
		return 0, err
	}
	serial := int(math.Round(p.Serial * float64(tasks)))
	job := replay.Job{Serial: all[:serial], Tasks: all[serial:]}
	var work time.Duration
	for _, task := range all {
		work += task.Time()
	}
	rounds := roundsOf(c)
	var sum float64
	for _, round := range rounds {
		out, err := replay.Run(context.Background(), job, replay.Machine{Workers: n, Schedule: s, Seed: uint64(round), Run: 1})
		if err != nil {
			return 0, err
		}
		sum += work.Seconds() / (float64(n) * out.Time.Seconds())
	}
	return sum / float64(len(rounds)), nil
}

// tasksOf is the number of tasks of an operation.
func tasksOf(c *results.Curve) float64 { return c.Points[len(c.Points)-1].Tasks }

// roundsOf lists the rounds of a curve, or 1 to 16 where they are not known.
func roundsOf(c *results.Curve) []int {
	var rounds []int
	for _, s := range c.Points[len(c.Points)-1].Samples {
		if s.Round > 0 && !slices.Contains(rounds, s.Round) {
			rounds = append(rounds, s.Round)
		}
	}
	if len(rounds) == 0 {
		for r := range 16 {
			rounds = append(rounds, r+1)
		}
	}
	return rounds
}
