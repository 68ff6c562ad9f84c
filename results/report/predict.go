package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Predictions prints the speedup and the time that each chosen law predicts
// at the numbers of workers, with the interval in which one new measurement
// would fall. Beyond twice the largest level measured the row is marked.
func Predictions(w io.Writer, as []*laws.Analysis, at []float64, o Options) error {
	p := newPrinter(w, o)
	g := groups.New(as)
	rows := [][]string{{orSeries(g.Key), "law", "workers", "speedup", "time", ""}}
	marked := false
	var silent, refuted []string
	var unsound gathered // series by why nothing is fitted to them
	for i, a := range g.Analyses {
		f := a.Chosen
		if a.Verdict == laws.NoneFits {
			refuted = append(refuted, g.Short[i])
			continue
		}
		if a.Verdict == laws.TooFewSoundRounds {
			unsound.add(laws.Unsound(a.Curve), g.Short[i])
			continue
		}
		if f == nil {
			silent = append(silent, g.Short[i])
			continue
		}
		for _, n := range at {
			mark := ""
			if f.Extrapolates(n) {
				mark, marked = "*", true
			}
			s := f.Predict(n, o.Confidence)
			time := words.None // where speedups were given there is none
			if !a.Curve.Relative {
				time = seconds(laws.Estimate{Value: f.Time(n)}).String()
			}
			rows = append(rows, []string{g.Short[i], f.Law.Name, words.Number(n), plain(s).String(), time, mark})
		}
	}
	p.common(g.Common, len(g.Analyses))
	if len(rows) > 1 {
		p.table(rows, 1, 4)
	}
	if len(rows) > 1 {
		p.line("")
		p.hanging("", fmt.Sprintf("An interval holds a new measurement with %s %% confidence, whichever of the laws holds that the data cannot tell apart; if none of them does, nothing is known beyond the levels measured.", words.Number(100*cmp.Or(o.Confidence, 0.95))))
	}
	if marked {
		p.line("")
		p.hanging("* ", "beyond twice the largest number of workers measured: the law is believed there, not known")
	}
	for _, u := range unsound {
		p.hanging(strings.Join(u.values, ", ")+": ", u.key)
	}
	if len(refuted) > 0 {
		p.hanging(strings.Join(refuted, ", ")+": ", "no law fits, so nothing is predicted: amdahl fit prints what was measured")
	}
	if len(silent) > 0 {
		p.hanging(strings.Join(silent, ", ")+": ", "no law was chosen, so nothing is predicted: measure at 3 or more levels, better 1, 2, 4, 8")
	}
	return p.flush()
}

type (
	predictionsDocument struct {
		Version     int              `json:"version"`
		Predictions []jsonPrediction `json:"predictions"`
	}
	jsonPrediction struct {
		Series  string         `json:"series"`
		Law     *string        `json:"law"`
		Verdict laws.Verdict   `json:"verdict"`
		Points  []jsonForecast `json:"points"`
	}
	jsonForecast struct {
		N            *float64     `json:"n"`
		Speedup      jsonEstimate `json:"speedup"`
		Seconds      *float64     `json:"seconds"`
		Extrapolated bool         `json:"extrapolated"`
	}
)

// PredictionsJSON prints the same as data.
func PredictionsJSON(w io.Writer, as []*laws.Analysis, at []float64, o Options) error {
	return encode(w, predictionsDocument{Version, each(as, func(a *laws.Analysis) jsonPrediction {
		j := jsonPrediction{Series: a.Curve.Name.String(), Verdict: a.Verdict, Points: []jsonForecast{}}
		if f := a.Chosen; f != nil {
			j.Law = &f.Law.Name
			j.Points = each(at, func(n float64) jsonForecast {
				seconds := number(f.Time(n))
				if a.Curve.Relative {
					seconds = nil
				}
				return jsonForecast{number(n), newEstimate(f.Predict(n, o.Confidence)), seconds, f.Extrapolates(n)}
			})
		}
		return j
	})})
}

// orSeries heads the column of names: by the key that tells them apart, if they have one.
func orSeries(key string) string { return cmp.Or(key, "series") }
