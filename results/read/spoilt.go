package read

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results/words"
)

// parseRounds reads the value of a line "spoilt-rounds: 3,7".
func parseRounds(value string) (map[int]bool, error) {
	rounds := map[int]bool{}
	if value = strings.TrimSpace(value); value == "" {
		return rounds, nil
	}
	for field := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("the line names no rounds: write whole numbers from 1 with commas between them, as in %s: 3,7", contract.KeySpoiltRounds)
		}
		rounds[n] = true
	}
	return rounds, nil
}

// beginFile says that the samples of another file follow.
func (b *builder) beginFile() {
	for _, c := range b.order {
		c.fileFrom = len(c.curve.Sentinels)
		for _, l := range c.levels {
			l.fileFrom = len(l.point.Samples)
		}
	}
}

// spoiltRounds lists the rounds of one file that were left out of a curve.
type spoiltRounds struct {
	file   int    // by number
	rounds []int  // ascending
	of     int    // how many rounds the curve has there
	suffix string // of the warning: names the file where there are several
}

// markSpoilt notes which of the samples that were read since beginFile are of
// spoilt rounds. The text of a warning ends with suffix.
func (b *builder) markSpoilt(spoilt map[int]bool, suffix string) {
	b.files++
	if len(spoilt) == 0 {
		return
	}
	for _, c := range b.order {
		had, gone := map[int]bool{}, map[int]bool{}
		for _, l := range c.levels {
			for i, s := range l.point.Samples[l.fileFrom:] {
				had[s.Round] = true
				if spoilt[s.Round] {
					gone[s.Round] = true
					l.spoilt = append(l.spoilt, l.fileFrom+i)
				}
			}
		}
		for i, s := range c.curve.Sentinels[c.fileFrom:] {
			if spoilt[s.Round] {
				c.spoilt = append(c.spoilt, c.fileFrom+i)
			}
		}
		if len(gone) > 0 {
			c.leftOut = append(c.leftOut, spoiltRounds{b.files, slices.Sorted(maps.Keys(gone)), len(had), suffix})
		}
	}
}

// leaveOutSpoilt takes the samples of spoilt rounds away from a curve, and warns
// of it. A curve that has no others keeps them: a poor answer with a warning is
// better than none.
func (b *builder) leaveOutSpoilt(c *curveBuilder) {
	warn := func(format string, args ...any) {
		c.curve.Warnings = append(c.curve.Warnings, fmt.Errorf(format, args...))
	}
	all, spoilt := 0, 0
	for _, l := range c.levels {
		all += len(l.point.Samples)
		spoilt += len(l.spoilt)
	}
	if spoilt == 0 {
		return
	}
	if spoilt == all {
		rounds := 0
		for _, f := range c.leftOut {
			rounds += f.of
		}
		what := "its only round was"
		if rounds > 1 {
			what = fmt.Sprintf("all %d rounds were", rounds)
		}
		warn("%s spoilt by other load on the machine, and kept because there are no others: what they show is the load too: measure again when the machine is quiet", what)
		return
	}
	for _, l := range c.levels {
		b.left.Samples += l.dropSpoilt()
	}
	sentinels := c.curve.Sentinels[:0]
	for i, s := range c.curve.Sentinels {
		if _, found := slices.BinarySearch(c.spoilt, i); !found {
			sentinels = append(sentinels, s)
		}
	}
	c.curve.Sentinels = sentinels
	for _, f := range c.leftOut {
		verb, noun := "were", "rounds"
		if len(f.rounds) == 1 {
			verb, noun = "was", "round"
		}
		warn("%d of %d rounds %s left out: spoilt by other load on the machine (%s %s%s)", len(f.rounds), f.of, verb, noun, words.Numbers(f.rounds), f.suffix)
		for _, r := range f.rounds {
			b.leftKnown[fileRound{f.file, r}] = true
		}
	}
	b.left.Rounds = len(b.leftKnown)
}

// dropSpoilt removes the spoilt samples with all that belongs to them. It
// returns how many there were.
func (l *levelBuilder) dropSpoilt() (dropped int) {
	if len(l.spoilt) == 0 {
		return 0
	}
	places := make([]int, len(l.point.Samples)) // where each sample goes, -1 for nowhere
	for _, i := range l.spoilt {
		places[i] = -1
	}
	kept := 0
	for i, s := range l.point.Samples {
		if places[i] < 0 {
			continue
		}
		l.point.Samples[kept] = s
		if l.tasks != nil {
			l.tasks[kept] = l.tasks[i]
		}
		places[i] = kept
		kept++
	}
	dropped = len(places) - kept
	l.point.Samples = l.point.Samples[:kept]
	if l.tasks != nil {
		l.tasks = l.tasks[:kept]
	}
	for unit, m := range l.extra {
		n := 0
		for i, at := range m.of {
			if places[at] >= 0 {
				m.values[n], m.of[n] = m.values[i], places[at]
				n++
			}
		}
		if m.values, m.of = m.values[:n], m.of[:n]; n == 0 {
			delete(l.extra, unit)
		}
	}
	return dropped
}
