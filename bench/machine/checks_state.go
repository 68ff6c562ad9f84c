package machine

import (
	"fmt"
	"strconv"
	"strings"
)

// The checks of what changes while a machine runs.

func stealCheck(o Observation) (Finding, bool) {
	var parts []string
	var r Finding
	worst := 0.0
	if o.Start.Times != nil {
		if share, ok := o.Start.Times.Share(); ok {
			parts = append(parts, percent(share)+" of the wanted time since start")
			worst, r.Cost = share, steps(share, 0.5, 5)
		}
	}
	if o.During != nil && o.During.Steal != nil {
		// Over a second, a single tick is about 1 %.
		share := *o.During.Steal
		parts = append(parts, percent(share)+" just now")
		worst, r.Cost = max(worst, share), max(r.Cost, steps(share, 2, 5))
	}
	if len(parts) == 0 {
		return unknown(o.Start.Unknown, "steal")
	}
	r.Mark, r.Found, r.Short = Good, strings.Join(parts, ", "), "steal "+percent(worst)
	r.Help = "Measure when the host is less busy, or on an instance with dedicated processors. Burstable instances steal once their credits are used up."
	return r, true
}

func throttledCheck(o Observation) (Finding, bool) {
	t := o.Start.Throttled
	if t == nil {
		return unknown(o.Start.Unknown, "throttled") // and nothing to say where no quota is
	}
	r := Finding{Mark: Good, Found: fmt.Sprintf("in %d of %d periods", t.Stopped, t.Periods)}
	r.Help = "Measure no more workers than the quota allows, or raise it."
	if o.During != nil && o.During.Throttled != nil {
		r.Found += fmt.Sprintf(", and in %d just now", *o.During.Throttled)
		if *o.During.Throttled > 0 {
			r.Cost = 1
		}
	}
	if t.Stopped > 0 && float64(t.Stopped) >= 0.01*float64(t.Periods) {
		r.Cost = 1
	}
	r.Short = "throttled"
	return r, true
}

func heatCheck(o Observation) (Finding, bool) {
	n := o.Start.Thermal
	if n == nil {
		return unknown(o.Start.Unknown, "thermal")
	}
	if o.During != nil && o.During.Thermal != nil && *o.During.Thermal > 0 {
		return Finding{
			Cost: 2, Found: fmt.Sprintf("slowed %d times just now", *o.During.Thermal), Short: "too hot",
			Help: "Cool it, pause between rounds, or switch turbo off.",
		}, true
	}
	if *n > 0 {
		return Finding{Mark: Note, Found: fmt.Sprintf("slowed %d times since the system started, not just now", *n),
			Help: "Expect it again in long runs: look at the last rounds."}, true
	}
	return Finding{Mark: Good, Found: "never slowed for it"}, true
}

func loadCheck(o Observation) (Finding, bool) {
	var parts []string
	r := Finding{Mark: Good}
	if o.Start.Load != nil && o.Facts.Allowed > 0 {
		l := *o.Start.Load
		share := l / float64(max(o.Facts.Allowed, o.Facts.Online)) // load is of the whole machine
		parts = append(parts, fmt.Sprintf("load %s over a minute", strconv.FormatFloat(l, 'f', 2, 64)))
		r.Short = "load " + strconv.FormatFloat(l, 'f', 2, 64)
		r.Cost = steps(share, 0.1, 0.5)
	}
	if p := o.Start.Pressure; p != nil {
		parts = append(parts, fmt.Sprintf("work waited in %s of the last 10 s", percent(p.Avg10)))
		if cost := steps(p.Avg10, 5, 25); cost > r.Cost || r.Short == "" {
			r.Cost, r.Short = cost, "pressure "+percent(p.Avg10)
		}
	}
	if len(parts) == 0 {
		return unknown(o.Start.Unknown, "load")
	}
	r.Found = strings.Join(parts, ", ")
	r.Help = "See what runs and stop it, or wait for a minute if it was you:"
	r.Commands = []string{"top -o %CPU"}
	if o.Given != nil && r.Cost > 0 {
		if _, known := o.Given.Processors(); known && o.Given.Quiet() {
			r.Mark, r.Cost, r.Short = Note, 0, ""
			r.Found += "; the processors are free now"
			r.Help, r.Commands = "What made the load is over.", nil
		}
	}
	return r, true
}

func givenCheck(o Observation) (Finding, bool) {
	if o.Given == nil {
		return Finding{}, false
	}
	n, ok := o.Given.Processors()
	if !ok {
		return Finding{}, false
	}
	r := Finding{Mark: Good, Found: o.Given.String(), Short: o.Given.String()}
	share := n / float64(o.Given.Threads)
	switch {
	case share < 0.6:
		r.Cost = 2
	case share < Enough:
		r.Cost = 1
	}
	r.Help = "Other programs, a quota or the host have the rest: see what runs and stop it, or wait: amdahl run --wait 5m ..."
	r.Commands = []string{"top -o %CPU"}
	return r, true
}

func togetherCheck(o Observation) (Finding, bool) {
	t := o.Timing
	if t == nil || t.Processors < 2 {
		return Finding{}, false
	}
	worth := strconv.FormatFloat(t.Worth, 'f', 1, 64)
	r := Finding{Mark: Good, Found: fmt.Sprintf("%d processors give %s processors' worth", t.Processors, worth)}
	share := t.Worth / float64(t.Processors)
	if share >= 0.9 {
		return r, true
	}
	r.Cost, r.Short = 1, fmt.Sprintf("%d give %s", t.Processors, worth)
	if share < 0.6 {
		r.Cost = 2
	}
	switch {
	case t.Ran == 0:
		r.Help = "SMT siblings, virtual processors on one core, unlike cores, turbo, a quota or other work do this."
	case t.Ran < 0.9:
		r.Found += ": they ran " + percent(100*t.Ran) + " of the time"
		r.Help = "Other work or a quota had the rest: see what runs, then look again."
	default:
		r.Found += ", though they ran all the time"
		r.Help = "SMT siblings, virtual processors on one core, unlike cores or turbo do this: use other processors, or count these for what they are worth."
	}
	return r, true
}

// steps is 1 from the lower threshold, 2 from the higher, 0 below.
func steps(v, low, high float64) int {
	switch {
	case v >= high:
		return 2
	case v >= low:
		return 1
	}
	return 0
}
