package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/laws"
	"amdahl/results/report"
)

func predictCommand() *cobra.Command {
	var in input
	var at string
	var out answerFlags
	cmd := &cobra.Command{
		Use:     "predict --at N,… [FILE...]",
		GroupID: "understand",
		Short:   "Predict the speedup at numbers of workers that were not measured",
		Long: `Predict fits the laws as fit does, and prints the speedup and the time per task
that the chosen law gives at other numbers of workers. A new measurement there, in
a round of its own, would fall in the interval with 95 % confidence, whichever of
the laws holds that the data cannot tell apart.
Rows beyond twice the largest number measured are marked: a law is known where
it was measured. The exit status is 3 when no series has a law.`,
		Example: `  go test -bench . -cpu 1,2,4,8 -count 10 . | amdahl predict --at 16,32,64
  amdahl predict --at 16 --json results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			levels, err := parseLevels(at)
			if err != nil {
				return usageError{err}
			}
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			err = first(out.give(cmd, set, answer{
				text: func(w io.Writer, o report.Options) error { return report.Predictions(w, all, levels, o) },
				json: func(w io.Writer) error { return report.PredictionsJSON(w, all, levels, terminal(cmd, set)) },
			}), err)
			if err == nil && !slices.ContainsFunc(all, func(a *laws.Analysis) bool { return a.Chosen != nil }) {
				return fmt.Errorf("%w: no series has a law", errUndecided)
			}
			return err
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&at, "at", "", "numbers of workers, separated by commas (required)")
	out.registerJSON(cmd)
	return cmd
}

// parseLevels reads a list of numbers above 0.
func parseLevels(s string) ([]float64, error) {
	if s == "" {
		return nil, errors.New("no numbers of workers: add --at, as in --at 16,32,64")
	}
	var levels []float64
	for _, f := range strings.Split(s, ",") {
		n, err := strconv.ParseFloat(strings.TrimSpace(f), 64)
		if err != nil || !(n > 0) || n > 1e9 {
			return nil, fmt.Errorf("--at %s: %q is not a number of workers: write numbers above 0, as in 16,32,64", s, f)
		}
		levels = append(levels, n)
	}
	return levels, nil
}
