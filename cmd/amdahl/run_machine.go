package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/contract"
	"amdahl/bench/machine"
	"amdahl/bench/rounds"
)

// A surroundings watches the machine while something is measured on it.
type surroundings struct {
	facts   machine.Facts
	start   machine.Snapshot
	last    machine.Snapshot
	threads int // of a canary
	given   machine.Given
}

// newSurroundings looks at the machine. A canary has as many threads as the
// largest level, or all where that is 0, but never more than the processors.
func newSurroundings(largest int) *surroundings {
	s := &surroundings{facts: machine.Look(machine.Options{}), start: machine.Take()}
	s.last, s.threads = s.start, s.facts.Most()
	if largest > 0 {
		s.threads = min(s.threads, largest)
	}
	s.given = machine.Canaries(s.threads)
	return s
}

// verdict grades the machine as it was at the start.
func (s *surroundings) verdict() machine.Verdict {
	return machine.Judge(machine.Observation{Facts: s.facts, Start: s.start, Given: &s.given})
}

// verdictNow grades it as it is now, with what happened since the start.
func (s *surroundings) verdictNow() machine.Verdict {
	now := machine.Take()
	during := machine.Difference(s.start, now)
	return machine.Judge(machine.Observation{Facts: s.facts, Start: now, During: &during, Given: &s.given})
}

// observe makes a run write what the machine is, at the start; what changed, after
// every round; and the canaries.
func (s *surroundings) observe(o *rounds.Options) {
	o.Environment = func(w io.Writer) error {
		settings := append(s.facts.Platform(), s.facts.Settings()...)
		return machine.Write(w, append(settings, machine.Setting{Key: contract.KeyCanaryThreads, Value: strconv.Itoa(s.threads)}))
	}
	o.Snapshot = func(w io.Writer) error {
		now := machine.Take()
		change := machine.Difference(s.last, now)
		s.last = now
		return machine.Write(w, change.Settings())
	}
	o.Canary = func() rounds.Canary {
		s.given = machine.Canaries(s.threads)
		return canaryOf(s.given)
	}
	o.Spoilt = slower
	o.Counters = func() (rounds.Counters, bool) {
		busy, stolen, throttled, ok := machine.Counted()
		return rounds.Counters{Busy: busy, Stolen: stolen, Throttled: throttled}, ok
	}
}

// canaryOf is a canary in the words of the driver.
func canaryOf(g machine.Given) rounds.Canary {
	c := rounds.Canary{Pieces: g.Pieces, Wall: g.Wall, CPU: g.CPU}
	if n, ok := g.Processors(); ok {
		c.Given = fmt.Sprintf("%.2f of %d", n, g.Threads)
	}
	return c
}

// slower lists the rounds whose canaries were clearly slower than most, per
// second of CPU time where the system tells that: for heat, or for the sibling of
// a core. What others took away shows in the processors given, and is judged by
// the reader of the results, for each series by what that needs.
func slower(all []rounds.Reading) []int {
	byRound := map[int][]machine.Reading{}
	var every []machine.Reading
	last := 0
	for _, r := range all {
		t := r.Wall
		if r.CPU > 0 {
			t = r.CPU
		}
		m := machine.Reading{Wall: t / time.Duration(max(r.Pieces, 1))}
		byRound[r.Round] = append(byRound[r.Round], m)
		every = append(every, m)
		last = max(last, r.Round)
	}
	var list []int
	for round := 1; round <= last; round++ {
		if machine.Spoilt(every, byRound[round]...).Spoilt {
			list = append(list, round)
		}
	}
	return list
}

// waitQuiet waits until the processors give what a canary asks for, at most this
// long, and says what it waits for. It returns early when the context ends.
func (s *surroundings) waitQuiet(cmd *cobra.Command, limit time.Duration, sleep func(time.Duration) error) error {
	began := time.Now()
	for said := time.Duration(-1); !s.given.Quiet(); {
		waited := time.Since(began)
		if waited >= limit {
			cmd.PrintErrf("amdahl: the machine is still busy after %s (%s): measuring all the same; rounds that get less than they need are left out\n", limit, s.given)
			return nil
		}
		if said < 0 || waited-said >= 10*time.Second {
			said = waited
			cmd.PrintErrf("amdahl: waiting for a quiet machine, %s at most: %s, and %d %% of that are needed\n", (limit - waited).Round(time.Second), s.given, int(100*machine.Enough))
		}
		if err := sleep(min(time.Second, limit-waited)); err != nil {
			return err
		}
		s.given = machine.Canaries(s.threads)
	}
	return nil
}

// canMeasure returns why work that computes cannot be measured on n processors.
func canMeasure(n int) error {
	if err := machine.Look(machine.Options{NoFsync: true}).CanMeasure(n); err != nil {
		return fmt.Errorf("-x cpu=%d: %w; more workers than processors show only that they share them: leave those levels out, or use slow cores (this project's own benchmarks have them: -cores slow)", n, err)
	}
	return nil
}
