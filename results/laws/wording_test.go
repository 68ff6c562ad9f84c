package laws

import (
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"testing"

	"amdahl/results"
)

// What no sentence may say: numbers that mean nothing, and one in the plural.
var forbidden = regexp.MustCompile(`(^|[^.\d])1 times (faster|as fast)|\b1 workers|\b1 more levels|\d(\.\d+)?e[+-]\d|NaN|Inf|-\d[\d.]* %|\b(1[0-9][1-9]|1[1-9]\d|[2-9]\d\d)(\.\d+)? % (of the work|is serial)`)

// ceilings are the largest speedups that a sentence names.
var ceilings = regexp.MustCompile(`the ceiling is ([\d.]+) times|makes it more than ([\d.]+) times`)

// Sentences about all sorts of curves, exact, flat, slower with every worker and
// superlinear among them, say no such thing, and name no ceiling below a measured
// speedup.
func TestWording(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 31))
	shapes := []func(n float64) float64{
		ofLaw(Ideal), ofLaw(Amdahl, 1e-4), ofLaw(Amdahl, 0.1), ofLaw(Amdahl, 1), ofLaw(USL, 0.05, 0.02), ofLaw(USL, 0, 1e-6), ofLaw(USL, 0.3, 3),
		ofLaw(Log, 0.05, 0.001), ofLaw(Bottleneck, 3), ofLaw(Convoy, 2), ofLaw(Convoy, 900),
		func(n float64) float64 { return n }, func(n float64) float64 { return math.Pow(n, -1.3) }, func(n float64) float64 { return math.Pow(n, -0.7) },
		func(n float64) float64 { return math.Ceil(6/n) / 6 },
	}
	for _, levels := range [][]float64{{1, 2}, {1, 4}, {1, 2, 4}, powers(8), dense, powers(64), {2, 4, 8, 16}} {
		for _, noise := range []float64{0, 0.001, 0.05, 0.5} {
			for _, repeats := range []int{1, 3, 8} {
				for i, shape := range shapes {
					c := &results.Curve{Name: results.ParseName("S"), X: "workers", Kind: results.Strong, Machine: results.Machine{Logical: 4}}
					for _, n := range levels {
						p := results.Point{Workers: n, Tasks: 1}
						for range repeats {
							p.Samples = append(p.Samples, results.Sample{Time: 1e-3 * shape(n) * math.Exp(noise*rng.NormFloat64())})
						}
						c.Points = append(c.Points, p)
					}
					a, err := Analyze(c, Options{})
					if err != nil {
						t.Fatal(err)
					}
					best := a.bestMeasured()
					for _, f := range a.Diagnosis {
						if bad := forbidden.FindString(f.Text); bad != "" {
							t.Errorf("shape %d, levels %v, noise %g, %d samples: %q in %s: %s", i, levels, noise, repeats, bad, f.Code, f.Text)
						}
						for _, m := range ceilings.FindAllStringSubmatch(f.Text, -1) {
							v, _ := strconv.ParseFloat(m[1]+m[2], 64)
							if v < 0.994*best {
								t.Errorf("shape %d, levels %v: a ceiling of %g below the measured %g: %s", i, levels, v, best, f.Text)
							}
						}
					}
				}
			}
		}
	}
}
