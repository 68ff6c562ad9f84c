package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"amdahl/bench/machine"
	"amdahl/bench/rounds"
)

// aboutMachine makes a run write what the machine is, at the start; what changed,
// after every round; and the canaries, which show the rounds that other programs
// spoilt. A canary uses as many processors at once as the largest level, all if
// that is 0. aboutMachine returns one graded line for people.
func aboutMachine(o *rounds.Options, largest int) (grade string) {
	facts, start := machine.Look(machine.Options{}), machine.Take()
	threads := facts.Most()
	if largest > 0 {
		threads = min(threads, largest)
	}
	o.Environment = func(w io.Writer) error {
		settings := append(facts.Platform(), facts.Settings()...)
		return machine.Write(w, append(settings, machine.Setting{Key: "canary-threads", Value: strconv.Itoa(threads)}))
	}
	o.Snapshot = func(w io.Writer) error {
		now := machine.Take()
		change := machine.Difference(start, now)
		start = now
		return machine.Write(w, change.Settings())
	}
	o.Canary = func() time.Duration { return machine.Canaries(threads).Wall }
	o.Spoilt = spoilt
	return machine.Judge(machine.Observation{Facts: facts, Start: start}).String()
}

// spoilt lists the rounds whose canaries were clearly slower than most.
func spoilt(all []rounds.Reading) []int {
	byRound := map[int][]machine.Reading{}
	var every []machine.Reading
	last := 0
	for _, r := range all {
		m := machine.Reading{Wall: r.Time}
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

// canMeasure returns why work that computes cannot be measured on n processors.
func canMeasure(n int) error {
	if err := machine.Look(machine.Options{NoFsync: true}).CanMeasure(n); err != nil {
		return fmt.Errorf("-x cpu=%d: %w; more workers than processors show only that they share them: leave those levels out, or use slow cores (this project's own benchmarks have them: -cores slow)", n, err)
	}
	return nil
}
