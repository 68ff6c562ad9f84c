package laws

import (
	"amdahl/results/words"
	"fmt"
)

// Ideal is perfect scaling. It has no parameter but T(1), in seconds per
// task, and so serves as a yardstick: it is Amdahl's law with σ = 0 and
// Gustafson's with s = 0.
var Ideal = &Law{
	Name:    "ideal",
	Title:   "Ideal scaling",
	Formula: "T(n) = T(1)/n",
	Doc:     "n workers take an n-th of the time",
	Source:  "the definition of linear speedup",
	Levels:  2,
	Says:    sayIdeal,
}

// muchHidden is the share that is too large to say that no serial part shows while
// so much could hide.
const muchHidden = 0.2

// hidesAll reports whether a serial fraction is not shown by the data: the test of
// the fit does not find it, and its interval reaches 0.
func hidesAll(f *Fit) bool {
	iv := f.Params[0].Interval
	return f.basis != nil && !f.basis.serial() && (iv == nil || iv.Low <= 0)
}

// sayIdeal says how much of a serial part may still hide in data that show
// none.
func sayIdeal(_ *Fit, a *Analysis) Finding {
	const none = "No serial part shows: n workers take an n-th of the time."
	f := a.defaultFit()
	if f == nil || f.Params[0].Interval == nil {
		return Finding{"ideal", none}
	}
	most := f.Params[0].Interval.High
	switch {
	case most < 5e-5:
		return Finding{"ideal", none}
	case most > muchHidden:
		return Finding{"serial-unknown", fmt.Sprintf("How large a serial part is, these data do not tell: anything from 0 %% to %s of T(1) fits them. Take more samples, or measure at more levels.", percent(most))}
	}
	text := fmt.Sprintf("%s Up to %s could hide in the noise", none, percent(most))
	if m := f.MaxSpeedup; m != nil && m.Interval != nil && m.Interval.Low > a.bestMeasured() && m.Interval.Low < mostCeiling {
		text += fmt.Sprintf(", so the ceiling is %s times faster or more", words.Number(m.Interval.Low))
	}
	return Finding{"ideal", text + "."}
}
