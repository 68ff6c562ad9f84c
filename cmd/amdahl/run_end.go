package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/rounds"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report"
	"amdahl/results/words"
)

// judge reads and fits the text so far, keeps the analyses and gives σ of the
// series that is known worst. The text is read anew after each round: a law is
// fitted to all samples of a level at once.
func (m *measurement) judge(ctx context.Context) func([]byte) (rounds.Verdict, error) {
	x := m.plan.x()
	return func(text []byte) (rounds.Verdict, error) {
		m.set, m.analyses, m.problems = nil, nil, nil
		set, err := read.Files(nil, bytes.NewReader(text), read.Options{X: x})
		if err != nil {
			m.problems = []error{err}
			return rounds.Verdict{}, err
		}
		m.set = set
		var problems []error
		m.analyses, _, problems = fitEach(ctx, set.Curves, laws.Options{})
		m.problems = append(set.Problems, problems...)
		if len(problems) > 0 {
			return rounds.Verdict{}, problems[0]
		}
		return worstKnown(m.analyses, m.precision)
	}
}

// worstKnown gives σ of the series that is known worst, and which are known to ±
// precision. A series without an interval, as one with too few sound rounds, is known
// worst of all.
func worstKnown(all []*laws.Analysis, precision float64) (rounds.Verdict, error) {
	var worst *rounds.Verdict
	var known, unknown []string
	for _, a := range all {
		if len(a.Curve.Points) < 2 {
			continue
		}
		sigma := a.Sigma
		if sigma == nil && a.Implied != nil { // no law has one: what the largest level implies
			f := a.Implied.Fraction(a.Confidence)
			sigma = &f
		}
		name := clean(a.Curve.Name.String())
		v := rounds.Verdict{Series: name, Low: math.Inf(-1), High: math.Inf(1), Spoilt: a.Curve.Rounds.Total - a.Curve.Rounds.Kept}
		if a.Verdict != laws.TooFewSoundRounds && sigma != nil && sigma.Interval != nil {
			v.Sigma, v.Low, v.High = sigma.Value, sigma.Interval.Low, sigma.Interval.High
		}
		if v.Within() <= precision {
			known = append(known, name)
		} else {
			unknown = append(unknown, name)
		}
		if worst == nil || v.Within() > worst.Within() {
			worst = &v
		}
	}
	if worst == nil {
		return rounds.Verdict{}, errors.New("no series has two levels")
	}
	worst.Known, worst.Unknown = known, unknown
	return *worst, nil
}

// table prints the table of the last fit, and what the fit could not use.
func (m *measurement) table(cmd *cobra.Command) error {
	var err error
	var named []error // as the file would be read, not from memory
	for _, p := range m.problems {
		named = append(named, errors.New(strings.Replace(p.Error(), "<stdin>", m.path(), 1)))
		err = errSaid
	}
	complain(cmd.ErrOrStderr(), named)
	if m.set == nil {
		return err
	}
	o := terminal(cmd, m.set)
	o.Brief, o.Wide = true, m.wide
	return first(report.Table(&cleanWriter{w: cmd.OutOrStdout()}, m.analyses, o), err)
}

// leftOut says which rounds do not count, where no table says it.
func (m *measurement) leftOut(cmd *cobra.Command) {
	for _, line := range report.LeftOut(m.analyses) {
		cmd.PrintErrln("amdahl:", line)
	}
}

// stopReason says what ended the run, and how well σ is known.
func (m *measurement) stopReason(sum rounds.Summary) string {
	text := map[rounds.Stop]string{
		rounds.StopRounds:    "as many as were asked for",
		rounds.StopPrecision: fmt.Sprintf("σ is known to ±%g", m.precision),
		rounds.StopBudget:    fmt.Sprintf("the budget of %s is spent", m.budget),
		rounds.StopFailed:    "nothing is left to measure",
	}[sum.Stop]
	switch v := sum.Verdict; {
	case v != nil && v.Series != "":
		text += " (" + known(*v, m.precision) + ")"
	case sum.Unjudged != nil && sum.Results > 0:
		text += fmt.Sprintf(" (σ is not known: %v)", sum.Unjudged)
	}
	return text
}

// known says of which series σ is known to ± precision, and of which it is not.
func known(v rounds.Verdict, precision float64) string {
	const most = 3
	list := func(names []string) string {
		if n := len(names) - most; n > 0 {
			names = append(names[:most:most], fmt.Sprintf("%d more", n))
		}
		return words.List(names)
	}
	if len(v.Known)+len(v.Unknown) == 1 {
		return v.String()
	}
	var parts []string
	if len(v.Known) > 0 {
		parts = append(parts, fmt.Sprintf("σ is known to ±%g of %s", precision, list(v.Known)))
	}
	if len(v.Unknown) > 0 {
		parts = append(parts, fmt.Sprintf("not of %s; worst: %s", list(v.Unknown), v))
	}
	return strings.Join(parts, ", ")
}

// next is the command that shows what was measured.
func (m *measurement) next() string {
	file := m.path()
	dir := strings.TrimSuffix(file, filepath.Ext(file))
	if filepath.Ext(file) == "" {
		dir += "-report"
	}
	return "amdahl report -o " + quote(dir) + " " + quote(file)
}

// printFailure reports one process that gave no result. Its output is left out
// if the level failed with the same error before.
func (m *measurement) printFailure(cmd *cobra.Command, f rounds.Failure) {
	when := "in the warm-up"
	if f.Last {
		when = "when it was traced or profiled"
	} else if f.Round > 0 {
		when = fmt.Sprintf("in round %d", f.Round)
	}
	cmd.PrintErrf("amdahl: %s failed %s: %v\n", f.Point, when, f.Err)
	if why := f.Err.Error(); m.causes[f.Point] != why {
		m.causes[f.Point] = why
		for l := range strings.Lines(f.Output) {
			cmd.PrintErrf("  | %s\n", strings.TrimRight(l, "\n"))
		}
	}
	if f.GivenUp {
		cmd.PrintErrf("amdahl: %s failed three times in a row: it is given up\n", f.Point)
	}
}

// failureSummary counts the failures of each level.
func failureSummary(list []rounds.Failure) string {
	times := map[string]int{}
	givenUp := map[string]bool{}
	var order []string
	for _, f := range list {
		if times[f.Point] == 0 {
			order = append(order, f.Point)
		}
		times[f.Point]++
		givenUp[f.Point] = givenUp[f.Point] || f.GivenUp
	}
	for i, name := range order {
		order[i] = fmt.Sprintf("%s %d×", name, times[name])
		if givenUp[name] {
			order[i] += " (given up)"
		}
	}
	return strings.Join(order, ", ")
}
