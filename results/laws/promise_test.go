package laws

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"amdahl/results"
)

// A cell is one setting of a simulation of what is printed after the choice.
type cell struct {
	law     *Law
	p       []float64
	levels  []float64
	repeats int
	noise   noiseKind
	sd      float64 // of log time
	round   float64 // standard deviation of what a whole round shares; rounds are numbered if > 0
	rho     float64 // correlation of a round with the next one
	shift   float64 // standard deviation of what a whole level shares
}

// A noiseKind is a distribution of noise.
type noiseKind string

const (
	lognormal noiseKind = "lognormal"
	heavy     noiseKind = "heavy"  // one sample in twenty takes half as long again
	growing   noiseKind = "√n"     // the standard deviation grows with √n
	jitter    noiseKind = "jitter" // an exponential delay of sd·T(1) on average, at every level
	skewed    noiseKind = "skewed" // an exponential share of the time
)

func (c cell) String() string {
	s := fmt.Sprintf("%s%v/levels=%s/samples=%d/noise=%s%g", c.law.Name, c.p, span(c.levels), c.repeats, c.noise, c.sd)
	if c.round > 0 {
		s += fmt.Sprintf("/round=%g/rho=%g", c.round, c.rho)
	}
	if c.shift > 0 {
		s += fmt.Sprintf("/shift=%g", c.shift)
	}
	return s
}

// span names levels by their number and the largest.
func span(n []float64) string { return fmt.Sprintf("%dto%g", len(n), n[len(n)-1]) }

// A world is the state of one simulated measurement.
type world struct {
	cell
	rng    *rand.Rand
	rounds []float64
}

func (c cell) world(rng *rand.Rand) *world {
	w := &world{cell: c, rng: rng}
	x := rng.NormFloat64()
	for range c.repeats {
		w.rounds = append(w.rounds, c.round*x)
		x = c.rho*x + math.Sqrt(1-c.rho*c.rho)*rng.NormFloat64()
	}
	return w
}

const trueT1 = 10e-3

// sample is one time at n workers, with what its level and its round share.
func (w *world) sample(n, level, round float64) float64 {
	t := trueT1 * w.law.Ratio(n, w.p) * math.Exp(level+round)
	switch w.noise {
	case heavy:
		t *= math.Exp(w.sd * w.rng.NormFloat64())
		if w.rng.IntN(20) == 0 {
			t *= 1.5
		}
	case growing:
		t *= math.Exp(w.sd * math.Sqrt(n) * w.rng.NormFloat64())
	case jitter:
		t += trueT1 * w.sd * w.rng.ExpFloat64()
	case skewed:
		t *= 1 + w.sd*w.rng.ExpFloat64()
	default:
		t *= math.Exp(w.sd * w.rng.NormFloat64())
	}
	return t
}

func (w *world) curve() *results.Curve {
	c := &results.Curve{Name: results.ParseName("sim"), X: "workers", Kind: w.law.Kind}
	for _, n := range w.levels {
		p := results.Point{Workers: n}
		level := w.shift * w.rng.NormFloat64()
		for r := range w.repeats {
			s := results.Sample{Time: w.sample(n, level, w.rounds[r])}
			if w.round > 0 {
				s.Round = r + 1
			}
			p.Samples = append(p.Samples, s)
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// fresh is a new sample, of a level and a round of its own.
func (w *world) fresh(n float64) float64 {
	return w.sample(n, w.shift*w.rng.NormFloat64(), w.round*w.rng.NormFloat64())
}

// A score counts what the printed intervals hold.
type score struct {
	runs, sigma, sigmas, twice, four, t1, ceiling, ceilings, warned, bad float64
	chosen                                                               map[string]float64
	width2, widthSigma                                                   []float64
}

func (s *score) add(t *score) {
	s.runs += t.runs
	s.sigma, s.sigmas = s.sigma+t.sigma, s.sigmas+t.sigmas
	s.twice, s.four, s.t1 = s.twice+t.twice, s.four+t.four, s.t1+t.t1
	s.ceiling, s.ceilings, s.warned, s.bad = s.ceiling+t.ceiling, s.ceilings+t.ceilings, s.warned+t.warned, s.bad+t.bad
	for k, v := range t.chosen {
		s.chosen[k] += v
	}
	s.width2, s.widthSigma = append(s.width2, t.width2...), append(s.widthSigma, t.widthSigma...)
}

// run analyses curves of a cell, on all processors, with the same result for the
// same seed.
func (c cell) run(t testing.TB, runs int, seed uint64) *score {
	const parts = 8
	scores := make([]*score, parts)
	var wg sync.WaitGroup
	slots := make(chan bool, runtime.GOMAXPROCS(0))
	for part := range parts {
		wg.Go(func() {
			slots <- true
			defer func() { <-slots }()
			rng := rand.New(rand.NewPCG(seed, uint64(part)))
			s := &score{chosen: map[string]float64{}}
			for range runs / parts {
				s.one(t, c.world(rng))
			}
			scores[part] = s
		})
	}
	wg.Wait()
	all := scores[0]
	for _, s := range scores[1:] {
		all.add(s)
	}
	return all
}

func holds(iv *Interval, v float64) float64 {
	if iv != nil && iv.Low <= v*(1+1e-9) && v <= iv.High*(1+1e-9) {
		return 1
	}
	return 0
}

func (s *score) one(t testing.TB, w *world) {
	a, err := Analyze(w.curve(), Options{})
	if err != nil {
		t.Error(err)
		return
	}
	s.runs++
	last := w.levels[len(w.levels)-1]
	far, farther := w.fresh(2*last), w.fresh(4*last)
	if a.Chosen == nil {
		s.chosen["none"]++
		return
	}
	s.chosen[a.Chosen.Law.Name]++
	if a.Sigma != nil && a.Sigma.Interval != nil && len(w.p) > 0 && w.law != Bottleneck {
		s.sigmas++
		s.sigma += holds(a.Sigma.Interval, w.p[0])
		s.widthSigma = append(s.widthSigma, a.Sigma.Interval.High-a.Sigma.Interval.Low)
	}
	f := a.Chosen
	at2, at4 := f.Predict(2*last, 0).Interval, f.Predict(4*last, 0).Interval
	s.twice += holds(at2, f.T1.Value/far)
	s.four += holds(at4, f.T1.Value/farther)
	s.width2 = append(s.width2, math.Log(at2.High/at2.Low))
	s.t1 += holds(f.T1.Interval, trueT1)
	if f.MaxSpeedup != nil && f.MaxSpeedup.Interval != nil && w.law.Limit != nil {
		s.ceilings++
		s.ceiling += holds(f.MaxSpeedup.Interval, math.Min(w.law.Limit(w.p), 1e18))
	}
	for _, iv := range []*Interval{at2, at4, f.T1.Interval} {
		if !(iv.Low > 0) || !(iv.Low <= iv.High) {
			s.bad++
		}
	}
	if warnsOfNoise(a) {
		s.warned++
	}
}

// warnsOfNoise reports whether a warning names noise that the intervals do not
// hold.
func warnsOfNoise(a *Analysis) bool {
	for _, f := range a.Diagnosis {
		if f.Code == "growing-noise" || f.Code == "delay" {
			return true
		}
	}
	return false
}

func (s *score) String() string {
	pc := func(a, b float64) string {
		if b == 0 {
			return "    –"
		}
		return fmt.Sprintf("%5.1f", 100*a/b)
	}
	return fmt.Sprintf("σ %s (of %.0f)  2× %s  4× %s  T1 %s  max %s  warned %s  bad %g  %v", pc(s.sigma, s.sigmas), s.sigmas,
		pc(s.twice, s.runs-s.chosen["none"]), pc(s.four, s.runs-s.chosen["none"]), pc(s.t1, s.runs-s.chosen["none"]), pc(s.ceiling, s.ceilings), pc(s.warned, s.runs), s.bad, s.chosen)
}

var dense = []float64{1, 2, 3, 4, 6, 8, 12, 16}

// afterChoiceCells are the cells in which the intervals of the chosen law failed before
// they accounted for the choice.
var afterChoiceCells = []cell{
	{law: USL, p: []float64{0.1, 0.001}, levels: dense, repeats: 5, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0.02, 0.001}, levels: dense, repeats: 2, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0, 0.001}, levels: dense, repeats: 2, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0, 1e-4}, levels: dense, repeats: 30, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0.1, 0.001}, levels: dense, repeats: 10, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0.02, 1e-4}, levels: powers(64), repeats: 2, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0.1, 1e-4}, levels: powers(64), repeats: 5, noise: lognormal, sd: 0.05},
	{law: USL, p: []float64{0.02, 0.001}, levels: powers(64), repeats: 30, noise: lognormal, sd: 0.05},
}

// further are 72 cells around them.
func further() []cell {
	var cells []cell
	for _, levels := range [][]float64{powers(8), powers(32), dense, powers(64)} {
		for _, repeats := range []int{3, 10} {
			for _, p := range [][]float64{{0.05, 0}, {0.02, 1e-4}, {0.02, 0.001}, {0.1, 0.001}, {0.1, 0.005}, {0.3, 0.002}, {0, 0.0005}, {0.05, 0.01}, {0.001, 0}} {
				cells = append(cells, cell{law: USL, p: p, levels: levels, repeats: repeats, noise: lognormal, sd: []float64{0.02, 0.05}[len(cells)%2]})
			}
		}
	}
	return cells
}
