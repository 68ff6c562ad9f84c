package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"amdahl/results/gate"
	"amdahl/results/report"
	"amdahl/results/words"
)

// A check is what the command line of amdahl check asks for.
type check struct {
	in        input
	texts     [5][]string // of the flags of conditions
	baseline  string
	tolerance string
	github    bool
	out       answerFlags
}

// conditionFlags are the flags of conditions, one for each kind.
var conditionFlags = [5]struct {
	name, usage string
	kind        gate.Kind
}{
	{"min-speedup", "least measured speedup and its number of workers, as in 3@4; may be repeated", gate.Speedup},
	{"min-efficiency", "least efficiency, speedup over workers, as in 0.7@8; may be repeated", gate.Efficiency},
	{"max-sigma", "largest serial fraction that the speedup at the largest level implies, as in 0.05", gate.Sigma},
	{"max-kappa", "largest overhead of the universal scalability law, a share of T(1), as in 0.001", gate.Kappa},
	{"max-time", "longest time per task and its number of workers, as in 12ms@8; may be repeated", gate.Time},
}

func checkCommand() *cobra.Command {
	var c check
	cmd := &cobra.Command{
		Use:     "check [FILE...]",
		GroupID: "gate",
		Short:   "Fail if a speedup is too small, or worse than it was: a gate for CI",
		Long: `Check decides conditions about every series of the input (choose with --filter)
and says so with its exit status:

  0  every condition holds, with 95 % confidence
  1  a condition is violated, with 95 % confidence, and the message begins with
     "violated"; with any other message, something could not be read or used,
     and JSON, if there is any, says "complete": false
  2  wrong command line
  3  none is violated, but these data or this machine cannot tell: the output
     says how many samples, or what machine, could

The speedup is the measured one, T(1)/T(n); no law is asked for a level that
was not measured. A condition holds if the one-sided 95 % bound of what was
measured is on the right side of the limit. Intervals are Student's, of log
times, compared round by round where six or more rounds are known; two samples
a level are the least. Every condition errs by itself: of twenty that are just
at their limits, one may fail by chance.

--max-sigma tests one quantity for every input, whatever law fits: the serial
fraction e(n) = (1/S − 1/n)/(1 − 1/n) that the speedup S at the largest measured
number of workers n implies (Karp–Flatt), from the means of log time with the
spread pooled over all levels and Student's t. It rises with T(n) alone, so a
program that got slower at n cannot pass by turning a serial part into an
overhead. It falls if T(1) alone gets slower, so put a --max-time beside it.
--max-kappa tests κ of the universal scalability law with that law's own interval,
also where Amdahl's law is chosen: there κ's interval begins at 0, and its upper
end says how much overhead could hide.

--baseline compares T(1), and the speedup and the time at the largest common
number of workers: each may be worse by --tolerance. Measure both on one machine.`,
		Example: `  amdahl check --min-speedup 1.8@2 --min-speedup 3@4 results.txt
  amdahl check --min-efficiency 0.7@8 --max-sigma 0.05 --max-time 12ms@8 --filter Strong/workload=hash results.txt
  amdahl check --baseline old.txt --tolerance 5% --github new.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			err := c.run(cmd, args)
			if err != nil && c.github && !errors.As(err, new(verdictError)) {
				text := err.Error()
				if errors.Is(err, errSaid) {
					text = "Part of the input could not be used: the log says what."
				}
				return first(report.Annotation(cmd.OutOrStdout(), "error", "", 0, "amdahl check failed", text), err)
			}
			return err
		},
	}
	c.in.flags(cmd)
	f := cmd.Flags()
	for i, flag := range conditionFlags {
		f.StringArrayVar(&c.texts[i], flag.name, nil, flag.usage)
	}
	f.StringVar(&c.baseline, "baseline", "", "an older measurement: no series may be worse than it was")
	f.StringVar(&c.tolerance, "tolerance", "5%", "how much worse than the baseline is still accepted")
	f.BoolVar(&c.github, "github", false, "print annotations for GitHub Actions below the table")
	c.out.registerJSON(cmd)
	return cmd
}

// errNoCondition is the error for a gate without any condition.
var errNoCondition = errors.New("no condition: add one, as in amdahl check --min-speedup 3@4 results.txt, or --baseline old.txt, or measure with amdahl run --against")

// A verdictError says that a gate does not hold, in contrast to a failure.
type verdictError struct{ error }

func (e verdictError) Unwrap() error { return e.error }

func (c *check) run(cmd *cobra.Command, args []string) error {
	conditions, tolerance, err := c.parse(cmd, args)
	if err != nil {
		return usageError{err}
	}
	c.in.confidence, c.in.lone = gate.Confidence, true
	all, set, failure := c.in.analyse(cmd, args)
	if all == nil {
		return failure
	}
	var rs []gate.Result
	old, now, pairs := revisionPairs(all)
	against := c.baseline != ""
	if pairs == nil && !against {
		all, against = now, true
	}
	series := match(old, all)
	switch {
	case pairs != nil && len(conditions) == 0 && c.baseline == "":
		return usageError{errNoCondition}
	case !against && cmd.Flags().Changed("tolerance"):
		return usageError{errors.New("--tolerance is about a baseline: add --baseline old.txt")}
	case c.baseline != "":
		old, _, err := c.in.analyse(cmd, []string{c.baseline})
		if old == nil {
			if errors.Is(err, errSaid) {
				return err
			}
			return fmt.Errorf("--baseline: %w", err)
		}
		failure = first(failure, err)
		series = match(old, all)
	}
	for _, m := range series {
		if m.now != nil {
			for _, w := range m.now.Curve.Warnings {
				cmd.PrintErrln("amdahl:", w)
			}
			rs = append(rs, gate.Check(m.now, conditions)...)
		}
		if against {
			rs = append(rs, gate.Baseline(m.old, m.now, tolerance)...)
		}
	}
	err = c.out.give(cmd, set, answer{
		text: func(w io.Writer, o report.Options) error {
			o.Brief = c.github
			return report.Checks(w, rs, o)
		},
		raw: func(w io.Writer) error {
			if !c.github {
				return nil
			}
			return report.Annotations(w, rs)
		},
		json: func(w io.Writer) error { return report.ChecksJSON(w, rs, failure == nil) },
	})
	return first(err, verdict(rs, failure))
}

// parse reads the conditions.
func (c *check) parse(cmd *cobra.Command, args []string) (conditions []gate.Condition, tolerance float64, err error) {
	for i, flag := range conditionFlags {
		for _, text := range c.texts[i] {
			condition, err := gate.Parse(flag.kind, text)
			if err != nil {
				return nil, 0, fmt.Errorf("--%s %s: %w", flag.name, text, err)
			}
			conditions = append(conditions, condition)
		}
	}
	given := cmd.Flags().Changed
	if tolerance, err = gate.ParseTolerance(c.tolerance); err != nil {
		return nil, 0, fmt.Errorf("--tolerance %s: %w", c.tolerance, err)
	}
	switch {
	case given("baseline") && c.baseline == "":
		err = errors.New("--baseline: no file: write --baseline old.txt")
	case c.baseline == "-" && (len(args) == 0 || slices.Contains(args, "-")):
		err = errors.New("--baseline -: standard input is what is checked: name a file for one of them")
	case c.out.json && c.github:
		err = errors.New("both --json and --github: choose one")
	}
	return conditions, tolerance, err
}

// verdict is the error of a gate that does not hold. A gate cannot hold if part of
// the input could not be used: that part may violate it.
func verdict(rs []gate.Result, failure error) error {
	count := func(v gate.Verdict) (n int) {
		for _, r := range rs {
			if r.Verdict == v {
				n++
			}
		}
		return n
	}
	switch worst := gate.Worst(rs); {
	case worst == gate.Violated:
		return verdictError{fmt.Errorf("violated: %d of %s", count(worst), words.Count(len(rs), "condition"))}
	case failure != nil:
		return failure
	case worst == gate.CannotTell:
		return verdictError{fmt.Errorf("%w about %d of %s, and none is violated", errUndecided, count(worst), words.Count(len(rs), "condition"))}
	}
	return nil
}
