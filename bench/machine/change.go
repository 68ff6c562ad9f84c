package machine

import (
	"strconv"
	"time"

	"amdahl/bench/contract"
)

// A Change is what happened to the machine between two snapshots. A nil field
// was not found out.
type Change struct {
	Over      time.Duration
	Steal     *float64       // per cent of the wanted time, see [Times.Share]
	Throttled *uint64        // periods in which the quota was used up
	Thermal   *uint64        // times that a processor was slowed for its heat
	Stalled   *time.Duration // in which some task waited for a processor, the own ones too
	Load      *float64       // at the end
}

// Difference is the change from one snapshot to a later one. A counter that
// went back, as when a process moves to another control group, gives nothing.
func Difference(before, after Snapshot) Change {
	c := Change{Over: after.At.Sub(before.At), Load: after.Load}
	if b, a := before.Times, after.Times; b != nil && a != nil && a.Wanted >= b.Wanted && a.Stolen >= b.Stolen {
		if share, ok := (Times{a.Wanted - b.Wanted, a.Stolen - b.Stolen}).Share(); ok {
			c.Steal = &share
		}
	}
	if b, a := before.Throttled, after.Throttled; b != nil && a != nil && a.Stopped >= b.Stopped {
		n := a.Stopped - b.Stopped
		c.Throttled = &n
	}
	if b, a := before.Thermal, after.Thermal; b != nil && a != nil && *a >= *b {
		n := *a - *b
		c.Thermal = &n
	}
	if b, a := before.Pressure, after.Pressure; b != nil && a != nil && a.Total >= b.Total {
		d := a.Total - b.Total
		c.Stalled = &d
	}
	return c
}

// Settings are the change as configuration lines, for the end of a round:
// steal in per cent, throttled and thermal as counts, stalled as a time, load.
func (c Change) Settings() []Setting {
	var list []Setting
	add := func(key, value string) { list = append(list, Setting{key, value}) }
	if c.Steal != nil {
		add(contract.KeySteal, percent(*c.Steal))
	}
	if c.Throttled != nil {
		add(contract.KeyThrottled, strconv.FormatUint(*c.Throttled, 10))
	}
	if c.Thermal != nil {
		add(contract.KeyThermal, strconv.FormatUint(*c.Thermal, 10))
	}
	if c.Stalled != nil {
		add(contract.KeyStalled, strconv.FormatInt(c.Stalled.Milliseconds(), 10)+" ms")
	}
	if c.Load != nil {
		add(contract.KeyLoad, strconv.FormatFloat(*c.Load, 'f', 2, 64))
	}
	return list
}

// percent is a share in per cent: one decimal below ten, none above.
func percent(p float64) string {
	digits := 1
	if p >= 9.95 {
		digits = 0
	}
	return strconv.FormatFloat(p, 'f', digits, 64) + " %"
}
