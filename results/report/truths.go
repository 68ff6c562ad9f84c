package report

import (
	"fmt"
	"io"
	"strconv"

	"amdahl/results/laws"
	"amdahl/results/truth"
	"amdahl/results/words"
)

// Truths prints what was found against what was planted, and then the
// speedups of real processors, slow cores and the simulator side by side.
func Truths(w io.Writer, r *truth.Report, o Options) error {
	p := newPrinter(w, o)
	if len(r.Findings) > 0 {
		rows := [][]string{{"planted", "cores", "found", "interval", "error", "exact times give", "drift", "verdict"}}
		for _, f := range r.Findings {
			c := fraction(f.Found)
			rows = append(rows, []string{
				f.Planted.String(), orReal(f.Curve.Name.Value("cores")), c.Value, c.Interval,
				fmt.Sprintf("%+.4f", f.Error()), fmt.Sprintf("%.4f", f.Simulated), drifted(f.Trend), string(f.Verdict),
			})
		}
		if err := p.grid(aligned(rows)); err != nil {
			return err
		}
		p.line("")
		p.hanging("", fmt.Sprintf("A truth holds if it is found within %g and the 95 %% interval contains it. σ is that of the universal scalability law, whose κ takes what grows with the workers; of a lock it is 1/n* of the bottleneck law.", truth.Goal))
		for _, f := range r.Findings {
			if f.Verdict != truth.Holds {
				p.hanging(f.Planted.String()+": ", f.Why)
			}
		}
	}
	if len(r.Agreements) > 0 {
		if len(r.Findings) > 0 {
			p.line("")
		}
		rows := [][]string{{"planted", "workers", "measured", "slow cores", "simulated", "apart", "verdict"}}
		for _, a := range r.Agreements {
			rows = append(rows, []string{
				a.Planted.String(), strconv.Itoa(a.N), speedup(a.Measured), speedup(a.Slow), fmt.Sprintf("%.3f", a.Simulated),
				fmt.Sprintf("%.1f %%", 100*a.Apart), string(a.Verdict),
			})
		}
		if err := p.grid(aligned(rows)); err != nil {
			return err
		}
		p.line("")
		p.hanging("", fmt.Sprintf("Speedups agree if no two differ by more than %g %%. Measured is on the processors of this machine, as far as there are any.", 100*truth.Tolerance))
	}
	for _, err := range r.Skipped {
		p.hanging("", words.Clean(err.Error()))
	}
	p.line("")
	p.line(p.style(bold, summing(r)))
	return flush(p)
}

// summing is the last line.
func summing(r *truth.Report) string {
	count := map[truth.Verdict]int{}
	most := 0.0
	for _, f := range r.Findings {
		count[f.Verdict]++
		most = max(most, f.Error(), -f.Error())
	}
	apart, noisy, wrong := 0.0, 0, 0
	for _, a := range r.Agreements {
		apart = max(apart, a.Apart)
		switch a.Verdict {
		case truth.Noisy:
			noisy++
		case truth.Wrong:
			wrong++
		}
	}
	return fmt.Sprintf("%d truths: %d hold, %d too noisy to tell, %d wrong; the largest error is %.4f. %d speedups: %d too noisy, %d wrong; at most %.1f %% apart.",
		len(r.Findings), count[truth.Holds], count[truth.Noisy], count[truth.Wrong], most, len(r.Agreements), noisy, wrong, 100*apart)
}

// fraction prints a serial fraction and its interval to four decimals, so
// that one can see the distance from the truth.
func fraction(e laws.Estimate) cell {
	four := func(v float64) string { return fmt.Sprintf("%.4f", v) }
	c := cell{Value: four(e.Value)}
	if e.Interval != nil {
		c.Interval = interval(e.Interval, four)
	}
	return c
}

func speedup(e *laws.Estimate) string {
	if e == nil {
		return words.None
	}
	three := func(v float64) string { return fmt.Sprintf("%.3f", v) }
	c := cell{Value: three(e.Value)}
	if e.Interval != nil {
		c.Interval = interval(e.Interval, three)
	}
	return c.String()
}

func drifted(e *laws.Estimate) string {
	if e == nil {
		return words.None
	}
	percent := func(v float64) string { return fmt.Sprintf("%+.1f", 100*v) }
	c := cell{Value: percent(e.Value) + " %"}
	if e.Interval != nil {
		c.Interval = interval(e.Interval, percent)
	}
	return c.String()
}

func orReal(cores string) string {
	if cores == "" {
		return "real"
	}
	return cores
}

type (
	truthsDocument struct {
		Version    int             `json:"version"`
		Verdict    string          `json:"verdict"`
		Truths     []jsonTruth     `json:"truths"`
		Agreements []jsonAgreement `json:"agreements"`
		Skipped    []string        `json:"skipped"`
	}
	jsonTruth struct {
		Series    string        `json:"series"`
		Serial    float64       `json:"serial"`
		Locked    float64       `json:"locked"`
		Law       string        `json:"law"`
		Found     jsonEstimate  `json:"found"`
		Error     *float64      `json:"error"`
		Simulated *float64      `json:"simulated"`
		Drift     *jsonEstimate `json:"drift"` // relative, from the first round to the last
		Verdict   string        `json:"verdict"`
		Why       string        `json:"why"`
	}
	jsonAgreement struct {
		Serial    float64       `json:"serial"`
		Locked    float64       `json:"locked"`
		N         int           `json:"n"`
		Measured  *jsonEstimate `json:"measured"`
		Slow      *jsonEstimate `json:"slow"`
		Simulated *float64      `json:"simulated"`
		Apart     *float64      `json:"apart"`
		Verdict   string        `json:"verdict"`
	}
)

// TruthsJSON prints the same as data.
func TruthsJSON(w io.Writer, r *truth.Report) error {
	some := func(e *laws.Estimate) *jsonEstimate {
		if e == nil {
			return nil
		}
		j := newEstimate(*e)
		return &j
	}
	d := truthsDocument{Version: Version, Verdict: string(r.Verdict()), Truths: []jsonTruth{}, Agreements: []jsonAgreement{}, Skipped: []string{}}
	for _, f := range r.Findings {
		d.Truths = append(d.Truths, jsonTruth{
			Series: f.Curve.Name.String(), Serial: f.Serial, Locked: f.Locked, Law: f.Law.Name, Found: newEstimate(f.Found),
			Error: number(f.Error()), Simulated: number(f.Simulated), Drift: some(f.Trend), Verdict: string(f.Verdict), Why: f.Why,
		})
	}
	for _, a := range r.Agreements {
		d.Agreements = append(d.Agreements, jsonAgreement{
			Serial: a.Serial, Locked: a.Locked, N: a.N, Measured: some(a.Measured), Slow: some(a.Slow),
			Simulated: number(a.Simulated), Apart: number(a.Apart), Verdict: string(a.Verdict),
		})
	}
	for _, err := range r.Skipped {
		d.Skipped = append(d.Skipped, err.Error())
	}
	return encode(w, d)
}
