package why

import (
	"amdahl/results/words"
	"fmt"
	"slices"
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
		has = append(has, words.Share(u)+" of the worker time is useful compute")
	}
	if w >= 0.01 {
		has = append(has, words.Share(w)+of(has)+" waits for I/O")
	}
	unknown, _ := l.Share(Unattributed)
	if l.Workers > 1 && l.Lost() < 0.01 && unknown < 0.01 && l.Unseen > mostUnseen {
		return "At " + words.Workers(l.Workers) + " no loss shows: one below " + words.Share(l.Unseen) + " of the worker time would be hidden by the differences between rounds."
	}
	switch lost := l.Lost(); {
	case lost >= 0.01:
		has = append(has, words.Share(lost)+of(has)+" is lost: "+enumerate(l.Losses()))
	case unknown < 0.01:
		has = append(has, "next to nothing"+of(has)+" is lost")
	}
	text := words.List(has)
	if unknown >= 0.01 {
		if text != "" {
			text += "; "
		}
		text += words.Share(unknown) + of(has) + " is unattributed"
	}
	return "At " + words.Workers(l.Workers) + " " + text + "."
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
		list = append(list, words.Share(p.Share)+" to "+p.Phrase)
	}
	rest := 0.0
	for _, p := range parts[n:] {
		rest += p.Share
	}
	if rest >= 0.01 {
		list = append(list, fmt.Sprintf("%s to %d other causes", words.Share(rest), len(parts)-n))
	}
	return words.List(list)
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
		if c == Useful && s.Traced {
			continue // it is the same by definition: what differs is noise between timed and traced rounds
		}
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
		list = append(list, words.EvenSeconds(p.Share*more)+verb+p.Phrase)
	}
	one := "A task"
	if s.PerOp {
		one = "An operation"
	}
	return fmt.Sprintf("%s costs %s of worker time at %s and %s at %s; of the %s more, %s.",
		one, words.EvenSeconds(first.Paid), words.Workers(first.Workers), words.EvenSeconds(last.Paid), words.Workers(last.Workers), words.EvenSeconds(more), words.List(list))
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
		where := fmt.Sprintf("from %s to %s", words.Exact(r.low), words.Workers(r.high))
		switch {
		case r.low == r.high:
			where = "at " + words.Workers(r.low)
		case i == 0:
			where = "up to " + words.Workers(r.high)
		case i == len(runs)-1:
			where = "from " + words.Workers(r.low) + " on"
		}
		list = append(list, r.cause.Phrase+" "+where)
	}
	return "The largest loss is " + words.List(list) + "."
}
