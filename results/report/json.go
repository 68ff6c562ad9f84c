package report

import (
	"encoding/json"
	"fmt"
	"io"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/stats"
)

// Version is the version of the JSON schema. It changes when a field changes
// its meaning or goes away, not when one is added.
const Version = 1

// The types of the JSON schema. A number that is absent, unknown or without a
// bound is null.
type (
	jsonDocument struct {
		Version int         `json:"version"`
		Curves  []jsonCurve `json:"curves"`
		Runs    []jsonRun   `json:"runs"` // the calls of amdahl run that made the data
		Skipped []jsonSkip  `json:"skipped"`
	}
	jsonSkip struct {
		Name string `json:"name"`
		Why  string `json:"why"`
		File string `json:"file"` // where it says so
		Line int    `json:"line"`
	}
	jsonCurve struct {
		Series    string         `json:"series"`
		X         string         `json:"x"`
		Points    []jsonPoint    `json:"points"`
		Law       *string        `json:"law"` // the chosen one
		Verdict   laws.Verdict   `json:"verdict"`
		Rounds    *jsonRounds    `json:"rounds"` // null if unknown
		Gave      *jsonGave      `json:"processors_given"`
		Fits      []jsonFit      `json:"fits"`
		KarpFlatt []jsonFraction `json:"karp_flatt"`
		Diagnosis []jsonFinding  `json:"diagnosis"`
		Warnings  []string       `json:"warnings"`

		// Beyond what the schema began with.
		Source          string    `json:"source"` // of the times: real, slow, simulated, model
		Method          string    `json:"method"` // of the intervals, in words
		DetectableKappa *float64  `json:"detectable_kappa"`
		PoolSize        *jsonPool `json:"pool_size"`
	}
	jsonPool struct {
		N       int      `json:"n"`
		Low     *float64 `json:"low"`
		High    *float64 `json:"high"`
		Speedup *float64 `json:"speedup"`
	}
	jsonPoint struct {
		N       *float64 `json:"n"`
		Samples int      `json:"samples"`
		Seconds *float64 `json:"seconds"` // median, per task
		Low     *float64 `json:"low"`
		High    *float64 `json:"high"`
	}
	jsonFit struct {
		Law        string        `json:"law"`
		Loss       laws.Loss     `json:"loss"`
		T1         *float64      `json:"t1"` // seconds per task
		Params     []jsonParam   `json:"params"`
		AICc       *float64      `json:"aicc"`
		Weight     *float64      `json:"weight"`
		MaxSpeedup *jsonEstimate `json:"max_speedup"`
		Peak       *jsonPeak     `json:"peak"`
	}
	jsonParam struct {
		Symbol string `json:"symbol"`
		jsonEstimate
	}
	jsonEstimate struct {
		Value *float64 `json:"value"`
		Low   *float64 `json:"low"`
		High  *float64 `json:"high"`
	}
	jsonPeak struct {
		N    *float64 `json:"n"`
		Low  *float64 `json:"low"`
		High *float64 `json:"high"`
	}
	jsonFraction struct {
		N     *float64 `json:"n"`
		Value *float64 `json:"value"`
	}
	jsonFinding struct {
		Code string `json:"code"`
		Text string `json:"text"`
	}
)

// JSON prints the analyses as data: version 1 of the schema, one document,
// indented. Times are seconds per task; the interval of a point is that of
// its median; NaN and infinities are null. skipped is what was not measured;
// [results.Set] has it.
func JSON(w io.Writer, as []*laws.Analysis, skipped ...results.Skip) error {
	d := jsonDocument{Version: Version, Curves: []jsonCurve{}, Skipped: []jsonSkip{}, Runs: newRuns(as)}
	for _, s := range skipped {
		d.Skipped = append(d.Skipped, jsonSkip(s))
	}
	for _, a := range as {
		if a != nil && a.Curve != nil {
			d.Curves = append(d.Curves, newCurve(a))
		}
	}
	return encode(w, d)
}

// encode prints one document, indented.
func encode(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("report: printing JSON: %w", err)
	}
	return nil
}

func newCurve(a *laws.Analysis) jsonCurve {
	c := jsonCurve{
		Series: a.Curve.Name.String(), X: a.Curve.X,
		Points: []jsonPoint{}, Fits: []jsonFit{}, KarpFlatt: []jsonFraction{}, Diagnosis: []jsonFinding{}, Warnings: []string{},
	}
	for _, l := range a.Levels {
		e := newEstimate(l.Time)
		c.Points = append(c.Points, jsonPoint{number(l.N), l.Samples, e.Value, e.Low, e.High})
	}
	c.Verdict, c.Rounds, c.Gave = a.Verdict, newRounds(a.Curve), newGave(a.Curve.Gave)
	if a.Chosen != nil {
		c.Law = &a.Chosen.Law.Name
	}
	for _, f := range a.Fits {
		c.Fits = append(c.Fits, newFit(f))
	}
	for _, k := range a.KarpFlatt {
		c.KarpFlatt = append(c.KarpFlatt, jsonFraction{number(k.N), number(k.Value)})
	}
	for _, f := range a.Diagnosis {
		c.Diagnosis = append(c.Diagnosis, jsonFinding{f.Code, f.Text})
	}
	c.Warnings = append(c.Warnings, warnings(a)...)
	c.Source = string(a.Curve.Name.Source())
	c.Method = a.Method
	if a.DetectableKappa != nil {
		c.DetectableKappa = number(*a.DetectableKappa)
	}
	if s := a.PoolSize; s != nil {
		c.PoolSize = &jsonPool{s.N, number(s.Low), number(s.High), number(s.Speedup)}
	}
	return c
}

func newFit(f *laws.Fit) jsonFit {
	j := jsonFit{Law: f.Law.Name, Loss: f.Loss, T1: number(f.T1.Value), Params: []jsonParam{}, Weight: number(f.Weight)}
	if f.AICc != nil {
		j.AICc = number(*f.AICc)
	}
	for _, p := range f.Params {
		j.Params = append(j.Params, jsonParam{p.Name, newEstimate(p.Estimate)})
	}
	if f.MaxSpeedup != nil {
		e := newEstimate(*f.MaxSpeedup)
		j.MaxSpeedup = &e
	}
	if f.Peak != nil {
		e := newEstimate(*f.Peak)
		j.Peak = &jsonPeak{e.Value, e.Low, e.High}
	}
	return j
}

func newEstimate(e laws.Estimate) jsonEstimate {
	j := jsonEstimate{Value: number(e.Value)}
	if e.Interval != nil {
		j.Low, j.High = number(e.Interval.Low), number(e.Interval.High)
	}
	return j
}

// number is nil for what JSON cannot hold.
func number(v float64) *float64 {
	if !stats.Finite(v) {
		return nil
	}
	return &v
}
