package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/report"
)

func predictCommand() *cobra.Command {
	var in input
	var at string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "predict --at N,… [FILE...]",
		Short: "Predict the speedup at numbers of workers that were not measured",
		Long: `Predict fits the laws as fit does, and prints the speedup and the time per task
that the chosen law gives at other numbers of workers. The interval is one in
which a new measurement there would fall with 95 % confidence if the law holds.
Rows beyond twice the largest number measured are marked: a law is known where
it was measured.`,
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
			o := terminal(cmd, set)
			if asJSON {
				return first(report.PredictionsJSON(cmd.OutOrStdout(), all, levels, o), err)
			}
			return first(report.Predictions(cmd.OutOrStdout(), all, levels, o), err)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVar(&at, "at", "", "numbers of workers, separated by commas (required)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
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
			return nil, fmt.Errorf("--at %s: %q is no number of workers: write numbers above 0, as in 16,32,64", s, f)
		}
		levels = append(levels, n)
	}
	return levels, nil
}
