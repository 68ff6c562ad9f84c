package laws

import (
	"fmt"
	"math"

	"amdahl/results"
)

// A doctor writes the findings of one analysis.
type doctor struct {
	a     *Analysis
	d     *data
	conf  float64
	first int // the level at 1 worker; -1 without one
}

func (a *Analysis) diagnose(d *data, confidence float64) {
	doc := &doctor{a: a, d: d, conf: confidence, first: -1}
	for i, n := range d.n {
		if n == 1 {
			doc.first = i
		}
	}
	doc.limit()
	if d.curve.Kind != results.Weak {
		doc.overhead()
	}
	doc.superlinear()
	doc.negative()
	doc.processors()
	doc.noisy()
	doc.drift()
	doc.poolSize()
}

func (doc *doctor) say(code, format string, args ...any) {
	doc.a.Diagnosis = append(doc.a.Diagnosis, Finding{Code: code, Text: fmt.Sprintf(format, args...)})
}

// limit says what the chosen law says: what limits the speedup, and at what.
func (doc *doctor) limit() {
	f := doc.a.Chosen
	if f == nil {
		if s := doc.a.Sigma; s != nil {
			doc.say("two-levels", "With %d levels nothing can be checked. If a fixed part of the work is serial, that part is %s%s.",
				len(doc.d.n), percent(s.Value), percentRange(s.Interval, doc.conf))
		}
		return
	}
	switch f.Law {
	case Ideal:
		doc.ideal()
	case Amdahl:
		s, m := f.Params[0], f.MaxSpeedup
		ceiling := fmt.Sprintf("no number of workers makes it more than %s times faster", short(m.Value))
		if iv := m.Interval; iv != nil {
			if math.IsInf(iv.High, 1) {
				ceiling = fmt.Sprintf("the ceiling is %s times faster or more: these data do not say how much more", short(iv.Low))
			} else {
				ceiling += fmt.Sprintf(" (%s to %s)", short(iv.Low), short(iv.High))
			}
		}
		doc.say("serial", "About %s of the work is done by one worker at a time%s: %s.", percent(s.Value), percentRange(s.Interval, doc.conf), ceiling)
	case USL, Log:
		per := "for every further worker"
		if f.Law == Log {
			per = "for every doubling of the workers"
		}
		text := fmt.Sprintf("Besides a serial part of %s there is an overhead of %s of T(1) %s (κ).",
			percent(f.Params[0].Value), percent(f.Params[1].Value), per)
		if f.Peak != nil {
			text += fmt.Sprintf(" It is fastest with about %s workers%s, %s times faster than with one", short(f.Peak.Value), plainRange(f.Peak.Interval), short(f.MaxSpeedup.Value))
			if f.Extrapolates(f.Peak.Value) {
				text += "; that is far beyond what was measured"
			}
			text += "."
		}
		doc.say("overhead-law", "%s", text)
	case Bottleneck:
		n := f.Params[0]
		resource := "one resource (a disk, a server, a memory bus) is always busy"
		if p := doc.processorsNear(n.Value); p != "" {
			resource = "all " + p + " are busy"
		}
		doc.say("bottleneck", "It scales perfectly up to %s workers%s and not at all beyond: from there on %s.",
			short(n.Value), plainRange(n.Interval), resource)
	case Gustafson:
		n := doc.d.n[len(doc.d.n)-1]
		doc.say("scaled", "When the work grows with the workers, %s of the time is serial%s: %s workers do %s times the work of one in the same time.",
			percent(f.Params[0].Value), percentRange(f.Params[0].Interval, doc.conf), short(n), short(f.Speedup(n)))
	}
}

// ideal says how much of a serial part may still hide in data that show none.
func (doc *doctor) ideal() {
	for _, f := range doc.a.Fits {
		if f.Law != Amdahl && f.Law != Gustafson {
			continue
		}
		if iv := f.Params[0].Interval; iv != nil {
			text := fmt.Sprintf("No serial part shows: n workers take an n-th of the time. Up to %s could hide in the noise", percent(iv.High))
			if f.Law == Amdahl && iv.High > 0 {
				text += fmt.Sprintf(", so the ceiling is %s times faster or more", short(1/iv.High))
			}
			doc.say("ideal", "%s.", text)
			return
		}
	}
	doc.say("ideal", "No serial part shows: n workers take an n-th of the time.")
}

// overhead looks at the Karp–Flatt fraction from the first level to the last: a
// serial part is the same at every level, an overhead grows.
func (doc *doctor) overhead() {
	k := doc.a.KarpFlatt
	if len(k) < 2 {
		return
	}
	lo, hi := k[0], k[len(k)-1]
	rise := hi.Value - lo.Value
	f := doc.a.Chosen
	if f != nil && f.Law == Bottleneck {
		return // its fraction rises too, for another reason, which has been said
	}
	lawSays := f != nil && (f.Law == USL || f.Law == Log)
	switch {
	case rise <= 0:
		return
	case lo.Interval != nil && hi.Interval != nil:
		// Both compare with the same T(1); leaving that out is on the safe side.
		if rise < math.Hypot(lo.Interval.High-lo.Value, hi.Value-hi.Interval.Low) && !lawSays {
			return
		}
	case !lawSays:
		return
	}
	if rise < 0.1*math.Abs(lo.Value) {
		return
	}
	doc.say("overhead", "The serial fraction seems to rise from %s at %s workers to %s at %s (Karp–Flatt). A serial part stays the same; what grows with the workers is an overhead: locks, communication, memory bandwidth, or too few processors.",
		percent(lo.Value), short(lo.N), percent(hi.Value), short(hi.N))
}

// superlinear looks for a level that is faster than n times.
func (doc *doctor) superlinear() {
	for _, k := range doc.a.KarpFlatt {
		s, ok := doc.measured(doc.first, k.N)
		if k.Interval != nil && k.Interval.High >= 0 || k.Interval == nil && s < 1.05*k.N || !ok || s < 1.01*k.N {
			continue
		}
		doc.say("superlinear", "At %s workers it is %s times faster than at one, more than %s times. Either each worker has more cache for its share, or the time at one worker came out too long (a cold start, an odd first sample).",
			short(k.N), short(s), short(k.N))
		return
	}
}

// measured is the measured speedup from level i to n workers.
func (doc *doctor) measured(i int, n float64) (float64, bool) {
	for j, m := range doc.d.n {
		if m == n && i >= 0 {
			return math.Exp(doc.d.y[i] - doc.d.y[j]), true
		}
	}
	return 0, false
}

// negative looks for levels that are slower than the best one.
func (doc *doctor) negative() {
	y, n := doc.d.y, doc.d.n
	best, last := 0, len(n)-1
	for i := range y {
		if y[i] < y[best] {
			best = i
		}
	}
	if best == last {
		return
	}
	log, half, ok := doc.d.speedup(last, best, doc.conf) // log T(last)/T(best)
	if log < math.Log(1.02) || ok && log < half || !ok && log < math.Log(1.1) {
		return
	}
	doc.say("negative", "More workers make it slower: %s workers take %s times as long as %s.",
		short(n[last]), short(math.Exp(log)), short(n[best]))
}

func (doc *doctor) poolSize() {
	p := doc.a.PoolSize
	if p == nil || doc.d.curve.Kind == results.Weak {
		return
	}
	last := doc.d.n[len(doc.d.n)-1]
	text := fmt.Sprintf("Use %d workers: the fewest within 5 %% of the best in the measured range, %s times faster than one.", p.N, short(p.Speedup))
	if f := doc.a.Chosen; float64(p.N) > 0.9*last && (f.Peak == nil || f.Peak.Value > last) {
		text = fmt.Sprintf("Use %d workers, %s times faster than one. More may be better still: measure beyond %s.", p.N, short(p.Speedup), short(last))
	}
	if p.N == 1 {
		text = "Use 1 worker: no number of workers in the measured range is more than 5 % faster."
	}
	doc.say("pool-size", "%s", text)
}

func percent(share float64) string { return short(100*share) + " %" }

// short prints three digits, and no exponent for numbers that people read.
func short(v float64) string {
	if a := math.Abs(v); a >= 1000 && a < 1e7 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func percentRange(iv *Interval, confidence float64) string {
	if iv == nil {
		return ""
	}
	return fmt.Sprintf(" (%s to %s with %g %% confidence)", percent(iv.Low), percent(iv.High), 100*confidence)
}

func plainRange(iv *Interval) string {
	switch {
	case iv == nil:
		return ""
	case math.IsInf(iv.High, 1):
		return fmt.Sprintf(" (%s or more)", short(iv.Low))
	}
	return fmt.Sprintf(" (%s to %s)", short(iv.Low), short(iv.High))
}
