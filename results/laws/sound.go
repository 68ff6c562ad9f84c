package laws

import (
	"fmt"
	"strings"

	"amdahl/results"
	"amdahl/results/words"
)

// TooFewSoundRounds is the verdict on a curve of which too few rounds got what they
// needed: nothing is fitted to it.
const TooFewSoundRounds Verdict = "too-few-sound-rounds"

// unsound is the analysis of a curve with too few sound rounds: what was measured,
// without a law, a serial fraction or a number of workers.
func unsound(c *results.Curve, confidence float64) *Analysis {
	a := Measured(c, confidence)
	a.Verdict = TooFewSoundRounds
	a.Diagnosis = []Finding{{Code: string(TooFewSoundRounds), Text: Unsound(c)}}
	return a
}

// Unsound says in two sentences why nothing is fitted to a curve with too few
// sound rounds, and what to do about it.
func Unsound(c *results.Curve) string {
	r := c.Rounds
	var why []string
	for _, l := range r.LeftOut {
		text := string(l.Why)
		if len(r.LeftOut) > 1 {
			text += " " + fmt.Sprint(len(l.Rounds)) + "×"
		}
		why = append(why, text)
	}
	gave := ""
	if g := c.Gave; g != nil && g.Busy() {
		gave = fmt.Sprintf("; %s gave %s", words.Count(g.Threads, "processor"), g.Processors(g.Least))
	}
	count := fmt.Sprintf("Only %d of %s got", r.Kept, words.Count(r.Total, "round"))
	if r.Kept == 0 {
		count = fmt.Sprintf("None of %s got", words.Count(r.Total, "round"))
	}
	return fmt.Sprintf("%s the processors that it needs (%s%s): nothing is fitted. Wait for a quiet machine (amdahl run --wait 5m), measure fewer levels, use slow cores, or measure on another machine.",
		count, strings.Join(why, ", "), gave)
}
