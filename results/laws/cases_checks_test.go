package laws

import (
	"math"
	"strconv"
	"testing"

	"amdahl/results"
)

func caseStrassen(t *testing.T, p *published) {
	var re struct {
		KF map[string]float64 `json:"karp_flatt"`
	}
	p.recomputed(t, &re)
	c := p.curve(t, "n", "speedup", true, 0)
	a, err := Analyze(c, Options{Loss: Throughput})
	if err != nil {
		t.Fatal(err)
	}
	if len(a.KarpFlatt) != len(re.KF) {
		t.Errorf("%d Karp–Flatt fractions, want %d", len(a.KarpFlatt), len(re.KF))
	}
	for _, k := range a.KarpFlatt {
		near(t, "e("+strconv.Itoa(int(k.N))+")", k.Value, re.KF[strconv.Itoa(int(k.N))], 1e-12)
	}
	// The published value holds S(1) = 1 fixed; fitting it too must not
	// contradict it.
	iv := fitOf(t, c, Amdahl, Throughput).Param("sigma").Interval
	if want := p.Published[0].SerialFraction; want < iv.Low || want > iv.High {
		t.Errorf("published serial fraction %g is outside of %v", want, *iv)
	}
}

// Cilkview's bounds are two of the laws: Amdahl's with 1.7 burdened spans as
// the serial part, and the bottleneck at the parallelism.
func caseCilkview(t *testing.T, p *published) {
	for _, r := range p.rows {
		work, span, burdened := number(t, r["work"]), number(t, r["span"]), number(t, r["burdened_span"])
		n := number(t, r["processors"])
		low := 1 / Amdahl.Ratio(n, []float64{1.7 * burdened / work})
		if got := strconv.FormatFloat(low, 'f', 2, 64); got != r["speedup_low"] {
			t.Errorf("%s at %g: low = %s, want %s", r["part"], n, got, r["speedup_low"])
		}
		high := 1 / Bottleneck.Ratio(n, []float64{work / span})
		if got := strconv.FormatFloat(high, 'f', 2, 64); got != r["speedup_high"] {
			t.Errorf("%s at %g: high = %s, want %s", r["part"], n, got, r["speedup_high"])
		}
	}
}

func caseClients(t *testing.T, p *published) {
	var re fitted
	p.recomputed(t, &re)
	f := fitOf(t, p.curve(t, "clients", "reqrate", true, 0), USL, Throughput)
	matches(t, "published", f, fitted{Params: p.Published[0].Params}, 3e-4)
	matches(t, "recomputed", f, re, 1e-6)
}

func caseGustafson(t *testing.T, p *published) {
	var re struct {
		S []float64 `json:"s_prime=(N-S)/(N-1)"`
	}
	p.recomputed(t, &re)
	for i, r := range p.rows {
		c := &results.Curve{Kind: results.Weak, Points: []results.Point{
			{Workers: 1, Samples: []results.Sample{{Time: 1}}},
			{Workers: number(t, r["N"]), Samples: []results.Sample{{Time: 1 / number(t, r["scaled_speedup"])}}},
		}}
		a, err := Analyze(c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, r["application"], a.Sigma.Value, re.S[i], 1e-9)
	}
}

// The book's law for this data takes ln n for n in the last term, and its
// published serial fraction is negative: here that needs a bound below 0.
func caseHandlersocket(t *testing.T, p *published) {
	var re struct {
		USL    fitted `json:"usl3"`
		Log    fitted `json:"usl_log"`
		Prefix fitted `json:"prefix15_usl3"`
	}
	p.recomputed(t, &re)
	c := p.curve(t, "conc", "tput", true, 0)
	matches(t, "usl", fitOf(t, c, USL, Throughput), re.USL, 1e-6)

	book := &Law{Name: "book", Terms: []Term{serial, {G: func(n float64) float64 { return math.Log(n) * (1 - 1/n) }}}}
	unbounded := func(c *results.Curve, l *Law) ([maxTerms]float64, float64) {
		d, err := reduce(c, Throughput)
		if err != nil {
			t.Fatal(err)
		}
		q := newProblem(l, Throughput, d.n, d.m, d.h)
		q.lo = [maxTerms]float64{-1, -1}
		b := q.best()
		return b.p, b.scale / d.unit
	}
	for _, want := range []fitted{p.Published[0].fitted, re.Log} {
		got, lambda := unbounded(c, book)
		near(t, "book sigma", got[0], want.Params["sigma"], 1e-4)
		near(t, "book kappa", got[1], want.Params["kappa"], 1e-5)
		near(t, "book lambda", lambda, want.Params["lambda"], 1e-6)
	}
	early := p.curve(t, "conc", "tput", true, 15)
	got, _ := unbounded(early, USL)
	near(t, "first 15, no bounds: sigma", got[0], re.Prefix.Params["sigma"], 1e-6)
	near(t, "first 15, no bounds: kappa", got[1], re.Prefix.Params["kappa"], 1e-6)
	if k := fitOf(t, early, USL, Throughput).Param("kappa"); k.Value != 0 || !k.Interval.OneSided {
		t.Errorf("first 15: kappa = %g %+v, want 0 and a one-sided interval", k.Value, *k.Interval)
	}
}

func caseCarpentry(t *testing.T, p *published) {
	var re struct {
		KF      map[string]float64 `json:"karp_flatt"`
		Speedup []float64
	}
	p.recomputed(t, &re)
	c := p.curve(t, "cpus", "seconds", false, 0)
	a, err := Analyze(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sigma", a.Sigma.Value, p.Published[0].SerialFraction, 5e-4)
	for _, k := range a.KarpFlatt {
		near(t, "Karp–Flatt", k.Value, re.KF[strconv.Itoa(int(k.N))], 1e-7)
	}
	for i, pt := range c.Points {
		near(t, "speedup", a.Chosen.Speedup(pt.Workers), re.Speedup[i], 1e-4)
	}
}

func caseMisra1d(t *testing.T, p *published) {
	f := fitOf(t, p.curve(t, "x", "y", true, 0), Amdahl, Throughput)
	sigma, lambda := f.Param("sigma"), 1/f.T1.Value
	near(t, "sigma", sigma.Value, p.Mapping.Sigma, 1e-8)
	near(t, "lambda", lambda, p.Mapping.Lambda, 1e-8)
	near(t, "b1", lambda/sigma.Value, p.Certified["b1"], 1e-8)
	near(t, "b2", sigma.Value/(1-sigma.Value), p.Certified["b2"], 1e-8)
	near(t, "standard error of sigma", *sigma.StdErr, p.Mapping.SigmaSD, 1e-6)
	near(t, "residual standard deviation", f.RSE, p.CertifiedSD, 1e-8)
}

// Loads of database sessions: fractional, many below 1.
func caseOracle(t *testing.T, p *published) {
	var re fitted
	p.recomputed(t, &re)
	f := fitOf(t, p.curve(t, "db_time", "txn_rate", true, 0), USL, Throughput)
	matches(t, "recomputed", f, re, 1e-6)
	matches(t, "bounded", f, p.Bounded, 1e-6)
	near(t, "peak", f.Peak.Value, p.Peak, 1e-6)
}

func caseRaytracer(t *testing.T, p *published) {
	var re struct {
		Bounded fitted `json:"all_rows_bounded_0_1"`
		Rows6   fitted `json:"rows6"`
		Rows5   fitted `json:"rows5"`
	}
	p.recomputed(t, &re)
	all := p.curve(t, "processors", "throughput", true, 0)
	f := fitOf(t, all, USL, Throughput)
	matches(t, "all rows", f, re.Bounded, 1e-6)
	if k := f.Param("kappa"); k.Value != 0 || !k.Interval.OneSided || f.Peak != nil {
		t.Errorf("kappa = %+v, peak %v, want 0, one-sided, and no peak", k, f.Peak)
	}
	// Log time sees a trace of κ (its weights differ), and no evidence of it.
	if k := fitOf(t, all, USL, LogTime).Param("kappa"); k.Value > 1e-5 || k.Interval.Low != 0 {
		t.Errorf("log: kappa = %g %+v, want none within the noise", k.Value, *k.Interval)
	}
	for _, pub := range p.Published {
		if pub.Rows == 0 {
			continue // R's linearised fit, which divides by the measured X(1)
		}
		re := map[int]fitted{5: re.Rows5, 6: re.Rows6}[pub.Rows]
		f := fitOf(t, p.curve(t, "processors", "throughput", true, pub.Rows), USL, Throughput)
		matches(t, strconv.Itoa(pub.Rows)+" rows, recomputed", f, re, 1e-6)
		// Published with three to five decimals.
		near(t, "published gamma", 1/f.T1.Value, pub.Params["gamma"], 1e-4)
		for from, to := range map[string]string{"alpha": "sigma", "beta": "kappa"} {
			if got, want := f.Param(to).Value, pub.Params[from]; math.Abs(got-want) > 0.00051 {
				t.Errorf("%d rows: %s = %g, want %g as published", pub.Rows, to, got, want)
			}
		}
	}
}

func caseSpec(t *testing.T, p *published) {
	var re fitted
	p.recomputed(t, &re)
	c := p.curve(t, "load", "throughput", true, 0)
	f := fitOf(t, c, USL, Throughput)
	matches(t, "recomputed", f, re, 1e-6)
	r, sca := p.Published[0], p.Published[1]
	matches(t, "sca_tools", f, fitted{Params: sca.Params}, 1e-4)
	near(t, "sigma", f.Param("sigma").Value, r.Params["alpha"], 1e-5)
	near(t, "kappa", f.Param("kappa").Value, r.Params["beta"], 5e-4) // printed with 4 digits
	near(t, "lambda", 1/f.T1.Value, r.Params["gamma"], 1e-7)
	near(t, "peak", f.Peak.Value, r.Peak, 1e-6)
	near(t, "throughput at the peak", f.MaxSpeedup.Value/f.T1.Value, r.PeakX, 5e-4)
	near(t, "limit without κ", 1/f.T1.Value/f.Param("sigma").Value, r.LimitX, 1e-5)
	for i, want := range r.Fitted {
		if got := math.Round(1 / f.Time(c.Points[i].Workers)); got != want {
			t.Errorf("fitted at %g: %g, want %g", c.Points[i].Workers, got, want)
		}
	}
}

// caseSynthetic checks data made from the law and then rounded.
func caseSynthetic(t *testing.T, p *published, x string, tol float64) {
	var re fitted
	p.recomputed(t, &re)
	f := fitOf(t, p.curve(t, x, "tput", true, 0), USL, Throughput)
	matches(t, "generator", f, fitted{Params: p.Published[0].Params}, tol)
	matches(t, "recomputed", f, re, 1e-5)
}
