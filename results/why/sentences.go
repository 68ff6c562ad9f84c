package why

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchunit"
)

// Sentences say where the time went: at the most workers; what makes a task
// dearer than with the fewest; where the largest loss changes.
func (s *Stack) Sentences() []string {
	if len(s.Levels) == 0 {
		return nil
	}
	list := []string{s.Levels[len(s.Levels)-1].Sentence()}
	for _, more := range []string{s.growth(), s.changes()} {
		if more != "" {
			list = append(list, more)
		}
	}
	return list
}

// Sentence says where the time of a level went: "At 16 workers 38 % of the
// worker time is useful compute and 62 % is lost: 41 % to the serial section,
// 21 % to 3 other causes."
func (l Level) Sentence() string {
	var has []string
	w, _ := l.Share(IO)
	if u, ok := l.Share(Useful); ok && (u >= seen || w < 0.01) {
		has = append(has, percent(u)+" of the worker time is useful compute")
	}
	if w >= 0.01 {
		has = append(has, percent(w)+of(has)+" waits for I/O")
	}
	unknown, _ := l.Share(Unattributed)
	switch lost := l.Lost(); {
	case lost >= 0.01:
		has = append(has, percent(lost)+of(has)+" is lost: "+enumerate(l.Losses()))
	case unknown < 0.01:
		has = append(has, "next to nothing"+of(has)+" is lost")
	}
	text := join(has)
	if unknown >= 0.01 {
		if text != "" {
			text += "; "
		}
		text += percent(unknown) + of(has) + " is unattributed"
	}
	return "At " + workers(l.Workers) + " " + text + "."
}

func of(said []string) string {
	if len(said) == 0 {
		return " of the worker time"
	}
	return ""
}

// enumerate names at most three causes, the largest first, and sums up the
// others.
func enumerate(parts []Part) string {
	n := 0
	for n < min(3, len(parts)) && parts[n].Share >= 0.01 {
		n++
	}
	n = max(n, 1)
	if len(parts) == n+1 && parts[n].Share >= 0.01 {
		n++ // rather name it than call it another cause
	}
	var list []string
	for _, p := range parts[:n] {
		list = append(list, percent(p.Share)+" to "+p.Phrase)
	}
	rest := 0.0
	for _, p := range parts[n:] {
		rest += p.Share
	}
	if rest >= 0.01 {
		list = append(list, fmt.Sprintf("%s to %d other causes", percent(rest), len(parts)-n))
	}
	return join(list)
}

// growth says what makes a task dearer at the most workers than at the
// fewest; "" if it is not by 2 %.
func (s *Stack) growth() string {
	first, last := s.Levels[0], s.Levels[len(s.Levels)-1]
	more := last.Paid - first.Paid
	if !(more > 0.02*first.Paid) {
		return ""
	}
	var grown []Part // the share is of more
	for _, c := range All {
		before, _ := first.Share(c)
		after, ok := last.Share(c)
		if d := after*last.Paid - before*first.Paid; ok && d > 0.05*more {
			grown = append(grown, Part{c, d / more})
		}
	}
	if len(grown) == 0 {
		return ""
	}
	slices.SortStableFunc(grown, func(a, b Part) int {
		if a.Share > b.Share {
			return -1
		}
		return 1
	})
	var list []string
	for i, p := range grown[:min(3, len(grown))] {
		verb := " go to "
		if i > 0 {
			verb = " to "
		}
		list = append(list, seconds(p.Share*more)+verb+p.Phrase)
	}
	one := "A task"
	if s.PerOp {
		one = "An operation"
	}
	return fmt.Sprintf("%s costs %s of worker time at %s and %s at %s; of the %s more, %s.",
		one, seconds(first.Paid), workers(first.Workers), seconds(last.Paid), workers(last.Workers), seconds(more), join(list))
}

// changes says where the largest loss becomes another; "" if it never does.
// Levels that lose less than 2 % have no say.
func (s *Stack) changes() string {
	type run struct {
		cause     *Cause
		low, high float64
	}
	var runs []run
	for _, l := range s.Levels {
		p, ok := l.Largest()
		if !ok || l.Lost() < 0.02 {
			continue
		}
		if n := len(runs); n > 0 && runs[n-1].cause == p.Cause {
			runs[n-1].high = l.Workers
			continue
		}
		runs = append(runs, run{p.Cause, l.Workers, l.Workers})
	}
	if len(runs) < 2 {
		return ""
	}
	var list []string
	for i, r := range runs {
		where := fmt.Sprintf("from %s to %s", number(r.low), workers(r.high))
		switch {
		case r.low == r.high:
			where = "at " + workers(r.low)
		case i == 0:
			where = "up to " + workers(r.high)
		case i == len(runs)-1:
			where = "from " + workers(r.low) + " on"
		}
		list = append(list, r.cause.Phrase+" "+where)
	}
	return "The largest loss is " + join(list) + "."
}

// join writes "a, b and c".
func join(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

func number(n float64) string { return fmt.Sprintf("%.6g", n) }

func workers(n float64) string {
	if n == 1 {
		return "1 worker"
	}
	return number(n) + " workers"
}

// percent prints a share without decimals where it has two digits: "62 %",
// "4.1 %".
func percent(v float64) string {
	if v < 0.0995 && math.Round(1000*v) > 0 {
		return fmt.Sprintf("%.1f %%", 100*v)
	}
	return fmt.Sprintf("%.0f %%", 100*v)
}

// seconds prints a time to three digits: "5.12 ms".
func seconds(t float64) string {
	scale := benchunit.Scaler{Factor: 1}
	if t < 1 {
		scale = benchunit.CommonScale([]float64{t}, benchunit.Decimal)
	}
	v := t / scale.Factor
	digits := 2
	for a := v; a >= 9.995 && digits > 0; a /= 10 {
		digits--
	}
	return fmt.Sprintf("%.*f %ss", digits, v, scale.Prefix)
}
