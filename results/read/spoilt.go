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

// leaveOutSpoilt takes the samples of spoilt rounds away from a curve, and warns
// of it. A curve that has no others keeps them: a poor answer with a warning is
// better than none.
func (b *builder) leaveOutSpoilt(d *draft) {
	warn := func(format string, args ...any) {
		d.curve.Warnings = append(d.curve.Warnings, fmt.Errorf(format, args...))
	}
	type rounds struct{ all, gone map[int]bool }
	files, paths := map[int]*rounds{}, map[int]string{}
	all, spoilt := 0, 0
	for _, r := range d.records {
		f := files[r.block.file]
		if f == nil {
			f = &rounds{map[int]bool{}, map[int]bool{}}
			files[r.block.file], paths[r.block.file] = f, r.block.path
		}
		all += len(r.samples)
		if len(r.spoilt) == 0 {
			continue
		}
		for _, s := range r.samples {
			f.all[s.Round] = true
			if r.spoilt[s.Round] {
				f.gone[s.Round] = true
				spoilt++
			}
		}
	}
	if spoilt == 0 {
		return
	}
	if spoilt == all {
		of := 0
		for _, f := range files {
			of += len(f.all)
		}
		what := "its only round was"
		if of > 1 {
			what = fmt.Sprintf("all %d rounds were", of)
		}
		warn("%s spoilt by other load on the machine, and kept because there are no others: what they show is the load too: measure again when the machine is quiet", what)
		return
	}
	for _, r := range d.records {
		b.left.Samples += r.drop()
	}
	for _, number := range slices.Sorted(maps.Keys(files)) {
		f := files[number]
		if len(f.gone) == 0 {
			continue
		}
		verb, noun, of := "were", "rounds", ""
		if len(f.gone) == 1 {
			verb, noun = "was", "round"
		}
		if b.files > 1 {
			of = " of " + paths[number]
		}
		gone := slices.Sorted(maps.Keys(f.gone))
		warn("%d of %d rounds %s left out: spoilt by other load on the machine (%s %s%s)", len(gone), len(f.all), verb, noun, words.Numbers(gone), of)
		for _, r := range gone {
			b.leftKnown[fileRound{number, r}] = true
		}
	}
	b.left.Rounds = len(b.leftKnown)
}
