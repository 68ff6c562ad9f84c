package browser

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// fitModules are the modules of the fit, in their order.
var fitModules = []string{"tail.js", "laws.js", "reduce.js", "fit.js"}

// A fitCase is one curve with what Go fitted to it.
type fitCase struct {
	Name     string
	Relative bool
	N        []float64
	Times    [][]float64
	Rounds   [][]int
	Want     []wantedFit
}

type wantedFit struct {
	Law    string
	Params []float64
	T1     float64
	Misfit *float64
}

// A difference is how far the browser's fit is off from Go's, at most.
type difference struct {
	Params, T1, Misfit             float64 // absolute, relative, absolute
	ParamsAt, T1At, MisfitAt, Fail string
	Fits, WithRounds               int
}

// TestFit fits all laws to every curve of the oracle in the browser, and holds
// parameters, T(1) and the p-value of the misfit against Go's.
func TestFit(t *testing.T) {
	b := newTab(t)
	o := &oracle{t: t}
	o.cases()
	o.runs()
	o.simulated()
	data, err := json.Marshal(o.all)
	if err != nil {
		t.Fatal(err)
	}
	b.openText(scriptPage(t, joined(t, fitModules...)+"globalThis.fit = fit;")+"<script type=application/json id=cases>"+string(data)+"</script>", "")
	d := eval[difference](b, `(() => {
  const worst = {Params: 0, T1: 0, Misfit: 0, ParamsAt: '', T1At: '', MisfitAt: '', Fail: '', Fits: 0, WithRounds: 0};
  const cases = JSON.parse(document.getElementById('cases').textContent);
  const note = (key, value, where) => {
    if (!(value <= worst[key])) [worst[key], worst[key + 'At']] = [value, where];
  };
  for (const c of cases) {
    const points = c.N.map((n, i) => ({n, samples: c.Times[i].map((t, j) => ({t, round: c.Rounds[i][j]}))}));
    for (const want of c.Want) {
      const where = c.Name + ' ' + want.Law;
      const got = fit(want.Law, points, {relative: c.Relative});
      if (!got.ok || got.params.length !== want.Params.length) {
        worst.Fail ||= where;
        continue;
      }
      worst.Fits++;
      if (got.rounds) worst.WithRounds++;
      want.Params.forEach((w, k) => note('Params', Math.abs(got.params[k] - w), where + ' ' + k + ': ' + got.params[k] + ', Go ' + w));
      note('T1', Math.abs(got.t1 / want.T1 - 1), where + ': ' + got.t1 + ', Go ' + want.T1);
      if ((got.misfit === null) !== (want.Misfit === null)) worst.Fail ||= where + ' misfit ' + got.misfit + ', Go ' + want.Misfit;
      if (want.Misfit !== null) note('Misfit', Math.abs(got.misfit - want.Misfit), where + ': ' + got.misfit + ', Go ' + want.Misfit);
    }
  }
  return worst;
})()`)
	t.Logf("%d fits of %d curves, %d fits with rounds; largest differences: parameters %.2g (%s), T(1) %.2g relative (%s), p of the misfit %.2g (%s)",
		d.Fits, len(o.all), d.WithRounds, d.Params, d.ParamsAt, d.T1, d.T1At, d.Misfit, d.MisfitAt)
	if d.Fail != "" {
		t.Errorf("no fit, or a different test: %s", d.Fail)
	}
	if !(d.Params <= 1e-6) || !(d.T1 <= 1e-6) || !(d.Misfit <= 1e-6) {
		t.Errorf("the browser's fit is not Go's: parameters off by %g (%s), T(1) by %g (%s), p by %g (%s)", d.Params, d.ParamsAt, d.T1, d.T1At, d.Misfit, d.MisfitAt)
	}
	if d.Fits < 5000 || d.WithRounds < 1000 {
		t.Errorf("%d fits, %d with rounds: want thousands, so that all paths of the fit are taken", d.Fits, d.WithRounds)
	}
}

// TestLaws holds the laws of the script against Go's: names, parameters, kinds,
// T(n)/T(1), ceiling and peak.
func TestLaws(t *testing.T) {
	b := newTab(t)
	b.openText(scriptPage(t, joined(t, fitModules...)+"Object.assign(globalThis, {laws, invert, karpFlatt});"), "")
	names := eval[[]string](b, "Object.keys(laws)")
	var want []string
	rng := rand.New(rand.NewPCG(1, 2))
	for _, l := range laws.All {
		want = append(want, l.Name)
		var params, symbols []string
		for _, term := range l.Terms {
			params, symbols = append(params, term.Name), append(symbols, term.Symbol)
		}
		for range 20 {
			n := math.Exp(rng.Float64() * 5)
			p := make([]float64, len(l.Terms))
			for k := range p {
				switch l.Terms[k].Name {
				case "kappa":
					p[k] = math.Exp(-10 * rng.Float64())
				case "nstar", "c":
					p[k] = 1 + 30*rng.Float64()
				default:
					p[k] = rng.Float64()
				}
			}
			type answer struct {
				Params, Symbols []string
				Weak            *bool
				Levels          int
				Time            float64
				Ceiling, Peak   *float64 // null where infinite
				Inverted        []float64
				Range           bool
			}
			args, _ := json.Marshal([]any{l.Name, p, n})
			got := eval[answer](b, fmt.Sprintf(`(([name, p, n]) => {
  const law = laws[name], time = law.time(p, n);
  return {
    Params: law.params, Symbols: law.symbols, Weak: law.weak, Levels: law.levels, Time: time, Ceiling: law.ceiling(p), Peak: law.peak(p),
    Inverted: law.params.map((param, k) => invert(name, param, p.map((v, j) => (j === k ? v / 2 + 0.25 : v)), n, time)),
    Range: law.ranges.every(([least, most], k) => p[k] >= least && p[k] <= most),
  };
})(%s)`, args))
			if !slices.Equal(got.Params, params) || !slices.Equal(got.Symbols, symbols) || got.Levels != l.Levels {
				t.Fatalf("%s: parameters %q %q, levels %d: want %q %q, %d", l.Name, got.Params, got.Symbols, got.Levels, params, symbols, l.Levels)
			}
			kind := results.Kind("")
			if got.Weak != nil {
				kind = map[bool]results.Kind{true: results.Weak, false: results.Strong}[*got.Weak]
			}
			if kind != l.Kind {
				t.Errorf("%s: weak %v, want kind %q", l.Name, got.Weak, l.Kind)
			}
			if !got.Range {
				t.Errorf("%s: %v is out of the script's ranges", l.Name, p)
			}
			if r := l.Ratio(n, p); math.Abs(got.Time/r-1) > 1e-12 {
				t.Errorf("%s%v: T(%g)/T(1) = %g, want %g", l.Name, p, n, got.Time, r)
			}
			for k, v := range got.Inverted {
				if l == laws.Bottleneck && n <= p[k] {
					continue // the law does not depend on n* there
				}
				if math.Abs(v-p[k]) > 1e-9*math.Max(1, p[k])/math.Min(1, n-1) {
					t.Errorf("%s%v at %g: parameter %d comes back as %g", l.Name, p, n, k, v)
				}
			}
			same := func(what string, got *float64, f func([]float64) float64) {
				w := math.Inf(1)
				if f != nil {
					w = f(p)
				}
				if math.IsInf(w, 1) != (got == nil) || got != nil && math.Abs(*got/w-1) > 1e-9 {
					t.Errorf("%s%v: %s differs from Go's %g", l.Name, p, what, w)
				}
			}
			same("ceiling", got.Ceiling, l.Limit)
			same("peak", got.Peak, l.Peak)
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("the laws are %q, want %q", names, want)
	}
	if got := eval[float64](b, "karpFlatt(3, 4)"); math.Abs(got-laws.SerialFraction(3, 4)) > 1e-15 {
		t.Errorf("karpFlatt(3, 4) = %g, want %g", got, laws.SerialFraction(3, 4))
	}
	// What cannot be fitted is said, not thrown.
	b.openText(scriptPage(t, joined(t, fitModules...)+"globalThis.fit = fit;"), "")
	for _, points := range []string{"[]", "[{n:1,samples:[{t:1,round:0}]}]", "[{n:1,samples:[]},{n:2,samples:[]}]", "[{n:2,samples:[{t:1}]},{n:1,samples:[{t:1}]}]", "[{n:1,samples:[{t:0}]},{n:2,samples:[{t:1}]}]", "[{n:1,samples:[{t:NaN}]},{n:2,samples:[{t:1}]}]"} {
		if eval[bool](b, "fit('ideal', "+points+").ok") {
			t.Errorf("fit of %s is ok", points)
		}
	}
}
