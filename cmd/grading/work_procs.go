package grading

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/labs/procs"
	"amdahl/results/stats"
)

// chunkOf is the number in a plan such as chunk=16; 1 if there is none.
func chunkOf(plan string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(plan, "chunk="))
	if err != nil {
		return 1
	}
	return max(n, 1)
}

func checkProcs(seed uint64, l line) string {
	w := procs.Of(seed)
	want, messages := float64(w.Sum(0, procs.Tasks)), float64(len(w.Chunks(chunkOf(l.plan))))
	switch {
	case l.values["work-ns/op"] != want:
		return fmt.Sprintf("The tasks of %s take %.0f ns by the run, and yours take %.0f ns", l.level, l.values["work-ns/op"], want)
	case l.values["messages/op"] != messages:
		return fmt.Sprintf("The run has %.0f messages at %s, and there must be %.0f", l.values["messages/op"], l.level, messages)
	}
	return ""
}

func floorProcs(seed uint64, l line) float64 {
	return float64(procs.Of(seed).Least(chunkOf(l.plan), l.workers))
}

func aboutProcs(seed uint64) string {
	w := procs.Of(seed)
	var b strings.Builder
	fmt.Fprintf(&b, "A message takes %s, and your %d tasks %s in all. Tasks 0 to 15 take", milliseconds(w.Message), procs.Tasks, milliseconds(w.Sum(0, procs.Tasks)))
	for low := 0; low < procs.Tasks; low += 16 {
		text := fmt.Sprintf(", tasks %d to %d", low, low+15)
		if low == 0 {
			text = ""
		}
		fmt.Fprintf(&b, "%s %s", text, milliseconds(w.Sum(low, low+16)))
	}
	b.WriteString(".\n\n")
	return b.String()
}

// sayChunk takes every chunk that is within a tenth of the fastest, at a number of workers.
func sayChunk(a asked) (verdict, error) {
	plans, _ := a.run.levels()
	best, mine := math.Inf(1), 0.0
	for _, plan := range plans {
		times := a.run.times(plan, a.At)
		if len(times) == 0 {
			continue
		}
		t := stats.Median(times)
		best = min(best, t)
		if float64(chunkOf(plan)) == a.number {
			mine = t
		}
	}
	switch {
	case mine == 0:
		return verdict{text: fmt.Sprintf("%g is not a chunk that was measured.", a.number)}, nil
	case mine > 1.1*best:
		return verdict{text: fmt.Sprintf("With chunk=%g and %d workers your run took %.1f ms, and the fastest took %.1f ms.", a.number, a.At, mine*1e3, best*1e3)}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("With chunk=%g and %d workers your run took %.1f ms; the fastest took %.1f ms.", a.number, a.At, mine*1e3, best*1e3)}, nil
}

// sayLongestMessage is the time of the longest message, in milliseconds.
func sayLongestMessage(a asked) (verdict, error) {
	want := slices.Max(procs.Of(a.run.work).Chunks(chunkOf(a.Plan)))
	if near(a.number, want.Seconds()*1e3, 0.02) {
		return verdict{right: true, text: fmt.Sprintf("The longest message takes %s, whoever does the others.", milliseconds(want))}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g ms: Map ends when its longest message has ended, which takes a message and its tasks.", a.number)}, nil
}

// sayMessages says first whether the run itself shows what messages cost: with one worker, many
// messages take longer than one, by what they cost.
func sayMessages(a asked) (verdict, error) {
	w := procs.Of(a.run.work)
	many, one := stats.Median(a.run.times(a.Plan, a.At)), stats.Median(a.run.times(fmt.Sprintf("chunk=%d", procs.Tasks), a.At))
	cost := float64(len(w.Chunks(chunkOf(a.Plan)))-1) * w.Message.Seconds()
	if many-one < 0.8*cost {
		return verdict{unknown: true, text: fmt.Sprintf("Your run does not show the cause: %s took %.1f ms longer than chunk=%d with one worker, and its messages alone take %.1f ms longer. Something else ran on the machine. %s", a.Plan, (many-one)*1e3, procs.Tasks, cost*1e3, again)}, nil
	}
	all, err := a.lab.Answers()
	if err != nil {
		return verdict{}, err
	}
	right := all.Answers[a.ID]
	if Choice(a.answer) != right.Right {
		return verdict{text: fmt.Sprintf("%s) does not fit your run: the tasks are the same, and there is one worker.", Choice(a.answer))}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("It took %.1f ms longer, and its messages take %.1f ms longer. %s", (many-one)*1e3, cost*1e3, right.Because)}, nil
}
