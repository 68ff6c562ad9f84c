package report

import (
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/save"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := save.File(path, []byte(got)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update makes it)", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got; go test -update accepts it):\n%s", name, d)
	}
}

// curve makes a series with the given median times, eight samples each.
func curve(series string, times map[float64]float64) *results.Curve {
	c := &results.Curve{Name: results.ParseName(series), X: "workers", Kind: results.Strong, Machine: results.Machine{Logical: 2}}
	for _, n := range []float64{1, 2, 4, 8, 16} {
		t, ok := times[n]
		if !ok {
			continue
		}
		p := results.Point{Workers: n, Tasks: 10}
		for i := range 8 {
			p.Samples = append(p.Samples, results.Sample{Time: t * (1 + 0.01*(float64(i)-3.5))})
		}
		c.Points = append(c.Points, p)
	}
	return c
}

func estimate(v, low, high float64) laws.Estimate {
	return laws.Estimate{Value: v, Interval: &laws.Interval{Low: low, High: high}}
}

func sigma(e laws.Estimate) laws.Param { return laws.Param{Symbol: "σ", Name: "sigma", Estimate: e} }
func kappa(e laws.Estimate) laws.Param { return laws.Param{Symbol: "κ", Name: "kappa", Estimate: e} }

func ptr[T any](v T) *T { return &v }

// byHand is analyses made by hand, one of every kind that a table must show.
func byHand() []*laws.Analysis {
	drift := errors.New("the machine drifted by 3 % between rounds")

	amdahl := &laws.Fit{
		Law: laws.Amdahl, Loss: laws.LogTime, T1: estimate(5.1e-3, 5.05e-3, 5.15e-3),
		Params:     []laws.Param{sigma(estimate(0.1, 0.09, 0.11))},
		MaxSpeedup: ptr(estimate(10, 9.09, 11.1)), Error: 0.012, AICc: ptr(-42.5), Weight: 0.75,
		Warnings: []error{drift},
	}
	usl := &laws.Fit{
		Law: laws.USL, Loss: laws.LogTime, T1: estimate(6e-3, 5.9e-3, 6.1e-3),
		Params:     []laws.Param{sigma(estimate(0.05, 0.04, 0.06)), kappa(estimate(0.004, 0.003, 0.005))},
		MaxSpeedup: ptr(estimate(6.1, 5.9, 6.3)), Peak: ptr(estimate(15.4, 13.9, 17.2)), Error: 0.02, AICc: ptr(-40.0), Weight: 1,
	}
	perfect := &laws.Fit{
		Law: laws.Amdahl, Loss: laws.LogTime, T1: laws.Estimate{Value: 2e-6},
		Params:     []laws.Param{sigma(laws.Estimate{Value: 0, Interval: &laws.Interval{Low: 0, High: 0.02, OneSided: true}})},
		MaxSpeedup: &laws.Estimate{Value: math.Inf(1), Interval: &laws.Interval{Low: 50, High: math.Inf(1), OneSided: true}},
		Error:      math.NaN(), Weight: math.NaN(),
	}
	grow := &laws.Fit{
		Law: laws.Gustafson, Loss: laws.LogTime, T1: laws.Estimate{Value: 1.5},
		Params: []laws.Param{{Symbol: "s", Name: "s", Estimate: estimate(0.2, 0.18, 0.22)}}, Error: 0.01, Weight: 1,
	}
	weak := curve("Weak/workload=sleep/strategy=fixed", map[float64]float64{1: 1.5, 2: 0.83, 4: 0.44})
	weak.Kind = results.Weak
	warned := curve("Strong/workload=hash/strategy=fixed/serial=0.1", map[float64]float64{1: 5.1e-3, 2: 2.8e-3, 4: 1.66e-3, 8: 1.08e-3})
	warned.Warnings = []error{drift}
	return measured([]*laws.Analysis{
		{Curve: curve("Strong/workload=hash/strategy=serial/serial=0.1", map[float64]float64{1: 5e-3}),
			Warnings: []error{laws.ErrOneLevel}},
		{Curve: warned, Fits: []*laws.Fit{amdahl}, Chosen: amdahl,
			Sigma: &amdahl.Params[0].Estimate, DetectableKappa: ptr(2e-4), Method: "bootstrap over 8 whole rounds",
			PoolSize: &laws.PoolSize{N: 8, Low: 7.2, High: 8, Speedup: 4.7}, KarpFlatt: []laws.KarpFlatt{{N: 2, Value: 0.098}, {N: 4, Value: math.NaN()}},
			Diagnosis: []laws.Finding{{Code: "serial", Text: "A tenth of the work is done by one worker at a time."}, {Code: "pool", Text: "Use 8 workers."}}},
		{Curve: curve("Strong/workload=hash/strategy=process/serial=0.1", map[float64]float64{1: 6e-3, 2: 3.2e-3, 4: 1.8e-3, 8: 1.2e-3, 16: 1.3e-3}),
			Fits: []*laws.Fit{amdahl, usl}, Chosen: usl, Sigma: &usl.Params[0].Estimate, Method: "bootstrap over 8 whole rounds"},
		{Curve: weak, Fits: []*laws.Fit{grow}, Chosen: grow, Sigma: &grow.Params[0].Estimate},
		{Curve: curve("Parse", map[float64]float64{2: 1e-6, 4: 0.5e-6, 8: 0.25e-6}), Fits: []*laws.Fit{perfect}, Chosen: perfect, Sigma: &perfect.Params[0].Estimate},
		{Curve: curve("Sort/alg=quick", map[float64]float64{1: 90, 2: 50}), Sigma: ptr(estimate(0.11, -0.01, 0.2)), Warnings: []error{errors.New("2 levels: nothing can be checked")}},
	})
}

// measured fills in what analyses made by hand have in common with all others:
// their levels and accounts.
func measured(as []*laws.Analysis) []*laws.Analysis {
	for _, a := range as {
		m := laws.Measured(a.Curve, 0)
		a.Levels, a.Account, a.Verdict = m.Levels, m.Account, m.Verdict
		if a.Chosen != nil {
			a.Verdict = laws.LawChosen
		}
	}
	return as
}
