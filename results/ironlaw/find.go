package ironlaw

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// A factor has changed if it is further from 1 than its threshold and its interval
// does not hold 1. Without an interval (fewer than six samples at 95 %) the
// threshold is double.
const (
	instructionsChange = 0.02 // the same code on the same data: only retries and dispatch differ
	cpiChange          = 0.05
	clockChange        = 0.05 // the clocks of one machine from minute to minute
	cpuChange          = 0.05
	mostOff            = 0.05 // of the product of medians, before a warning
)

// A factor is one part of the iron law and what its change means. The sentences
// take the factor as a multiple and the workers.
type factor struct {
	code               string
	of                 func(*Level) *Quantity
	threshold          float64
	same, grows, falls string
}

var factors = []factor{
	{"instructions", func(v *Level) *Quantity { return v.Instructions }, instructionsChange,
		"Instructions stay at %[1]s: more workers do not change the work.",
		"Instructions grow to %[1]s at %[2]s: the workers do more than one did: dispatch, spinning on locks, copying.",
		"Instructions fall to %[1]s at %[2]s: one worker did more, such as making what the others share, or spinning while it waited."},
	{"cpi", func(v *Level) *Quantity { return v.CPI }, cpiChange,
		"Cycles per instruction (CPI) stay at %[1]s: caches and memory keep up.",
		"CPI grows to %[1]s at %[2]s: caches, SMT or memory: the same instructions wait longer.",
		"CPI falls to %[1]s at %[2]s: each worker has more cache for its share, or one worker had cold caches."},
	{"clock", func(v *Level) *Quantity { return v.Clock }, clockChange,
		"The clock stays at %[1]s: the processors run as fast when more of them are busy.",
		"The clock rises to %[1]s at %[2]s: with one worker the processors had not woken up (governor, idle states).",
		"The clock falls to %[1]s at %[2]s: turbo for few processors only, heat or a power limit; on a virtual machine, time that the host took."},
}

// find writes the findings. Their codes are cpu-same, cpu-grows and cpu-falls,
// the same for instructions, cpi and clock, and user-only, no-cpu, no-counters.
func (l *Law) find() {
	l.task()
	for _, f := range factors {
		if v, q, change := l.farthest(f.threshold, f.of); v != nil {
			code, format := f.code+"-same", f.same
			switch change {
			case 1:
				code, format = f.code+"-grows", f.grows
			case -1:
				code, format = f.code+"-falls", f.falls
			}
			l.say(code, format, times(q), words.Workers(v.Workers))
		}
	}
	if l.UserOnly && slices.ContainsFunc(l.Levels, func(v Level) bool { return v.Clock != nil }) {
		l.say("user-only", "Instructions and cycles are those of user code and CPU time is not, so the clock reads too low by the share of time in the kernel.")
	}
	l.missing("no-cpu", "no CPU time: ")
	l.missing("no-counters", "no counters: ")
}

func (l *Law) say(code, format string, args ...any) {
	l.Findings = append(l.Findings, laws.Finding{Code: code, Text: fmt.Sprintf(format, args...)})
}

// task says how dear a task becomes, and by which factors.
func (l *Law) task() {
	v, q, change := l.farthest(cpuChange, func(v *Level) *Quantity { return v.CPU })
	if v == nil {
		return
	}
	switch change {
	case 0:
		l.say("cpu-same", "A task takes the same CPU time with any number of workers: computing gets no dearer. Where the speedup falls short, processors were idle or too few.")
	case 1:
		l.say("cpu-grows", "A task takes %s the CPU time at %s%s.", times(q), words.Workers(v.Workers), because(v))
	default:
		l.say("cpu-falls", "A task takes %s the CPU time at %s%s.", times(q), words.Workers(v.Workers), because(v))
	}
}

// because is the iron law of a level in factors, where all are known.
func because(v *Level) string {
	i, c, f := v.Instructions, v.CPI, v.Clock
	if i == nil || c == nil || f == nil {
		return ""
	}
	return fmt.Sprintf(": instructions %s, cycles for each %s, length of a cycle %s", times(i), times(c), multiple(1/f.Factor.Value))
}

// farthest is the level with the greatest change of a quantity among those that
// pass the threshold, or else the last level that has it, with change 0. It is
// nil where fewer than two levels have it.
func (l *Law) farthest(threshold float64, of func(*Level) *Quantity) (level *Level, q *Quantity, change int) {
	have := 0
	most := 0.0
	for i := range l.Levels {
		v := of(&l.Levels[i])
		if v == nil || v.Factor == nil {
			continue
		}
		have++
		size := math.Abs(math.Log(v.Factor.Value))
		if changed(v.Factor, threshold) && size > most {
			level, q, most = &l.Levels[i], v, size
			change = 1
			if v.Factor.Value < 1 {
				change = -1
			}
		}
		if change == 0 {
			level, q = &l.Levels[i], v
		}
	}
	if have < 2 {
		return nil, nil, 0
	}
	return level, q, change
}

// changed says whether a factor is away from 1 by more than noise.
func changed(f *laws.Estimate, threshold float64) bool {
	if i := f.Interval; i != nil {
		return math.Abs(f.Value-1) > threshold && (i.Low > 1 || i.High < 1)
	}
	return math.Abs(f.Value-1) > 2*threshold
}

// missing says once what levels lack, with the reason of the first of them.
func (l *Law) missing(code, prefix string) {
	var at []float64
	reason := ""
	for _, v := range l.Levels {
		for _, m := range v.Missing {
			if strings.HasPrefix(m, prefix) {
				at, reason = append(at, v.Workers), cmp.Or(reason, m)
			}
		}
	}
	if reason == "" {
		return
	}
	reason = strings.ToUpper(reason[:1]) + reason[1:]
	if len(at) < len(l.Levels) {
		reason += " (at " + words.Levels(at) + ")"
	}
	l.say(code, "%s.", reason)
}

// times prints a factor: "1.80×".
func times(q *Quantity) string { return multiple(q.Factor.Value) }

func multiple(v float64) string { return fmt.Sprintf("%.2f×", v) }
