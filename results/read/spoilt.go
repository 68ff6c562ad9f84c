package read

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
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

// leaveOutSpoilt takes the samples of spoilt rounds away from a curve, and warns
// of it. A curve without a sound round keeps them all, so that there is something
// to show; [results.Rounds.TooFew] says that nothing of it is sound.
func (b *builder) leaveOutSpoilt(d *draft) {
	c := &d.curve
	byFile := map[int][]located{}
	for _, r := range d.records {
		byFile[r.block.file] = append(byFile[r.block.file], r)
	}
	all := map[int]map[int]results.Reason{}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		records := byFile[file]
		spoilt := b.reasons(file, records)
		rounds, gone := map[int]bool{}, map[results.Reason][]int{}
		for _, r := range records {
			for _, s := range r.samples {
				if s.Round > 0 && !rounds[s.Round] {
					rounds[s.Round] = true
					if why := spoilt[s.Round]; why != "" {
						gone[why] = append(gone[why], s.Round)
					}
				}
			}
		}
		c.Rounds.Total += len(rounds)
		c.Rounds.Kept += len(rounds)
		for _, why := range slices.Sorted(maps.Keys(gone)) {
			slices.Sort(gone[why])
			c.Rounds.Kept -= len(gone[why])
			c.Rounds.LeftOut = append(c.Rounds.LeftOut, results.LeftOut{File: records[0].block.path, Rounds: gone[why], Why: why})
			b.warnSpoilt(c, c.Rounds.LeftOut[len(c.Rounds.LeftOut)-1], len(rounds))
			for _, r := range gone[why] {
				b.leftKnown[fileRound{file, r}] = true
			}
		}
		all[file] = spoilt
	}
	if c.Rounds.Kept > 0 || len(c.Rounds.LeftOut) == 0 {
		for _, r := range d.records {
			r.spoilt = map[int]bool{}
			for round := range all[r.block.file] {
				r.spoilt[round] = true
			}
			b.left.Samples += r.drop()
		}
	}
	b.left.Rounds = len(b.leftKnown)
}

// warnSpoilt warns of the rounds of a file that were left out of a curve for one
// reason, of this many.
func (b *builder) warnSpoilt(c *results.Curve, l results.LeftOut, of int) {
	verb, noun, file := "were", "rounds", ""
	if len(l.Rounds) == 1 {
		verb, noun = "was", "round"
	}
	if b.files > 1 {
		file = " of " + l.File
	}
	c.Warnings = append(c.Warnings, fmt.Errorf("%d of %d rounds %s left out: %s (%s %s%s)", len(l.Rounds), of, verb, sentences[l.Why], noun, words.Numbers(l.Rounds), file))
}

// sentences say what the reasons mean.
var sentences = map[results.Reason]string{
	results.OtherPrograms: "other programs used the processors, and it had to wait for one",
	results.QuotaUsedUp:   "it was stopped because its quota of processor time was used up",
	results.HostStole:     "the host gave the processors to others",
	results.NoProcessor:   "the machine gave fewer processors than it needed",
	results.SlowerCores:   "the processors were slower meanwhile",
}
