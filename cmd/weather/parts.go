package main

import (
	"strconv"
	"strings"

	"amdahl/bench/contract"
)

// cut is the part of a text of amdahl run that holds the rounds from first to last, with
// the canary before and the one after them, and all that stands before the first round.
func cut(text string, first, last int) string {
	var b strings.Builder
	round, canaries := 0, 0 // canaries after the part
	canary, sampled := false, false
	before := "" // the last canary before the part
	var open strings.Builder
	for l := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(l, contract.KeyRound+": "); ok {
			round, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		sampled = sampled || round == last && !canary && strings.HasPrefix(l, "Benchmark")
		canary = canary || strings.HasPrefix(l, contract.KeyCanary+": true")
		inside := first <= round && round <= last
		switch {
		case inside || round == 0:
			if inside && before != "" {
				b.WriteString(before)
				before = ""
			}
			if !strings.HasPrefix(l, contract.KeySpoiltRounds) {
				b.WriteString(l)
			}
		case canary && round < first:
			open.WriteString(l)
		case canary && round > last && canaries == 0:
			b.WriteString(l)
		}
		if canary && strings.HasPrefix(l, contract.KeyCanary+":") && !strings.HasPrefix(l, contract.KeyCanary+": true") {
			canary = false
			if open.Len() > 0 {
				before = open.String()
				open.Reset()
			}
			if round > last || sampled {
				canaries++
			}
		}
	}
	return b.String()
}

// rounds is the last round of a text.
func rounds(text string) (last int) {
	for l := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(l, contract.KeyRound+": "); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil {
				last = max(last, n)
			}
		}
	}
	return last
}
