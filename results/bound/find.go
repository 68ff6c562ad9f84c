package bound

import (
	"fmt"
	"math"
	"strconv"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// find writes the findings: one with the code cpu, io or mixed; excess; one of pool,
// pool-inside, pool-below, pool-beyond and pool-above. There are none without a share.
func (v *Verdict) find(a *laws.Analysis) {
	v.verdict()
	if v.Excess > 0 {
		v.say("excess", "At one worker %s s of CPU time are used in a second: something computes beside the worker, such as dispatch in another process, the garbage collector, or a wait that spins.", words.Number(v.Excess))
	}
	v.pool(a)
}

func (v *Verdict) say(code, format string, args ...any) {
	v.Findings = append(v.Findings, laws.Finding{Code: code, Text: fmt.Sprintf(format, args...)})
}

func (v *Verdict) verdict() {
	switch {
	case v.Share == nil:
	case v.Bound == CPU:
		v.say("cpu", "CPU-bound: with one worker it computes %s of the time%s.", words.Share(v.Share.Value), between(v.Share.Interval, words.Share))
	case v.Bound == IO:
		v.say("io", "I/O-bound: with one worker it computes %s of the time%s and waits for the rest.", words.Share(v.Share.Value), between(v.Share.Interval, words.Share))
	default:
		v.say("mixed", "Mixed: with one worker it computes %s of the time%s and waits for the rest.", words.Share(v.Share.Value), between(v.Share.Interval, words.Share))
	}
}

func (v *Verdict) pool(a *laws.Analysis) {
	if v.Pool == nil || math.IsInf(v.Pool.Value, 1) {
		return
	}
	if v.Best > 0 {
		v.say("pool-above", "By its share of computing alone %s would be full with about %s workers, but more than %s are no faster by the law that fits: something else is the limit, such as a serial part, a lock, or what the tasks wait for.",
			v.processors(), words.Whole(v.Pool.Value), words.Whole(v.Best))
		return
	}
	implied := fmt.Sprintf("%s would be full with about %s workers%s (processors / share of computing)", v.processors(), words.Whole(v.Pool.Value), between(v.Pool.Interval, words.Whole))
	measured := ""
	if p := a.PoolSize; p != nil {
		if measured = words.Whole(math.Ceil(p.Low)) + " to " + words.Whole(math.Floor(p.High)); math.Ceil(p.Low) >= math.Floor(p.High) {
			measured = strconv.Itoa(p.N)
		}
		measured += " workers are within 5 % of the best"
	}
	switch v.Against {
	case NotMeasured:
		v.say("pool", "%s.", implied)
	case Inside:
		v.say("pool-inside", "%s, which the measurement does not contradict: %s.", implied, measured)
	case Below:
		v.say("pool-below", "%s, but more still paid: %s. A task needs less CPU time when several run, or waited for a processor when alone.", implied, measured)
	case Beyond:
		v.say("pool-beyond", "%s, more than were measured: %s, up to the last level. Measure further.", implied, measured)
	case Above:
		v.say("pool-above", "%s, but fewer were enough: %s. Something else is the limit: a serial part, a lock, or what the tasks wait for.", implied, measured)
	}
}

func (v *Verdict) processors() string {
	if v.Processors == 1 {
		return "1 processor"
	}
	return words.Number(v.Processors) + " processors"
}

// between writes an interval behind its number; "" without one.
func between(i *laws.Interval, write func(float64) string) string {
	if i == nil {
		return ""
	}
	return words.Range(i.Low, i.High, write)
}
