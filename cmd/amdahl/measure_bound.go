package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/rounds"
	"amdahl/results"
	"amdahl/results/laws"
)

// bounds are the sentences at the end of a run: whether each series is bound
// by the processors. Where no series tells, the whole processes do.
func (m *measurement) bounds(used []rounds.Use) []string {
	const most = 5
	var list []string
	for _, a := range m.analyses {
		if text, ok := boundOf(a); ok {
			if len(m.analyses) > 1 {
				text = a.Curve.Series + ": " + text
			}
			list = append(list, text)
		}
	}
	if len(list) > most {
		rest := len(list) - most
		list = append(list[:most], fmt.Sprintf("%d more series are in the results", rest))
	}
	if len(list) > 0 || len(m.analyses) == 0 {
		return list
	}
	// The processors are the same for all; a measured range is one series' own.
	a := &laws.Analysis{Curve: m.analyses[0].Curve}
	if len(m.analyses) == 1 {
		a = m.analyses[0]
	}
	if text, ok := boundOfProcess(a, m.atOne(used)); ok {
		list = []string{text}
	}
	return list
}

// atOne adds up what the processes at one worker took.
func (m *measurement) atOne(used []rounds.Use) rounds.Use {
	var sum rounds.Use
	axes, err := m.plan.parsed()
	if err != nil || len(axes) == 0 {
		return sum
	}
	level := axes[len(axes)-1].Name + "=1"
	for _, u := range used {
		if u.Point == level || strings.HasSuffix(u.Point, " "+level) {
			sum.Wall += u.Wall
			sum.CPU += u.CPU
		}
	}
	return sum
}

// boundOf says in a sentence or two whether a series computes or waits, by its
// CPU time over its wall time at one worker, and how many workers would fill
// the processors (B. Goetz et al., Java Concurrency in Practice, 2006, section
// 8.2):
//
//	workers = processors × (1 + waiting / computing) = processors / share
//
// held against the range of workers that was measured best. It is false for a
// series that has no cpu-ns/op at one worker.
func boundOf(a *laws.Analysis) (string, bool) {
	for _, p := range a.Curve.Points {
		cpu := p.Extra["cpu-sec/op"]
		if p.Workers != 1 || len(cpu) == 0 {
			continue
		}
		var wall []float64
		for _, s := range p.Samples {
			wall = append(wall, s.Time*p.Tasks)
		}
		if w := median(wall); w > 0 {
			share := median(cpu) / w
			return bound(share) + ": with one worker it " + computes(share) + ". " + implied(a, share), true
		}
	}
	return "", false
}

// boundOfProcess says it of whole processes, from their start to their end,
// which is what an account without --why can know.
func boundOfProcess(a *laws.Analysis, u rounds.Use) (string, bool) {
	if u.Wall <= 0 {
		return "", false
	}
	share := u.CPU.Seconds() / u.Wall.Seconds()
	return bound(share) + ", as far as the whole process tells, its start and preparations with it: with one worker it " +
		computes(share) + " (--why measures the benchmark alone). " + implied(a, share), true
}

// The shares that divide them: at 0.9 a second worker for a processor has next
// to nothing to do, at 0.1 ten of them share one.
const (
	mostlyComputes = 0.9
	mostlyWaits    = 0.1
)

func bound(share float64) string {
	switch {
	case share >= mostlyComputes:
		return "CPU-bound"
	case share <= mostlyWaits:
		return "I/O-bound"
	}
	return "mixed"
}

// computes says how much of the time is CPU time.
func computes(share float64) string {
	if share > 1.05 {
		return fmt.Sprintf("uses %.2g s of CPU time a second, so something computes beside the worker", share)
	}
	return fmt.Sprintf("computes %.2g %% of the time", 100*min(share, 1))
}

// implied is the number of workers that fills the processors, and what was
// measured.
func implied(a *laws.Analysis, share float64) string {
	n := processors(a.Curve.Machine)
	share = min(share, 1)
	if n == 0 || share <= 0 {
		return "How many workers would fill the processors is not known."
	}
	workers := n / share
	text := fmt.Sprintf("%s processors would be full with about %s workers", strconv.FormatFloat(n, 'g', 3, 64), whole(workers))
	if n == 1 {
		text = fmt.Sprintf("1 processor would be full with about %s workers", whole(workers))
	}
	p := a.PoolSize
	if p == nil || a.Curve.Kind == results.Weak {
		return text + "."
	}
	low, high := math.Ceil(p.Low), math.Floor(p.High)
	if low >= high {
		low, high = float64(p.N), float64(p.N)
	}
	best := whole(low) + " to " + whole(high) + " workers were"
	if low == high {
		best = whole(low) + " were"
	}
	best += " within 5 % of the best"
	switch last := a.Curve.Points[len(a.Curve.Points)-1].Workers; {
	case math.Round(workers) < low:
		return text + ", but more still paid: " + best + "."
	case math.Round(workers) <= high:
		return text + ", and so it was measured: " + best + "."
	case high >= math.Floor(last):
		return text + ", more than were measured: " + best + "; measure further."
	}
	return text + ", but fewer were enough: " + best + ". Something else is the limit: a serial part, a lock, or what it waits for."
}

// processors are those of the machine, or its quota where that is less.
func processors(m results.Machine) float64 {
	if m.Quota > 0 && (m.Logical == 0 || m.Quota < float64(m.Logical)) {
		return m.Quota
	}
	return float64(m.Logical)
}

// whole prints a number of workers.
func whole(v float64) string {
	if v >= 1e6 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
}

// median is the middle of the values, of which there is one at least.
func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
