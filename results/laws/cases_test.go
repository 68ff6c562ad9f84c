package laws

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"amdahl/results"
)

// Published data with published results, from the directory that AMDAHL_CASES
// names. A value that its own case marks as wrong is never read.

type fitted struct {
	Params map[string]float64
	SE     map[string]*float64
	RSE    float64
	DF     int
}

type published struct {
	Case        string
	Data        string
	Published   []result
	Recomputed  json.RawMessage
	Bounded     fitted  `json:"recomputed_bounded"`
	Peak        float64 `json:"recomputed_peak_N"`
	Certified   map[string]float64
	CertifiedSD float64 `json:"certified_residual_sd"`
	Mapping     struct {
		Sigma   float64 `json:"sigma_from_certified"`
		SigmaSD float64 `json:"sigma_sd_from_certified"`
		Lambda  float64 `json:"lambda_from_certified"`
	} `json:"amdahl_mapping"`

	rows []map[string]string
}

type result struct {
	fitted
	Rows           int
	SerialFraction float64   `json:"serial_fraction"`
	Peak           float64   `json:"peak_N"`
	PeakX          float64   `json:"peak_X"`
	LimitX         float64   `json:"limit_X"`
	Printed        []float64 `json:"speedup_as_printed"`
	Fitted         []float64
}

func loadCases(t *testing.T) map[string]*published {
	dir := os.Getenv("AMDAHL_CASES")
	if dir == "" {
		t.Skip("AMDAHL_CASES is not set: it names the directory of published data to check against")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in AMDAHL_CASES=%s (%v)", dir, err)
	}
	cases := map[string]*published{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := &published{}
		if err := json.Unmarshal(text, p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f, err := os.Open(filepath.Join(dir, p.Data))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", p.Data, err)
		}
		for _, r := range rows[1:] {
			m := map[string]string{}
			for i, v := range r {
				m[rows[0][i]] = v
			}
			p.rows = append(p.rows, m)
		}
		cases[p.Case] = p
	}
	return cases
}

// curve makes the first n rows (0 for all) a curve of throughputs, or of times.
func (p *published) curve(t *testing.T, x, y string, throughput bool, n int) *results.Curve {
	c := &results.Curve{Name: results.ParseName(p.Case), X: x, Kind: results.Strong}
	for _, r := range p.rows[:cmp.Or(n, len(p.rows))] {
		v := number(t, r[y])
		if throughput {
			v = 1 / v
		}
		w := number(t, r[x])
		i, found := slices.BinarySearchFunc(c.Points, w, func(p results.Point, w float64) int { return cmp.Compare(p.Workers, w) })
		if !found {
			c.Points = slices.Insert(c.Points, i, results.Point{Workers: w})
		}
		c.Points[i].Samples = append(c.Points[i].Samples, results.Sample{Time: v})
	}
	return c
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (p *published) recomputed(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(p.Recomputed, v); err != nil {
		t.Fatalf("%s: %v", p.Case, err)
	}
}

func fitOf(t *testing.T, c *results.Curve, l *Law, loss Loss) *Fit {
	t.Helper()
	a, err := Analyze(c, Options{Loss: loss})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Fits {
		if f.Law == l {
			return f
		}
	}
	t.Fatalf("%s: no fit of %s", c.Name.String(), l.Name)
	return nil
}

// near compares to a relative tolerance.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if want == 0 && math.Abs(got) > tol || want != 0 && !(math.Abs(got/want-1) <= tol) {
		t.Errorf("%s = %.10g, want %.10g to %g", what, got, want, tol)
	}
}

// matches compares a fit with published parameters under any of their names.
func matches(t *testing.T, what string, f *Fit, want fitted, tol float64) {
	t.Helper()
	names := map[string]string{"sigma": "sigma", "alpha": "sigma", "kappa": "kappa", "beta": "kappa"}
	for name, w := range want.Params {
		switch {
		case names[name] != "":
			near(t, what+" "+name, f.Param(names[name]).Value, w, tol)
		default: // lambda, gamma, X1
			near(t, what+" "+name, 1/f.T1.Value, w, tol)
		}
	}
	for name, w := range want.SE {
		p := f.Param(names[name])
		if p == nil || w == nil {
			continue
		}
		if p.StdErr == nil {
			t.Errorf("%s: no standard error of %s, want %g", what, name, *w)
			continue
		}
		near(t, what+" standard error of "+name, *p.StdErr, *w, math.Max(tol, 1e-3))
	}
	if want.RSE != 0 {
		near(t, what+" residual standard error", f.RSE, want.RSE, math.Max(tol, 1e-4))
		if want.DF != 0 && f.DF != want.DF {
			t.Errorf("%s: %d degrees of freedom, want %d", what, f.DF, want.DF)
		}
	}
}

func TestCases(t *testing.T) {
	cases := loadCases(t)
	checks := map[string]func(*testing.T, *published){
		"algeng_strassen":       caseStrassen,
		"cilkview_bounds":       caseCilkview,
		"clients_no_n1":         caseClients,
		"gustafson_1988":        caseGustafson,
		"handlersocket":         caseHandlersocket,
		"hpc_carpentry_p085":    caseCarpentry,
		"nist_misra1d":          caseMisra1d,
		"oracledb":              caseOracle,
		"raytracer":             caseRaytracer,
		"specsdm91":             caseSpec,
		"usl_synthetic_002":     func(t *testing.T, p *published) { caseSynthetic(t, p, "load", 1e-3) },
		"usl_synthetic_005_002": func(t *testing.T, p *published) { caseSynthetic(t, p, "nodes", 1e-3) },
	}
	for name, p := range cases {
		t.Run(name, func(t *testing.T) {
			if checks[name] == nil {
				t.Fatalf("no check for the case %s: write one", name)
			}
			checks[name](t, p)
		})
	}
	for name := range checks {
		if cases[name] == nil {
			t.Errorf("no case %s in %s", name, os.Getenv("AMDAHL_CASES"))
		}
	}
}
