package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"amdahl/results/gate"
	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Checks prints the verdicts of a gate as a table: condition, series, what was
// found with its interval, the limit, the verdict. Below it stand, for every
// verdict that is not "holds", what is wrong and what to do, and what the
// brackets mean. With Brief only the table is printed.
func Checks(w io.Writer, rs []gate.Result, o Options) error {
	p := newPrinter(w, o)
	var names []string
	for _, r := range rs {
		if !slices.Contains(names, r.Series) {
			names = append(names, r.Series)
		}
	}
	common, key, short := groups.Split(groups.ParseAll(names))
	name := func(r gate.Result) string { return words.Clean(short[slices.Index(names, r.Series)]) }
	rows := [][]string{{"condition", orSeries(key), "found", "limit", "verdict"}}
	for _, r := range rs {
		rows = append(rows, []string{condition(r), name(r), found(r), limit(r), string(r.Verdict)})
	}
	p.common(words.Clean(common), len(names))
	rows = aligned(rows)
	for i, r := range rs {
		if last := len(rows[i+1]) - 1; r.Verdict != gate.Holds {
			rows[i+1][last] = p.style(bold, rows[i+1][last])
		}
	}
	p.grid(rows)
	if o.Brief {
		return p.flush()
	}
	for _, r := range rs {
		if r.Verdict != gate.Holds {
			p.line("")
			p.hanging("", fmt.Sprintf("%s, %s: %s: %s", name(r), condition(r), r.Verdict, r.Text))
		}
	}
	p.line("")
	p.hanging("", fmt.Sprintf("Each end of a bracket is a one-sided %g %% bound, which is what a verdict needs. Both ends together hold the true value in %g %% of measurements.", 100*gate.Level, 100*gate.Confidence))
	if slices.ContainsFunc(rs, func(r gate.Result) bool { return r.Found != nil && !r.Rounds }) {
		p.hanging("", "Where no rounds are known, a machine that drifts from level to level passes for scaling, and the brackets do not show it.")
	}
	return p.flush()
}

// condition names what a result is about: "speedup @ 4".
func condition(r gate.Result) string {
	s := "series"
	switch {
	case r.Kind == gate.Sigma:
		s = "σ"
		if r.N > 0 {
			s += " @ " + words.Number(r.N)
		}
	case r.Kind == gate.Kappa:
		s = "κ"
	case r.Kind == gate.Time:
		s = "T(" + words.Number(r.N) + ")"
	case r.Kind == gate.T1:
		s = "T(1)"
	case r.N > 0:
		s = string(r.Kind) + " @ " + words.Number(r.N)
	case r.Limit > 0:
		s = string(r.Kind)
	}
	if r.Baseline {
		s += " to baseline"
	}
	return s
}

// found is the estimate of a result, as a change where it is one.
func found(r gate.Result) string {
	switch {
	case r.Found == nil:
		return words.None
	case r.Baseline:
		return delta(laws.Change{Ratio: true, Delta: *r.Found})
	case r.Kind == gate.Time:
		return seconds(*r.Found).String()
	}
	return plain(*r.Found).String()
}

// limit is the limit of a result: "≥ 3", "≤ +5.0 %".
func limit(r gate.Result) string {
	if r.Limit == 0 {
		return words.None
	}
	sign := "≥ "
	if r.AtMost {
		sign = "≤ "
	}
	if r.Baseline {
		return sign + delta(laws.Change{Ratio: true, Delta: laws.Estimate{Value: r.Limit}})
	}
	if r.Kind == gate.Time {
		return sign + seconds(laws.Estimate{Value: r.Limit}).Value
	}
	return sign + words.Number(r.Limit)
}

type (
	checksDocument struct {
		Version    int          `json:"version"`
		Verdict    gate.Verdict `json:"verdict"`    // the worst of all
		Complete   bool         `json:"complete"`   // all of the input could be used
		Confidence float64      `json:"confidence"` // one-sided, of every verdict
		Results    []jsonCheck  `json:"results"`
	}
	jsonCheck struct {
		Condition  gate.Kind     `json:"condition"`
		N          *float64      `json:"n"` // workers
		Series     string        `json:"series"`
		File       string        `json:"file"`
		Line       int           `json:"line"`
		Baseline   bool          `json:"baseline"`
		Found      *jsonEstimate `json:"found"`
		Limit      *float64      `json:"limit"`
		AtMost     bool          `json:"at_most"`
		Verdict    gate.Verdict  `json:"verdict"`
		Reason     string        `json:"reason"`
		Text       string        `json:"text"`
		Samples    *int          `json:"samples"`
		Rounds     bool          `json:"rounds"`
		Processors *int          `json:"processors"`
	}
)

// ChecksJSON prints the same as data: one document, version 2, with "verdict"
// ("holds", "violated" or "cannot tell": the worst of all), "complete" (false if
// part of the input could not be used), "confidence" and "results". A result has
//
//	condition   "speedup", "efficiency", "sigma", "kappa", "time" or "T1"
//	n           workers, of "sigma" the largest level; null for a condition without
//	series, file, line
//	baseline    true: found and limit speak of the change, new/old
//	found       {"value", "low", "high"}: each end a one-sided 95 % bound; null if nothing was measured
//	limit       null for a series that stands on one side only
//	at_most     true: limit is the largest value that holds; else the smallest
//	verdict     as above
//	reason      "" where it holds; else "worse", "samples", "base", "level",
//	            "processors", "law", "machines", "times", "absent" or "unsound"
//	text        what is wrong and what to do
//	samples     how many samples a level (rounds where "rounds" is true) would tell; or null
//	processors  how many a machine needs that could tell; or null
func ChecksJSON(w io.Writer, rs []gate.Result, complete bool) error {
	return encode(w, checksDocument{
		Version: Version, Verdict: gate.Worst(rs), Complete: complete, Confidence: gate.Level,
		Results: each(rs, func(r gate.Result) jsonCheck {
			return jsonCheck{
				Condition: r.Kind, N: orNull(r.N), Series: r.Series, File: r.File, Line: r.Line,
				Baseline: r.Baseline, Found: estimateOrNull(r.Found), Limit: orNull(r.Limit), AtMost: r.AtMost,
				Verdict: r.Verdict, Reason: r.Reason, Text: r.Text,
				Samples: orNull(r.Samples), Rounds: r.Rounds, Processors: orNull(r.Processors),
			}
		}),
	})
}

// Annotations prints the verdicts that do not hold as workflow commands of
// GitHub Actions: an error for a violated one, a warning for one that cannot be
// told, at the file and line of the series. GitHub shows ten of each a step.
//
// Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func Annotations(w io.Writer, rs []gate.Result) error {
	for _, r := range rs {
		if r.Verdict == gate.Holds {
			continue
		}
		level := "warning"
		if r.Verdict == gate.Violated {
			level = "error"
		}
		title := fmt.Sprintf("%s of %s: %s", condition(r), r.Series, r.Verdict)
		if err := Annotation(w, level, r.File, r.Line, title, r.Text); err != nil {
			return err
		}
	}
	return nil
}

// Annotation prints one workflow command. Level is "error", "warning" or
// "notice"; without a file it belongs to no line.
func Annotation(w io.Writer, level, file string, line int, title, text string) error {
	where := ""
	if file != "" && !strings.HasPrefix(file, "<") { // as in <stdin>
		where = fmt.Sprintf("file=%s,line=%d,", property.Replace(file), line)
	}
	title, text = printable(title), printable(text)
	if _, err := fmt.Fprintf(w, "::%s %stitle=%s::%s\n", level, where, property.Replace(title), message.Replace(text)); err != nil {
		return fmt.Errorf("report: printing annotations: %w", err)
	}
	return nil
}

// printable is a text of others without control characters but line ends.
func printable(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		end := ""
		if l, ok := strings.CutSuffix(l, "\r"); ok {
			lines[i], end = l, "\r"
		}
		lines[i] = words.Clean(lines[i]) + end
	}
	return strings.Join(lines, "\n")
}

// What has a meaning in a workflow command is written in percent, as the
// toolkit of GitHub Actions does it.
var (
	message  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
