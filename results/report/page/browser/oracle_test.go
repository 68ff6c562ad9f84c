package browser

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// An oracle collects curves with what Go fits to them.
type oracle struct {
	t   *testing.T
	all []fitCase
}

// add analyses one curve. Curves that Go refuses are left out.
func (o *oracle) add(name string, c *results.Curve) {
	a, err := laws.Analyze(c, laws.Options{})
	if err != nil {
		return
	}
	f := fitCase{Name: name, Relative: c.Relative, Want: []wantedFit{}}
	for _, p := range c.Points {
		times, rounds := make([]float64, len(p.Samples)), make([]int, len(p.Samples))
		for i, s := range p.Samples {
			times[i], rounds[i] = s.Time, s.Round
		}
		f.N, f.Times, f.Rounds = append(f.N, p.Workers), append(f.Times, times), append(f.Rounds, rounds)
	}
	for _, fit := range a.Fits {
		w := wantedFit{Law: fit.Law.Name, Params: []float64{}, T1: fit.T1.Value, Misfit: fit.LackOfFit}
		for _, p := range fit.Params {
			w.Params = append(w.Params, p.Value)
		}
		f.Want = append(f.Want, w)
	}
	o.all = append(o.all, f)
}

// variants adds a curve whole, with each level and each round left out, and with
// unequal numbers of samples.
func (o *oracle) variants(name string, c *results.Curve, rng *rand.Rand) {
	o.add(name, c)
	if len(c.Points) < 2 {
		return
	}
	rounds := map[int]bool{}
	for i, p := range c.Points {
		if i%(1+len(c.Points)/20) == 0 { // of 400 levels not each: each costs a second
			o.add(fmt.Sprintf("%s without level %g", name, p.Workers), without(c, func(j int, _ results.Sample) bool { return i == j }))
		}
		for _, s := range p.Samples {
			rounds[s.Round] = true
		}
	}
	for r := range rounds {
		if r > 0 && len(rounds) > 1 {
			o.add(fmt.Sprintf("%s without round %d", name, r), without(c, func(_ int, s results.Sample) bool { return s.Round == r }))
		}
	}
	for range 2 {
		share := rng.Float64()
		o.add(fmt.Sprintf("%s without a share %.2g of the samples", name, share), without(c, func(i int, _ results.Sample) bool { return rng.Float64() < share }))
		// Without rounds the samples of a level count each on its own.
		plain := without(c, func(i int, _ results.Sample) bool { return i%2 == 0 && rng.Float64() < share })
		for _, p := range plain.Points {
			for i := range p.Samples {
				p.Samples[i].Round = 0
			}
		}
		o.add(name+" with rounds unknown", plain)
	}
}

// without is a curve without some samples, and without levels that have none left.
func without(c *results.Curve, leave func(level int, s results.Sample) bool) *results.Curve {
	d := *c
	d.Points = nil
	for i, p := range c.Points {
		q := p
		q.Samples = nil
		for _, s := range p.Samples {
			if !leave(i, s) {
				q.Samples = append(q.Samples, s)
			}
		}
		if len(q.Samples) > 0 {
			d.Points = append(d.Points, q)
		}
	}
	return &d
}

// cases adds published data, where AMDAHL_CASES names its folder.
func (o *oracle) cases() {
	dir := os.Getenv("AMDAHL_CASES")
	if dir == "" {
		o.t.Log("AMDAHL_CASES is not set: published data is not among the cases")
		return
	}
	for _, c := range []struct {
		file, x, y string
		rate       bool // y is tasks in a time
		relative   bool
		first      int // rows; 0 is all
	}{
		{"algeng_strassen", "n", "speedup", true, false, 0}, {"algeng_strassen", "n", "speedup", true, true, 0},
		{"clients_no_n1", "clients", "reqrate", true, false, 0},
		{"handlersocket", "conc", "tput", true, false, 0}, {"handlersocket", "conc", "tput", true, false, 15},
		{"hpc_carpentry_p085", "cpus", "seconds", false, false, 0},
		{"nist_misra1d", "x", "y", true, false, 0},
		{"oracledb", "db_time", "txn_rate", true, false, 0},
		{"raytracer", "processors", "throughput", true, false, 0}, {"raytracer", "processors", "throughput", true, false, 6},
		{"specsdm91", "load", "throughput", true, false, 0},
		{"usl_synthetic_002", "load", "tput", true, false, 0},
		{"usl_synthetic_005_002", "nodes", "tput", true, false, 0},
	} {
		curve := o.table(filepath.Join(dir, c.file+".csv"), c.x, c.y, c.rate, c.first)
		curve.Relative = c.relative
		o.variants(fmt.Sprintf("%s, %d rows, relative %v", c.file, c.first, c.relative), curve, rand.New(rand.NewPCG(7, 7)))
	}
}

// table makes a curve of two columns of a CSV file.
func (o *oracle) table(file, x, y string, rate bool, first int) *results.Curve {
	f, err := os.Open(file)
	if err != nil {
		o.t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		o.t.Fatalf("%s: %v", file, err)
	}
	ix, iy := slices.Index(rows[0], x), slices.Index(rows[0], y)
	c := &results.Curve{Name: results.ParseName("case"), X: x, Kind: results.Strong}
	for _, r := range rows[1 : 1+cmp.Or(first, len(rows)-1)] {
		n, err := strconv.ParseFloat(r[ix], 64)
		t, err2 := strconv.ParseFloat(r[iy], 64)
		if err != nil || err2 != nil {
			o.t.Fatalf("%s: %q", file, r)
		}
		if rate {
			t = 1 / t
		}
		i, found := slices.BinarySearchFunc(c.Points, n, func(p results.Point, n float64) int { return cmp.Compare(p.Workers, n) })
		if !found {
			c.Points = slices.Insert(c.Points, i, results.Point{Workers: n})
		}
		c.Points[i].Samples = append(c.Points[i].Samples, results.Sample{Time: t})
	}
	return c
}

// runs adds the stored runs.
func (o *oracle) runs() {
	files, err := filepath.Glob("../../../runs/*/*/results.txt")
	if err != nil || len(files) == 0 {
		o.t.Fatalf("no stored runs: %v", err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	for _, f := range files {
		set, err := read.Files([]string{f}, nil, read.Options{})
		if err != nil {
			continue // a run that is no curves, such as a table of coverage
		}
		for _, c := range set.Curves {
			o.variants(filepath.Base(filepath.Dir(f))+" "+c.Name.String(), c, rng)
		}
	}
}

// simulated adds curves of every law at noise from nothing to 50 %, with rounds and
// without, with unequal numbers of samples, and with levels that lack 1.
func (o *oracle) simulated() {
	rng := rand.New(rand.NewPCG(5, 5))
	truths := []struct {
		law *laws.Law
		p   [][]float64
	}{
		{laws.Ideal, [][]float64{{}}},
		{laws.Amdahl, [][]float64{{0.01}, {0.1}, {0.6}, {1}}},
		{laws.USL, [][]float64{{0.05, 0.001}, {0, 0.01}, {0.3, 1e-5}, {0, 0.3}}},
		{laws.Log, [][]float64{{0.05, 0.02}, {0.9, 0.3}}},
		{laws.Bottleneck, [][]float64{{1}, {3.7}, {40}}},
		{laws.Convoy, [][]float64{{1.5}, {6}}},
		{laws.Gustafson, [][]float64{{0}, {0.2}, {1}}},
	}
	levels := [][]float64{{1, 2, 4, 8}, {1, 2, 3, 4, 6, 8, 12, 16}, {2, 4, 8, 16, 64}, {0.5, 1, 1.5, 3, 10}, {1, 3, 5}}
	for _, truth := range truths {
		for _, p := range truth.p {
			for _, noise := range []float64{0, 1e-5, 0.002, 0.01, 0.05, 0.2, 0.5} {
				for k, ns := range levels {
					for _, rounds := range []bool{false, true} {
						c := &results.Curve{Name: results.ParseName("sim"), X: "workers", Kind: cmp.Or(truth.law.Kind, results.Strong)}
						repeats := 1 + rng.IntN(12)
						if noise == 0 {
							repeats = 1 // more of them differ by rounding, which no two programs do alike
						}
						t1 := math.Exp(20 * (rng.Float64() - 0.5))
						for _, n := range ns {
							q := results.Point{Workers: n}
							for r := range repeats {
								s := results.Sample{Time: t1 * truth.law.Ratio(n, p) * math.Exp(noise*rng.NormFloat64())}
								if rounds {
									s.Round = r + 1
								}
								q.Samples = append(q.Samples, s)
							}
							c.Points = append(c.Points, q)
						}
						name := fmt.Sprintf("%s%v noise %g levels %v rounds %v", truth.law.Name, p, noise, ns, rounds)
						if k < 2 && repeats > 1 {
							o.variants(name, c, rng)
						} else {
							o.add(name, c)
						}
					}
				}
			}
		}
	}
}
