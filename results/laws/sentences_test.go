package laws

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"amdahl/results"
)

// A truth makes times whose diagnosis is known.
type truth struct {
	name  string
	ratio func(n float64) float64 // T(n)/T(1)
	right []string                // codes that are right for these data
}

func ofLaw(l *Law, p ...float64) func(n float64) float64 {
	return func(n float64) float64 { return l.Ratio(n, p) }
}

// truths are the laws, and times that follow none. Every truth runs on a machine
// with as many processors as the largest level, so that no sentence about
// processors is right.
var truths = []truth{
	{"ideal", ofLaw(Ideal), []string{"ideal"}},
	{"amdahl-0.01", ofLaw(Amdahl, 0.01), []string{"serial", "ideal"}},
	{"amdahl-0.1", ofLaw(Amdahl, 0.1), []string{"serial"}},
	{"amdahl-0.5", ofLaw(Amdahl, 0.5), []string{"serial"}},
	{"usl", ofLaw(USL, 0.05, 0.005), []string{"overhead-law", "overhead", "negative"}},
	{"log", ofLaw(Log, 0.05, 0.05), []string{"overhead-law", "overhead", "negative"}},
	{"bottleneck", ofLaw(Bottleneck, 5), []string{"bottleneck"}},
	{"convoy", ofLaw(Convoy, 3), []string{"convoy", "negative"}},
	{"superlinear", func(n float64) float64 { return math.Pow(n, -1.2) }, []string{"superlinear", "none-fits"}},
	{"power-0.8", func(n float64) float64 { return math.Pow(n, -0.8) }, []string{"none-fits", "serial"}},
	{"staircase-8", func(n float64) float64 { return math.Ceil(8/n) / 8 }, []string{"none-fits", "imbalance", "bottleneck"}},
}

// sentences is how often each code was said of curves of a truth.
func (tr truth) sentences(t testing.TB, runs int, levels []float64, repeats int, noise float64) map[string]float64 {
	rng := rand.New(rand.NewPCG(1, 17))
	said := map[string]float64{}
	for range runs {
		c := &results.Curve{Name: results.ParseName("sim"), X: "workers", Kind: results.Strong, Machine: results.Machine{Logical: int(levels[len(levels)-1])}}
		for _, n := range levels {
			p := results.Point{Workers: n, Tasks: 1}
			for range repeats {
				p.Samples = append(p.Samples, results.Sample{Time: 1e-3 * tr.ratio(n) * math.Exp(noise*rng.NormFloat64())})
			}
			c.Points = append(c.Points, p)
		}
		a, err := Analyze(c, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Diagnosis {
			if f.Code != "pool-size" {
				said[f.Code] += 1 / float64(runs)
			}
		}
	}
	return said
}

// BenchmarkSentences reports in how many of a thousand curves of each truth each
// sentence was said. What is not right for the truth ends in "!": a false alarm.
//
//	go test -run '^$' -bench Sentences -benchtime 1x ./results/laws
func BenchmarkSentences(b *testing.B) {
	for _, set := range []struct {
		name    string
		levels  []float64
		repeats int
		noise   float64
	}{
		{"levels=8to16/samples=10/noise=3%", dense, 10, 0.03}, {"levels=5to16/samples=10/noise=3%", powers(16), 10, 0.03},
		{"levels=5to16/samples=3/noise=5%", powers(16), 3, 0.05},
	} {
		for _, tr := range truths {
			b.Run(set.name+"/truth="+tr.name, func(b *testing.B) {
				for b.Loop() {
					for code, share := range tr.sentences(b, 1000, set.levels, set.repeats, set.noise) {
						unit := "%" + code
						if !slices.Contains(tr.right, code) {
							unit += "!"
						}
						b.ReportMetric(100*share, unit)
					}
					b.ReportMetric(0, "ns/op")
				}
			})
		}
	}
}

// The benchmark in small: what is right is said, and false alarms are rare.
func TestSentences(t *testing.T) {
	for _, tr := range truths {
		for code, share := range tr.sentences(t, 100, dense, 10, 0.03) {
			if !slices.Contains(tr.right, code) && share > 0.06 {
				t.Errorf("%s: %s is said of %.0f %% of curves", tr.name, code, 100*share)
			}
		}
		if said := tr.sentences(t, 60, dense, 10, 0.01); said[tr.right[0]] < 0.9 {
			t.Errorf("%s: %s is said of %.0f %% of curves, want at least 90 %%: %v", tr.name, tr.right[0], 100*said[tr.right[0]], said)
		}
	}
}
