package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/truth"
	"amdahl/results/words"
)

// Truths prints what was found against what was planted, and then the
// speedups of real processors, slow cores and the simulator side by side.
func Truths(w io.Writer, r *truth.Report, o Options) error {
	p := newPrinter(w, o)
	if len(r.Findings) > 0 {
		several := severalJobs(r)
		rows := [][]string{{"planted", "cores", "found", "interval", "error", "exact times give", "drift", "verdict"}}
		for _, f := range r.Findings {
			c := fraction(f.Found)
			rows = append(rows, []string{
				plantedIn(f.Planted, f.Curve.Name, several), coresOf(f.Curve.Name), c.Value, c.Interval,
				fmt.Sprintf("%+.4f", f.Error()), fmt.Sprintf("%.4f", f.Simulated), drifted(f.Trend), string(f.Verdict),
			})
		}
		p.table(rows, 6, 5, 3, 4)
		p.line("")
		p.hanging("", fmt.Sprintf("A truth holds if it is found within %g and the 95 %% interval contains it. σ is that of the universal scalability law, whose κ takes what grows with the workers; of a lock it is 1/n* of the bottleneck law.", truth.Goal))
		if slices.ContainsFunc(r.Findings, func(f *truth.Finding) bool { return f.RoundTrip > 0 }) {
			p.hanging("", "Of remote workers one round trip, as it was measured before each case, is taken off every operation before the fit: the first task and the last answer are on their way for so long, whatever the number of workers.")
		}
		for _, f := range r.Findings {
			if f.Verdict != truth.Holds {
				p.hanging(plantedIn(f.Planted, f.Curve.Name, several)+": ", f.Why)
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
				plantedIn(a.Planted, a.Name, severalJobs(r)), strconv.Itoa(a.N), speedup(a.Measured), speedup(a.Slow), fmt.Sprintf("%.3f", a.Simulated),
				fmt.Sprintf("%.1f %%", 100*a.Apart), string(a.Verdict),
			})
		}
		p.table(rows, 5, 4)
		p.line("")
		p.hanging("", fmt.Sprintf("Speedups agree if no two differ by more than %g %%. “Measured” is on real processors, a dash where nothing was measured on them.", 100*truth.Tolerance))
	}
	p.schedules(r)
	p.chips(r)
	for _, err := range r.Skipped {
		p.hanging("", words.Clean(err.Error()))
	}
	p.line("")
	if len(r.Findings)+len(r.Agreements) > 0 || len(r.Efficiencies)+len(r.Chips) == 0 {
		p.line(p.style(bold, summing(r)))
	}
	p.counted(len(r.Efficiencies), "level of a schedule", "levels of schedules", func(i int) truth.Verdict { return r.Efficiencies[i].Verdict })
	p.counted(len(r.Chips), "chip", "chips", func(i int) truth.Verdict { return r.Chips[i].Verdict })
	return p.flush()
}

// coresOf is what a series ran on: "slow16", and "slow16 over 20ms" where a network was
// emulated.
func coresOf(n results.Name) string {
	cores := cmp.Or(n.Value(contract.NameCores), contract.CoresReal)
	if link := n.Value(contract.NameLink); link != "" {
		cores += " over " + link
	}
	return cores
}

// severalJobs reports whether truths were planted in more than one workload and
// strategy, so that each has to be named.
func severalJobs(r *truth.Report) bool {
	jobs := map[string]bool{}
	for _, f := range r.Findings {
		jobs[job(f.Curve.Name)] = true
	}
	for _, a := range r.Agreements {
		jobs[job(a.Name)] = true
	}
	return len(jobs) > 1
}

// plantedIn is a truth, and where there are several jobs the one that it was planted in.
func plantedIn(p truth.Planted, n results.Name, several bool) string {
	if !several {
		return p.String()
	}
	return p.String() + ", " + job(n)
}

// job is what was run and how, in words: "spin under fixed".
func job(n results.Name) string {
	return strings.Trim(n.Value(contract.NameWorkload)+" "+n.Value(contract.NameVariant), " ") + " under " + cmp.Or(n.Value(contract.NameStrategy), "?")
}

// summing is the last line.
func summing(r *truth.Report) string {
	count, compared := map[truth.Verdict]int{}, map[truth.Verdict]int{}
	most, apart := 0.0, 0.0
	for _, f := range r.Findings {
		count[f.Verdict]++
		most = max(most, f.Error(), -f.Error())
	}
	for _, a := range r.Agreements {
		compared[a.Verdict]++
		apart = max(apart, a.Apart)
	}
	return fmt.Sprintf("%d truths: %d hold, %d too noisy to tell, %d wrong; the largest error is %.4f. %d speedups: %d too noisy, %d wrong; at most %.1f %% apart.",
		len(r.Findings), count[truth.Holds], count[truth.Noisy], count[truth.Wrong], most, len(r.Agreements), compared[truth.Noisy], compared[truth.Wrong], 100*apart)
}

// fraction prints a serial fraction and its interval to four decimals, so
// that one can see the distance from the truth.
func fraction(e laws.Estimate) cell {
	return newCell(e, func(v float64) string { return fmt.Sprintf("%.4f", v) })
}

func speedup(e *laws.Estimate) string {
	if e == nil {
		return words.None
	}
	return newCell(*e, func(v float64) string { return fmt.Sprintf("%.3f", v) }).String()
}

func drifted(e *laws.Estimate) string {
	if e == nil {
		return words.None
	}
	c := newCell(*e, func(v float64) string { return fmt.Sprintf("%+.1f", 100*v) })
	c.Value += " %"
	return c.String()
}

type (
	truthsDocument struct {
		Version    int             `json:"version"`
		Verdict    truth.Verdict   `json:"verdict"`
		Truths     []jsonTruth     `json:"truths"`
		Agreements []jsonAgreement `json:"agreements"`
		Schedules  []jsonSchedule  `json:"schedules"`
		Chips      []jsonChip      `json:"chips"`
		Skipped    []string        `json:"skipped"`
	}
	jsonTruth struct {
		Series    string        `json:"series"`
		Serial    float64       `json:"serial"`
		Locked    float64       `json:"locked"`
		Law       string        `json:"law"`
		Found     jsonEstimate  `json:"found"`
		Error     *float64      `json:"error"`
		RoundTrip *float64      `json:"roundTrip"` // seconds that were taken off every operation
		Simulated *float64      `json:"simulated"`
		Drift     *jsonEstimate `json:"drift"` // relative, from the first round to the last
		Verdict   truth.Verdict `json:"verdict"`
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
		Verdict   truth.Verdict `json:"verdict"`
	}
)

// TruthsJSON prints the same as data.
func TruthsJSON(w io.Writer, r *truth.Report) error {
	return encode(w, truthsDocument{
		Version: Version, Verdict: r.Verdict(), Skipped: each(r.Skipped, error.Error),
		Truths: each(r.Findings, func(f *truth.Finding) jsonTruth {
			return jsonTruth{
				Series: f.Curve.Name.String(), Serial: f.Serial, Locked: f.Locked, Law: f.Law.Name, Found: newEstimate(f.Found), Error: number(f.Error()),
				RoundTrip: number(f.RoundTrip), Simulated: number(f.Simulated), Drift: estimateOrNull(f.Trend), Verdict: f.Verdict, Why: f.Why,
			}
		}),
		Schedules: each(r.Efficiencies, newSchedule), Chips: each(r.Chips, newChip),
		Agreements: each(r.Agreements, func(a truth.Agreement) jsonAgreement {
			return jsonAgreement{
				Serial: a.Serial, Locked: a.Locked, N: a.N, Measured: estimateOrNull(a.Measured), Slow: estimateOrNull(a.Slow),
				Simulated: number(a.Simulated), Apart: number(a.Apart), Verdict: a.Verdict,
			}
		}),
	})
}
