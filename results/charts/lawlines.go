package charts

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A drawnFit is a law of one series as it is drawn.
type drawnFit struct {
	*laws.Fit
	text  string // for the legend: "Amdahl's law, σ = 0.103 (chosen)"
	faint bool   // it does not fit
	rank  int    // 0 is drawn as the law of the series, the others beside it
}

// drawnFits are the laws to draw of an analysis: by default the chosen one, or
// the closest where none fits, and of a series that stands alone all others
// after it.
func (b *builder) drawnFits(a *laws.Analysis) []drawnFit {
	if b.o.NoFit || len(a.Levels) < 2 || unsound(a) {
		return nil
	}
	main := chosen(a)
	if main == nil && a.Verdict == laws.NoneFits && a.Closest != nil && sound(a.Closest) {
		main = a.Closest
	}
	var fits []drawnFit
	for _, f := range a.Fits {
		if !Carries(f) {
			continue
		}
		d := drawnFit{Fit: f, text: summary(f), faint: a.Verdict == laws.NoneFits || f.Refuted, rank: 1}
		switch {
		case f == main && a.Verdict == laws.NoneFits:
			d.rank, d.text = 0, fmt.Sprintf("no law fits; closest, off by %s: %s", words.Share(f.Error), d.text)
		case f == main && d.faint:
			d.rank, d.text = 0, d.text+", does not fit"
		case f == main:
			d.rank = 0
		case d.faint:
			d.text += ", does not fit"
		}
		switch {
		case len(b.o.Laws) > 0:
			if !b.asked(f.Law) {
				continue
			}
			if i := slices.Index(b.o.Laws, f.Law.Name); i >= 0 {
				d.rank = 1 + i
			}
		case d.rank == 0:
		case b.lone() && len(f.Params) > 0: // the ideal law is the ideal line
		default:
			continue
		}
		fits = append(fits, d)
	}
	slices.SortStableFunc(fits, func(x, y drawnFit) int { return x.rank - y.rank })
	return fits
}

// lone reports whether one series only has several levels, so that all its laws
// have room.
func (b *builder) lone() bool {
	n := 0
	for _, a := range b.group.Analyses {
		if len(a.Levels) > 1 {
			n++
		}
	}
	return n == 1
}

// unsound reports whether too few rounds of a curve got what they needed.
func unsound(a *laws.Analysis) bool {
	return a.Verdict == laws.TooFewSoundRounds || a.Curve.Rounds.TooFew()
}

// chosen is the chosen law of an analysis, if it can be drawn; else nil.
func chosen(a *laws.Analysis) *laws.Fit {
	if a.Chosen == nil || !sound(a.Chosen) {
		return nil
	}
	return a.Chosen
}

// sound reports whether a fit has numbers that can be drawn.
func sound(f *laws.Fit) bool {
	return stats.Positive(f.T1.Value) && !slices.ContainsFunc(f.Params, func(p laws.Param) bool {
		return !stats.Finite(p.Value)
	})
}

// verdict is what a legend says after the name of a series without a law; "" if
// it has one, or is a single level, which nobody expects a law of.
func verdict(a *laws.Analysis) string {
	switch {
	case unsound(a):
		r := a.Curve.Rounds
		return fmt.Sprintf(": not sound, %d of %s got the processors", r.Kept, words.Count(r.Total, "round"))
	case a.Verdict == laws.NoneFits:
		return ": no law fits"
	case a.Verdict == laws.TooFewLevels && len(a.Levels) > 1 && a.Chosen == nil:
		return fmt.Sprintf(": no law from %s", words.Count(len(a.Levels), "level"))
	}
	return ""
}

// allLaws draws several laws of one series: the first in its colour and solid,
// the others in colours and dashes of their own. Laws that are the same curve
// here are one line with one entry in the legend.
func (b *builder) allLaws(name string, fits []drawnFit, mine Ink, first, last float64) {
	dashes := []Dash{Dashed, DashDot, LongDash}
	next, more := Ink(0), 0
	for len(fits) > 0 {
		f := fits[0]
		var same []string
		rest := fits[:0:0]
		for _, g := range fits[1:] {
			if coincide(f.Fit, g.Fit, first, math.Min(reach*last, b.xhi)) {
				same = append(same, g.Law.Name)
				f.faint = f.faint && g.faint
			} else {
				rest = append(rest, g)
			}
		}
		fits = rest
		ink, dash := mine, Solid
		if f.rank > 0 && !b.several {
			if next++; next.Index() == mine.Index() {
				next++
			}
			ink = next
		}
		if f.rank > 0 {
			dash = dashes[more%len(dashes)]
			if more++; b.several && !slices.Contains(b.o.Laws, "all") { // one law has one dash in all series
				dash = dashes[(f.rank-1)%len(dashes)]
			}
		}
		text := f.text
		if f.rank == 0 && len(fits)+len(same) > 0 && !f.faint {
			text += " (chosen)"
		}
		if len(same) > 0 {
			text += "; the same curve as " + words.List(same)
		}
		if b.several {
			text = name + ": " + text
		}
		b.legend = append(b.legend, Entry{Text: text, Short: short(name, f.Fit, b.several), Ink: ink, Dash: dash, Faint: f.faint})
		b.law(text, ink, dash, f, first, last)
	}
}

// Carries reports whether a law can be drawn of a fit: its numbers are finite, and a lock
// makes the work of a convoy cost more, which c = 1 does not say.
func Carries(f *laws.Fit) bool {
	return sound(f) && !(f.Law == laws.Convoy && f.Params[0].Value < 1+1e-6)
}

// short is what a legend with little room says of a law of a series.
func short(series string, f *laws.Fit, several bool) string {
	if several {
		return series + ": " + f.Law.Name
	}
	return f.Law.Title
}

// coincide reports whether two laws cannot be told apart in a figure between two
// levels.
func coincide(f, g *laws.Fit, from, to float64) bool {
	for _, at := range sample(f.Time, from, to) {
		if !(math.Abs(math.Log(at.Y/g.Time(at.X))) < 0.002) {
			return false
		}
	}
	return true
}

// law adds one fitted law to both panels, in two pieces where it goes on
// beyond its reach.
func (b *builder) law(name string, ink Ink, d Dash, f drawnFit, first, last float64) {
	far := math.Min(reach*last, b.xhi)
	for _, piece := range []struct {
		from, to float64
		grey     bool
	}{{first, far, false}, {far, b.xhi, true}} {
		if piece.from >= piece.to {
			continue
		}
		line := Line{Name: name, Ink: ink, Dash: d, Grey: piece.grey, Faint: f.faint, At: sample(f.Time, piece.from, piece.to, kinks(f.Fit)...)}
		b.left.Lines = append(b.left.Lines, line)
		line.At = sample(f.Speedup, piece.from, piece.to, kinks(f.Fit)...)
		b.right.Lines = append(b.right.Lines, line)
	}
}

// kinks are the numbers of workers at which a law may bend.
func kinks(f *laws.Fit) []float64 {
	if f.Peak != nil {
		return []float64{f.Peak.Value}
	}
	return nil
}

// sample evaluates f at corners evenly spread on a logarithmic axis, and at the
// given places between.
func sample(f func(float64) float64, from, to float64, also ...float64) []XY {
	xs := make([]float64, 0, corner+len(also))
	for i := range corner {
		xs = append(xs, from*math.Pow(to/from, float64(i)/(corner-1)))
	}
	for _, x := range also {
		if x > from && x < to {
			xs = append(xs, x)
		}
	}
	slices.Sort(xs)
	at := make([]XY, 0, len(xs))
	for _, x := range xs {
		if y := f(x); stats.Positive(y) {
			at = append(at, XY{x, y})
		}
	}
	return at
}

// summary names a fit and its parameters: "Amdahl's law, σ = 0.103".
func summary(f *laws.Fit) string {
	var b strings.Builder
	b.WriteString(f.Law.Title)
	for _, p := range f.Params {
		fmt.Fprintf(&b, ", %s = %s", p.Symbol, words.Number(p.Value))
	}
	return b.String()
}
