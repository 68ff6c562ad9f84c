package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// Version is the version of the JSON schema. It changes when a field changes
// its meaning or goes away, not when one is added. Version 2 has a verdict: law is
// null where no law fits, and the intervals of the chosen law account for the
// choice.
const Version = 2

// The types of the JSON schema. A number that is absent, unknown or without a
// bound is null.
type (
	jsonDocument struct {
		Version int         `json:"version"`
		Curves  []jsonCurve `json:"curves"`
		Runs    []jsonRun   `json:"runs"` // the calls of amdahl run that made the data
		Skipped []jsonSkip  `json:"skipped"`

		Answers []jsonAnswer `json:"answers"` // of the cards of the page, in their order
		Stacks  []jsonStack  `json:"stacks"`  // where the worker time went

		Recorded []jsonRecorded `json:"recorded,omitempty"` // operations of a trace
	}
	jsonRecorded struct {
		Series  string              `json:"series"`
		Workers int                 `json:"workers"`
		Seconds float64             `json:"seconds"` // that the operation took
		Lanes   int                 `json:"lanes"`   // places where tasks ran
		Shares  map[string]*float64 `json:"shares"`  // of the time of the first 64 lanes, by cause
	}
	jsonAnswer struct {
		Work    string       `json:"work"`
		Kind    results.Kind `json:"kind"`    // "strong": the work is fixed; "weak": it grows
		Series  *string      `json:"series"`  // that the answer is about; null where none has a sound speedup
		Workers *int         `json:"workers"` // to use
		Speedup *float64     `json:"speedup"` // with them
		Text    string       `json:"text"`
		Sound   bool         `json:"sound"`
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
		Law       *string        `json:"law"`     // the chosen one
		Verdict   laws.Verdict   `json:"verdict"` // "law", "none-fits", "too-few-sound-rounds" or "too-few-levels"
		Closest   *jsonClosest   `json:"closest"` // where none fits
		Rounds    *jsonRounds    `json:"rounds"`  // null if unknown
		Gave      *jsonGave      `json:"processors_given"`
		Fits      []jsonFit      `json:"fits"`
		KarpFlatt []jsonFraction `json:"karp_flatt"`
		Diagnosis []jsonFinding  `json:"diagnosis"`
		Warnings  []string       `json:"warnings"`

		// Beyond what the schema began with.
		Sigma           *jsonEstimate `json:"sigma"`  // the serial fraction of the table
		Source          string        `json:"source"` // of the times: real, slow, emulated, simulated, model
		Method          string        `json:"method"` // of the intervals, in words
		DetectableKappa *float64      `json:"detectable_kappa"`
		Kind            results.Kind  `json:"kind"`  // "strong": the work is fixed; "weak": it grows
		Noise           *float64      `json:"noise"` // typical relative spread of the samples of a level
		PoolSize        *jsonPool     `json:"pool_size"`
		Relative        bool          `json:"relative,omitempty"` // speedups were given: seconds are 1/speedup, and no time
	}
	jsonClosest struct {
		Law   string   `json:"law"`
		Error *float64 `json:"error"` // typical relative error
	}
	jsonPool struct {
		N        int      `json:"n"`
		Low      *float64 `json:"low"`
		High     *float64 `json:"high"`
		Speedup  *float64 `json:"speedup"`
		Measured bool     `json:"measured"` // n is a level that was measured
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
	jsonPeak struct { // an estimate whose value is a number of workers
		Value *float64 `json:"n"`
		Low   *float64 `json:"low"`
		High  *float64 `json:"high"`
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

// JSON prints the analyses as data: version 2 of the schema, one document,
// indented. Times are seconds per task; the interval of a point is that of
// its median; NaN and infinities are null. skipped is what was not measured;
// [results.Set] has it.
func JSON(w io.Writer, as []*laws.Analysis, skipped ...results.Skip) error {
	return writeJSON(w, as, skipped, nil)
}

// writeJSON is [JSON] with what was recorded of the series.
func writeJSON(w io.Writer, as []*laws.Analysis, skipped []results.Skip, recorded []*contract.Operation) error {
	as = slices.DeleteFunc(slices.Clone(as), func(a *laws.Analysis) bool { return a == nil || a.Curve == nil })
	return encode(w, jsonDocument{
		Version: Version,
		Curves:  each(as, newCurve),
		Runs:    newRuns(as),
		Skipped: each(skipped, func(s results.Skip) jsonSkip { return jsonSkip(s) }),
		Answers: newAnswers(as),
		Stacks:  newStacks(as),

		Recorded: newRecorded(as, recorded),
	})
}

// newRecorded are the operations of a trace that the page plays, with the share of each
// cause.
func newRecorded(as []*laws.Analysis, recorded []*contract.Operation) (all []jsonRecorded) {
	for _, a := range as {
		for _, o := range recordedAt(a.Curve, recorded) {
			_, share := charts.Tracks(o, 1)
			j := jsonRecorded{Series: a.Curve.Name.String(), Workers: o.Workers, Seconds: o.Time.Seconds(), Lanes: len(o.Lanes), Shares: map[string]*float64{}}
			for c, s := range share {
				j.Shares[string(c)] = number(s)
			}
			all = append(all, j)
		}
	}
	return all
}

// newAnswers are what the cards of a page say.
func newAnswers(as []*laws.Analysis) []jsonAnswer {
	all := []jsonAnswer{}
	for _, t := range topicsOf(groups.Of(as)) {
		for _, a := range t.Answers {
			j := jsonAnswer{Work: t.Title, Kind: a.Kind, Series: orNull(a.Series), Workers: orNull(a.Pool), Text: words.Clean(a.Text), Sound: a.Sound}
			if a.Gain > 0 {
				j.Speedup = number(a.Gain)
			}
			all = append(all, j)
		}
	}
	return all
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
		Series: a.Curve.Name.String(),
		X:      a.Curve.X,
		Points: each(a.Levels, func(l stats.Level) jsonPoint {
			e := newEstimate(l.Time)
			return jsonPoint{number(l.N), l.Samples, e.Value, e.Low, e.High}
		}),
		Fits:      each(a.Fits, newFit),
		KarpFlatt: each(a.KarpFlatt, func(k laws.KarpFlatt) jsonFraction { return jsonFraction{number(k.N), number(k.Value)} }),
		Diagnosis: each(a.Diagnosis, func(f laws.Finding) jsonFinding { return jsonFinding{f.Code, f.Text} }),
		Warnings:  append([]string{}, warnings(a)...),
		Source:    string(a.Curve.Name.Source()),
		Method:    a.Method,
	}
	c.Verdict, c.Rounds, c.Gave, c.Relative = a.Verdict, newRounds(a.Curve), newGave(a.Curve.Gave), a.Curve.Relative
	if a.Chosen != nil {
		c.Law = &a.Chosen.Law.Name
	}
	if f := a.Closest; f != nil {
		c.Closest = &jsonClosest{f.Law.Name, number(f.Error)}
	}
	if a.Sigma != nil {
		e := newEstimate(*a.Sigma)
		c.Sigma = &e
	}
	if c.Kind = a.Curve.Kind; a.Noise != nil {
		c.Noise = number(*a.Noise)
	}
	if a.DetectableKappa != nil {
		c.DetectableKappa = number(*a.DetectableKappa)
	}
	if s := a.PoolSize; s != nil {
		c.PoolSize = &jsonPool{s.N, number(s.Low), number(s.High), number(s.Speedup), s.Measured}
	}
	return c
}

func newFit(f *laws.Fit) jsonFit {
	j := jsonFit{
		Law: f.Law.Name, Loss: f.Loss, T1: number(f.T1.Value), Weight: number(f.Weight),
		Params:     each(f.Params, func(p laws.Param) jsonParam { return jsonParam{p.Name, newEstimate(p.Estimate)} }),
		MaxSpeedup: estimateOrNull(f.MaxSpeedup),
		Peak:       (*jsonPeak)(estimateOrNull(f.Peak)),
	}
	if f.AICc != nil {
		j.AICc = number(*f.AICc)
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

// estimateOrNull is null for an estimate that is not there.
func estimateOrNull(e *laws.Estimate) *jsonEstimate {
	if e == nil {
		return nil
	}
	j := newEstimate(*e)
	return &j
}

// orNull is null for the zero value, which stands for what is not there.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// each is f of every element of a list. It is [] and not null for an empty one.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// number is nil for what JSON cannot hold.
func number(v float64) *float64 {
	if !stats.Finite(v) {
		return nil
	}
	return &v
}
