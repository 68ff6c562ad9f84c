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
// does not hold 1. It stays the same if no end of its interval is further from 1 than
// twice the threshold. Else the samples spread too much to tell. Without an interval
// (fewer than six samples at 95 %) twice the threshold divides changed from same.
const (
	instructionsChange = 0.02 // the same code on the same data: only retries and dispatch differ
	cpiChange          = 0.05
	clockChange        = 0.05 // the clocks of one machine from minute to minute
	cpuChange          = 0.05
	mostOff            = 0.05 // of the product of medians, before a warning
)

// A factor is one part of the iron law and what its change means. The sentences
// take the factor as a multiple and the workers. what is asked where the samples do not
// tell.
type factor struct {
	code                     string
	of                       func(*Level) *Quantity
	threshold                float64
	same, grows, falls, what string
}

var factors = []factor{
	{"instructions", func(v *Level) *Quantity { return v.Instructions }, instructionsChange,
		"Instructions stay at %[1]s: more workers do not change the work.",
		"Instructions grow to %[1]s at %[2]s: the workers do more than one did: dispatch, spinning on locks, copying.",
		"Instructions fall to %[1]s at %[2]s: one worker did more, such as making what the others share, or spinning while it waited.",
		"a task takes more instructions"},
	{"cpi", func(v *Level) *Quantity { return v.CPI }, cpiChange,
		"Cycles per instruction (CPI) stay at %[1]s: caches and memory keep up.",
		"CPI grows to %[1]s at %[2]s: caches, SMT or memory: the same instructions wait longer.",
		"CPI falls to %[1]s at %[2]s: each worker has more cache for its share, or one worker had cold caches.",
		"an instruction takes more cycles"},
	{"clock", func(v *Level) *Quantity { return v.Clock }, clockChange,
		"The clock stays at %[1]s: the processors run as fast when more of them are busy.",
		"The clock rises to %[1]s at %[2]s: with one worker the processors had not woken up (governor, idle states).",
		"The clock falls to %[1]s at %[2]s: turbo for few processors only, heat or a power limit; on a virtual machine, time that the host took.",
		"the clock changes"},
}

// find writes the findings. Their codes are cpu-same, cpu-grows, cpu-falls and
// cpu-unclear, the same for instructions, cpi and clock, and user-only, no-cpu,
// no-counters.
func (l *Law) find() {
	l.task()
	for _, f := range factors {
		if v, q, change := l.farthest(f.threshold, f.of); v != nil {
			code, format := f.code+"-same", f.same
			switch change {
			case grows:
				code, format = f.code+"-grows", f.grows
			case falls:
				code, format = f.code+"-falls", f.falls
			case unclear:
				l.unclear(f.code, f.what, v, q)
				continue
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
	case unclear:
		l.unclear("cpu", "a task takes more CPU time", v, q)
	case same:
		l.say("cpu-same", "A task takes the same CPU time with any number of workers: computing gets no dearer. Where the speedup falls short, processors were idle or too few.")
	case grows:
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

// unclear says that the samples of a level spread too much to tell whether a quantity
// changes.
func (l *Law) unclear(code, what string, v *Level, q *Quantity) {
	i := q.Factor.Interval
	l.say(code+"-unclear", "Whether %s with more workers these samples do not tell: it is %s at %s, and anything from %s to %s fits them. Take more samples, on a quieter machine.",
		what, times(q), words.Workers(v.Workers), multiple(i.Low), multiple(i.High))
}

// A change is what becomes of a quantity as workers are added.
type change int

const (
	same change = iota
	grows
	falls
	unclear // its intervals are too wide to tell
)

// farthest is the level with the greatest change of a quantity among those that
// pass the threshold; else the one with the widest interval, if that is too wide to
// tell; else the last level that has the quantity. It is nil where fewer than two
// levels have it.
func (l *Law) farthest(threshold float64, of func(*Level) *Quantity) (level *Level, q *Quantity, found change) {
	have := 0
	most, widest := 0.0, 2*threshold
	for i := range l.Levels {
		v := of(&l.Levels[i])
		if v == nil || v.Factor == nil {
			continue
		}
		have++
		size := math.Abs(math.Log(v.Factor.Value))
		if changed(v.Factor, threshold) && size > most {
			level, q, most, found = &l.Levels[i], v, size, grows
			if v.Factor.Value < 1 {
				found = falls
			}
		}
		if found != same && found != unclear {
			continue
		}
		if r := reach(v.Factor); r > widest {
			level, q, widest, found = &l.Levels[i], v, r, unclear
		} else if found == same {
			level, q = &l.Levels[i], v
		}
	}
	if have < 2 {
		return nil, nil, same
	}
	return level, q, found
}

// reach is how far from 1 the interval of a factor goes; 0 without an interval.
func reach(f *laws.Estimate) float64 {
	if f.Interval == nil {
		return 0
	}
	return max(1-f.Interval.Low, f.Interval.High-1)
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
