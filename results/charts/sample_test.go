package charts

import (
	"fmt"
	"math"

	"amdahl/results"
	"amdahl/results/laws"
)

var machine = results.Machine{OS: "linux", Arch: "amd64", CPU: "Example CPU", Logical: 8, Physical: 4}

// curve makes a series whose median times follow T(n)/T(1) = 1/n + σ(1−1/n)
// + κ(n−1), each level with the same spread of samples around the median.
func curve(series string, t1, sigma, kappa float64, samples int, levels ...float64) *results.Curve {
	c := &results.Curve{Name: results.ParseName(series), X: "workers", Kind: results.Strong, Machine: machine}
	for _, n := range levels {
		t := t1 * (1/n + sigma*(1-1/n) + kappa*(n-1))
		p := results.Point{Workers: n, Tasks: 64}
		for i := range samples {
			off := float64(i) - float64(samples-1)/2
			p.Samples = append(p.Samples, results.Sample{Time: t * (1 + 0.01*off)})
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// amdahlFit and uslFit are fits with the parameters as given.
func amdahlFit(t1, sigma float64) *laws.Fit {
	return &laws.Fit{
		Law: laws.Amdahl, T1: laws.Estimate{Value: t1},
		Params:     []laws.Param{{Symbol: "σ", Name: "sigma", Estimate: laws.Estimate{Value: sigma}}},
		MaxSpeedup: &laws.Estimate{Value: 1 / sigma},
	}
}

func uslFit(t1, sigma, kappa float64) *laws.Fit {
	peak := math.Sqrt((1 - sigma) / kappa)
	f := &laws.Fit{
		Law: laws.USL, T1: laws.Estimate{Value: t1},
		Params: []laws.Param{
			{Symbol: "σ", Name: "sigma", Estimate: laws.Estimate{Value: sigma}},
			{Symbol: "κ", Name: "kappa", Estimate: laws.Estimate{Value: kappa}},
		},
		Peak: &laws.Estimate{Value: peak},
	}
	f.MaxSpeedup = &laws.Estimate{Value: f.Speedup(peak)}
	return f
}

func analysis(c *results.Curve, fits ...*laws.Fit) *laws.Analysis {
	a := laws.Measured(c, 0)
	a.Fits = fits
	if len(fits) > 0 {
		a.Chosen = fits[len(fits)-1]
	}
	return a
}

// strategies is a figure's worth of series: three with laws, one serial loop.
func strategies() []*laws.Analysis {
	name := func(s string) string { return "Strong/workload=hash/strategy=" + s + "/serial=0.1/cores=real" }
	return []*laws.Analysis{
		analysis(curve(name("serial"), 5e-3, 0, 0, 10, 1)),
		analysis(curve(name("spawn"), 5.4e-3, 0.1, 0, 10, 1, 2, 4, 8, 16), amdahlFit(5.4e-3, 0.1)),
		analysis(curve(name("fixed"), 5.1e-3, 0.1, 0.001, 10, 1, 2, 4, 8, 16), amdahlFit(5.1e-3, 0.12), uslFit(5.1e-3, 0.1, 0.001)),
		analysis(curve(name("process"), 6e-3, 0.11, 0.01, 10, 1, 2, 4, 8, 16), uslFit(6e-3, 0.11, 0.01)),
	}
}

// many is n series with long names.
func many(n int, name string) []*laws.Analysis {
	var as []*laws.Analysis
	for i := range n {
		sigma := 0.02 * float64(i+1)
		as = append(as, analysis(curve(fmt.Sprintf("Sort/%s%d", name, i), 1e-6, sigma, 0, 7, 1, 2, 4, 8), amdahlFit(1e-6, sigma)))
	}
	return as
}
