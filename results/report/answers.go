package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// An answer is what one group of series says in one sentence.
type answer struct {
	Group  groups.Group
	Kind   results.Kind
	Series string  // the one that is spoken of: the fastest; "" if none is sound
	Pool   int     // workers to use; 0 where that is not known
	Gain   float64 // speedup with them; 0 where it is not known
	Text   string
	Sound  bool // some series with a speedup is
}

// A choice is the best that one series of a group can do.
type choice struct {
	index   int
	pool    int
	speedup stats.Estimate // at pool
	time    float64        // seconds per task there
	best    float64        // largest measured speedup
	law     bool           // the speedup is that of a law: pool was not measured
}

// answerOf finds the answer of a group. Of the series with sound speedups, on the
// processors as they are or, where there is none, on the cores of the first one, the
// one counts that takes the least time per task with the fewest workers within 5 % of
// its best.
func answerOf(g groups.Group) answer {
	out := answer{Group: g, Kind: g.Analyses[0].Curve.Kind}
	var all []choice
	var unsound []string
	cores := ""
	for i, a := range g.Analyses {
		if a.Verdict == laws.TooFewSoundRounds {
			unsound = append(unsound, words.Clean(g.Short[i]))
			continue
		}
		c, ok := choiceOf(a)
		if !ok {
			continue
		}
		if own := a.Curve.Name.Cores(); cores == "" || own == contract.CoresReal {
			cores = own
		}
		c.index = i
		all = append(all, c)
	}
	all = slices.DeleteFunc(all, func(c choice) bool { return g.Analyses[c.index].Curve.Name.Cores() != cores })
	switch {
	case len(all) > 0:
		out.Sound = true
		best := slices.MinFunc(all, func(a, b choice) int { return cmp.Compare(a.time, b.time) })
		out.say(all, best)
	case len(unsound) == len(g.Analyses):
		out.Text = laws.Unsound(g.Analyses[0].Curve)
		return out
	default:
		out.Text, out.Sound = oneLevelText(g)
	}
	if len(unsound) > 0 {
		out.Text += " Not sound, and not counted: " + words.List(unsound) + "."
	}
	return out
}

// choiceOf is the best of one series: what its analysis advises, or, without a law,
// the fewest measured workers within 5 % of its best; ok is false without a measured
// speedup.
func choiceOf(a *laws.Analysis) (c choice, ok bool) {
	if len(a.Levels) < 2 || a.Levels[0].Speedup == nil {
		return c, false
	}
	for _, l := range a.Levels {
		c.best = max(c.best, l.Speedup.Value)
	}
	if p := a.PoolSize; p != nil {
		c.pool, c.speedup, c.law = p.N, stats.Estimate{Value: p.Speedup}, !p.Measured
	} else {
		i := slices.IndexFunc(a.Levels, func(l stats.Level) bool { return l.Speedup.Value >= 0.95*c.best })
		c.pool, c.speedup = int(math.Round(a.Levels[i].N)), *a.Levels[i].Speedup
	}
	c.time = a.Levels[0].Time.Value * a.Levels[0].Speedup.Value / c.speedup.Value
	return c, stats.Positive(c.time)
}

// mostNamed is how many series a sentence names at most.
const mostNamed = 3

// say writes the sentence about the best choice, and names the series that get
// slower with more workers.
func (o *answer) say(all []choice, best choice) {
	g := o.Group
	name := func(c choice) string {
		by := ""
		if c.law && c.pool > 1 {
			by = ", by its law"
		}
		if len(g.Analyses) == 1 {
			return by
		}
		return by + " (" + words.Clean(g.Short[c.index]) + ")"
	}
	o.Series, o.Pool, o.Gain = g.Analyses[best.index].Curve.Name.String(), best.pool, best.speedup.Value
	last := func(c choice) stats.Level { return g.Analyses[c.index].Levels[len(g.Analyses[c.index].Levels)-1] }
	times := words.Number(best.speedup.Value)
	switch l := last(best); {
	case best.pool > 1 && o.Kind == results.Weak:
		o.Text = fmt.Sprintf("%s do %s times as much in the same time as one%s.", words.Workers(float64(best.pool)), times, name(best))
	case best.pool > 1:
		o.Text = fmt.Sprintf("%s are %s times as fast as one%s.", words.Workers(float64(best.pool)), times, name(best))
	case l.Speedup.Value < 0.95:
		o.Text = fmt.Sprintf("More workers make it slower: %s are %s times as fast as one%s.", words.Workers(l.N), words.Number(l.Speedup.Value), name(best))
	default:
		o.Text = fmt.Sprintf("More workers bring nothing: at most %s times as fast as one%s.", words.Number(max(best.best, 1)), name(best))
	}
	var slower []string
	for _, c := range all {
		if l := last(c); c.index != best.index && l.Speedup.Value < 0.95 && c.pool == 1 {
			slower = append(slower, fmt.Sprintf("%s (%s times at %s)", words.Clean(g.Short[c.index]), words.Number(l.Speedup.Value), words.Number(l.N)))
		}
	}
	switch {
	case len(slower) > mostNamed:
		o.Text += fmt.Sprintf(" %d series are slower with more workers.", len(slower))
	case len(slower) > 0:
		o.Text += " Slower with more workers: " + words.List(slower) + "."
	}
	switch a := g.Analyses[best.index]; a.Verdict {
	case laws.NoneFits:
		o.Text += " No law fits."
	case laws.TooFewLevels:
		o.Text += fmt.Sprintf(" %s cannot check a law.", words.Count(len(a.Levels), "level"))
	}
}

// oneLevelText is the answer of a group without a speedup: its fastest series.
func oneLevelText(g groups.Group) (text string, sound bool) {
	best := -1
	var last stats.Level // of the fastest
	series := 0
	for i, a := range g.Analyses {
		if a.Verdict == laws.TooFewSoundRounds || len(a.Levels) == 0 {
			continue
		}
		series++
		if l := a.Levels[len(a.Levels)-1]; best < 0 || l.Time.Value < last.Time.Value {
			best, last = i, l
		}
	}
	if best < 0 {
		return "Nothing was measured that can be used.", false
	}
	took := seconds(laws.Estimate{Value: last.Time.Value}).String() + " a task"
	if a := g.Analyses[best]; a.Curve.Relative {
		took = words.Number(1/last.Time.Value) + " times as fast as one worker"
	}
	switch {
	case series > 1:
		return fmt.Sprintf("Fastest of %d: %s, %s.", series, words.Clean(g.Short[best]), took), true
	case last.Speedup != nil && last.N == 1:
		return fmt.Sprintf("Only one worker was measured, so there is no speedup: %s.", took), true
	case last.Speedup != nil:
		return fmt.Sprintf("Only %s were measured: %s.", words.Workers(last.N), took), true
	}
	return fmt.Sprintf("One worker alone was not measured, so there is no speedup: %s with %s.", took, words.Workers(last.N)), true
}

// grade is the letter of the environment in what a run says: "D" of "environment D:
// 2 of 2 CPUs"; "" where it says none.
func grade(r *results.Run) string {
	if r == nil {
		return ""
	}
	_, rest, _ := strings.Cut(r.Grade, "environment ")
	if rest == "" || rest[0] < 'A' || rest[0] > 'F' || len(rest) > 1 && rest[1] != ':' && rest[1] != ' ' {
		return ""
	}
	return rest[:1]
}

// belief is what speaks for an answer and against it: what the processors gave, how
// many rounds count, and how far samples spread.
func belief(g groups.Group) string {
	var parts []string
	var curves []*results.Curve
	spread := 0.0
	for _, a := range g.Analyses {
		curves = append(curves, a.Curve)
		if a.Noise != nil {
			spread = max(spread, *a.Noise)
		}
	}
	c := curves[0]
	if t := c.Rounds; t.Total > 0 {
		least, most := t.Kept, t.Kept
		for _, o := range curves {
			least, most = min(least, o.Rounds.Kept), max(most, o.Rounds.Kept)
		}
		text := fmt.Sprintf("%d of %s count", most, words.Count(t.Total, "round"))
		if least < most {
			text = fmt.Sprintf("%d to %s", least, text)
		}
		parts = append(parts, text)
	} else {
		parts = append(parts, "no rounds are known")
	}
	switch {
	case c.Gave != nil:
		parts = append(parts, fmt.Sprintf("%s gave at least %s", words.Count(c.Gave.Threads, "processor"), c.Gave.Processors(c.Gave.Least)))
	case grade(c.Run) == "":
		parts = append(parts, "the state of the machine was not recorded")
	}
	if spread > 0 {
		parts = append(parts, "samples spread by up to "+words.Share(spread))
	}
	return strings.Join(parts, "; ")
}
