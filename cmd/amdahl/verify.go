package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/report"
	"amdahl/results/truth"
	"amdahl/results/words"
)

func verifyCommand() *cobra.Command {
	var in input
	var out answerFlags
	cmd := &cobra.Command{
		Use:     "verify [FILE...]",
		GroupID: "understand",
		Short:   "Compare what is found with what was planted",
		Long: `Verify reads benchmark text whose names tell a truth: serial=0.1 (a tenth of
the tasks ran one by one) or locked=0.25 (a quarter of every task ran under one
lock). It fits each series, prints what was found beside what was planted, and
holds the speedups of real processors, slow cores and a simulation of the same
job against each other. "make verify" measures such a file. Of strategies such
as static, steal or random, and of tasks that differ in length (skew=), it
compares how much of the workers' time is used with what a simulation of the
same tasks under the same schedule uses: "make schedules" measures those. Of
chips (cores=hm-asym-4) it compares the speedup with Hill and Marty's formula:
"make chips".

The exit status is 0 when every truth that can be judged came back, 1 when one did
not, and 3 when the machine was too noisy to tell. What cannot be judged is named, with
the reason.`,
		Example: `  make verify
  amdahl verify -o truth.svg results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			r, verr := truth.Verify(all)
			if verr != nil {
				return verr
			}
			if len(r.Findings)+len(r.Agreements)+len(r.Efficiencies)+len(r.Chips) == 0 {
				return errors.New("no series tells a truth in its name (serial= or locked=) and has enough levels: measure some with make verify")
			}
			if err := first(out.give(cmd, set, answer{
				text:   func(w io.Writer, o report.Options) error { return report.Truths(w, r, o) },
				json:   func(w io.Writer) error { return report.TruthsJSON(w, r) },
				figure: func() (charts.Figure, error) { return report.TruthsFigure(r), nil },
			}), err); err != nil {
				return err
			}
			switch r.Verdict() {
			case truth.Wrong:
				return errSaid
			case truth.Noisy:
				return fmt.Errorf("%w: on this machine %s", errUndecided, noise(r))
			}
			return nil
		},
	}
	in.flags(cmd)
	out.registerFigure(cmd)
	out.registerJSON(cmd)
	return cmd
}

// noise says what was too noisy to decide.
func noise(r *truth.Report) string {
	truths, pairs := 0, 0
	for _, f := range r.Findings {
		if f.Verdict == truth.Noisy {
			truths++
		}
	}
	for _, a := range r.Agreements {
		if a.Verdict == truth.Noisy {
			pairs++
		}
	}
	schedules := 0
	for _, e := range r.Efficiencies {
		if e.Verdict == truth.Noisy {
			schedules++
		}
	}
	for _, c := range r.Chips {
		if c.Verdict == truth.Noisy {
			schedules++
		}
	}
	if schedules > 0 {
		return fmt.Sprintf("%s %s too noisy to compare with theory: close what else runs, and measure again", words.Count(schedules, "level"), words.Is(schedules))
	}
	if len(r.Findings) == 0 {
		return fmt.Sprintf("no series has the %d levels that a truth needs", truth.Levels)
	}
	return fmt.Sprintf("%s and %s are too noisy: close what else runs, and measure again", words.Count(truths, "truth"), words.Count(pairs, "speedup"))
}
