package laws

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
)

// sound fails unless every number of the analysis makes sense.
func sound(t *testing.T, a *Analysis) {
	t.Helper()
	bad := func(what string, v any) { t.Helper(); t.Errorf("%s = %v", what, v) }
	method := ""
	estimate := func(what string, e *Estimate, mayInf bool) {
		t.Helper()
		if e == nil {
			return
		}
		if math.IsNaN(e.Value) || e.Value < 0 || math.IsInf(e.Value, 0) && !mayInf {
			bad(what, e.Value)
		}
		if iv := e.Interval; iv != nil {
			if math.IsNaN(iv.Low) || math.IsNaN(iv.High) || iv.Low < 0 || iv.Low > iv.High {
				bad(what+" interval", *iv)
			}
			if slack, boot := 1e-6*e.Value, strings.HasPrefix(method, "bootstrap"); !boot && (iv.Low > e.Value+slack || iv.High < e.Value-slack) {
				bad(what+" outside of its interval", []float64{e.Value, iv.Low, iv.High})
			}
		}
	}
	if len(a.Curve.Points) >= 3 && a.Chosen == nil && (a.Verdict != NoneFits || a.Closest == nil) {
		t.Error("no law chosen from 3 levels or more")
	}
	var weights float64
	for _, f := range a.Fits {
		name := f.Law.Name
		method = f.Method
		estimate(name+" T1", &f.T1, false)
		if f.T1.Value == 0 {
			bad(name+" T1", 0)
		}
		for i := range f.Params {
			estimate(name+" "+f.Params[i].Name, &f.Params[i].Estimate, false)
			if m := f.Law.Terms[i].Max; m > 0 && f.Params[i].Value > m {
				bad(name+" "+f.Params[i].Name, f.Params[i].Value)
			}
		}
		estimate(name+" max speedup", f.MaxSpeedup, true)
		estimate(name+" peak", f.Peak, false)
		if math.IsNaN(f.Error) || math.IsNaN(f.R2) || math.IsNaN(f.RSE) || math.IsNaN(f.Weight) || f.Weight < 0 || f.Weight > 1 {
			bad(name+" quality", []float64{f.Error, f.R2, f.RSE, f.Weight})
		}
		if f.AICc != nil && (math.IsNaN(*f.AICc) || math.IsInf(*f.AICc, 0)) {
			bad(name+" AICc", *f.AICc)
		}
		weights += f.Weight
		for _, p := range a.Curve.Points {
			if v := f.Time(p.Workers); !(v > 0) || math.IsInf(v, 1) {
				bad(name+" time", v)
			}
		}
		last := a.Curve.Points[len(a.Curve.Points)-1].Workers
		if e := f.Predict(2*last, 0); math.IsNaN(e.Value) || e.Interval != nil && !(e.Interval.Low <= e.Interval.High) {
			bad(name+" prediction", e)
		}
	}
	if weights != 0 && math.Abs(weights-1) > 1e-9 {
		bad("sum of weights", weights)
	}
	if a.DetectableKappa != nil && !(*a.DetectableKappa >= 0) {
		bad("detectable kappa", *a.DetectableKappa)
	}
	if p := a.PoolSize; p != nil && (p.N < 1 || float64(p.N) > a.Curve.Points[len(a.Curve.Points)-1].Workers || !(p.Low <= p.High)) {
		bad("pool size", *p)
	}
	for _, k := range a.KarpFlatt {
		if math.IsNaN(k.Value) || math.IsInf(k.Value, 0) {
			bad("Karp–Flatt", k)
		}
	}
	for _, f := range a.Diagnosis {
		if f.Code == "" || f.Text == "" {
			bad("finding", f)
		}
	}
}

// FuzzAnalyze feeds times and levels that nobody measured.
func FuzzAnalyze(f *testing.F) {
	f.Add([]byte{}, uint8(0))
	rng := rand.New(rand.NewPCG(1, 1))
	for range 40 {
		b := make([]byte, 4*(2+rng.IntN(20)))
		for i := range b {
			b[i] = byte(rng.Uint32())
		}
		f.Add(b, uint8(rng.Uint32()))
	}
	f.Fuzz(func(t *testing.T, raw []byte, flags uint8) {
		c := &results.Curve{Name: results.ParseName("fuzz"), Kind: results.Strong}
		if flags&1 != 0 {
			c.Kind = results.Weak
		}
		n := 0.0
		for i := 0; len(raw) >= 4 && i < 200; i++ {
			a, b := binary.LittleEndian.Uint16(raw), binary.LittleEndian.Uint16(raw[2:])
			raw = raw[4:]
			if a&3 != 0 || n == 0 {
				step := math.Exp(float64(a>>2)/16384*20 - 6)
				if flags&2 != 0 {
					step = float64(1 + a>>2&7)
				}
				n = math.Min(n+step, 1e6)
				if k := len(c.Points); k > 0 && c.Points[k-1].Workers >= n {
					break
				}
				c.Points = append(c.Points, results.Point{Workers: n})
			}
			s := results.Sample{Time: math.Pow(10, float64(b)/65535*24-12)}
			if flags&4 != 0 {
				s.Time = 1 + float64(b)/65535
			}
			p := &c.Points[len(c.Points)-1]
			if flags&8 != 0 {
				s.Round = 1 + len(p.Samples)
			}
			p.Samples = append(p.Samples, s)
		}
		c.Machine.Logical = int(flags >> 4)
		o := Options{}
		if flags&16 != 0 {
			o.Loss = Throughput
		}
		a, err := Analyze(c, o)
		if err != nil {
			if len(c.Points) >= 2 {
				t.Fatal(err)
			}
			return
		}
		sound(t, a)
	})
}

// FuzzPlanted plants parameters and wants them back.
func FuzzPlanted(f *testing.F) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 60 {
		f.Add(rng.Float64(), rng.Float64(), rng.Float64(), uint8(rng.Uint32()))
	}
	f.Add(0.0, 0.0, 0.5, uint8(0))
	f.Add(1.0, 1.0, 0.5, uint8(7))
	f.Fuzz(func(t *testing.T, u, v, scale float64, which uint8) {
		u, v, scale = inUnit(u), inUnit(v), inUnit(scale)
		law := All[int(which)%len(All)]
		loss := []Loss{LogTime, Throughput}[which>>3&1]
		p := []float64{u, v * v * 0.1}[:min(len(law.Terms), 2)]
		switch law {
		case Bottleneck:
			p[0] = 1.5 + 20*u
		case Convoy:
			p[0] = 1 + 9*u
		}
		t1 := math.Pow(10, 24*scale-12)
		c := &results.Curve{Kind: law.Kind}
		for _, n := range []float64{1, 2, 3, 4, 8, 12, 16, 24, 32} {
			c.Points = append(c.Points, results.Point{Workers: n, Samples: []results.Sample{{Time: t1 * law.Ratio(n, p)}}})
		}
		fit := fitOf(t, c, law, loss)
		near(t, law.Name+" T1", fit.T1.Value, t1, 1e-8)
		for k := range p {
			if got := fit.Params[k].Value; math.Abs(got-p[k]) > 1e-7*math.Max(p[k], 1) {
				t.Errorf("%s %s: %s = %.12g, want %.12g (of %v)", law.Name, loss, law.Terms[k].Symbol, got, p[k], p)
			}
		}
	})
}

func inUnit(x float64) float64 {
	if !(x >= 0 && x <= 1) {
		return math.Abs(math.Sin(math.Float64frombits(math.Float64bits(x) &^ (1 << 62))))
	}
	return x
}
