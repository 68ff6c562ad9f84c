package main

import (
	"os"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"amdahl/results"
	"amdahl/results/report"
)

func fitCommand() *cobra.Command {
	var in input
	var asJSON, brief bool
	cmd := &cobra.Command{
		Use:   "fit [FILE...]",
		Short: "Fit the speedup to scaling laws and print one table",
		Long: `Fit reads benchmark text from the files, or from standard input, and fits each
series to the scaling laws that its levels can carry.

T(1) is the fitted time per task at one worker, σ the serial fraction, 1/σ the
speedup that no number of workers exceeds, κ the cost of agreeing with every
other worker ("< x": none was seen, and one above x would have been), peak the
number of workers beyond which more are slower, use the workers within 5 % of
the best that was measured, error how far the times are from the law.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl fit
  amdahl fit --json results.txt
  amdahl fit --filter Strong/workload=hash results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			if asJSON {
				return first(report.JSON(cmd.OutOrStdout(), all, set.Skipped...), err)
			}
			o := terminal(cmd, set)
			o.Brief = brief
			return first(report.Table(cmd.OutOrStdout(), all, o), err)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&brief, "brief", false, "only the table and its footnotes, without the sentences about what limits each series")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	return cmd
}

// first is the more important of two errors: that the output failed, or that
// some input could not be used.
func first(output, input error) error {
	if output != nil {
		return output
	}
	return input
}

// terminal is how to print to standard output: in colour only on a terminal
// that wants it, and as wide as it is.
func terminal(cmd *cobra.Command, set *results.Set) report.Options {
	o := report.Options{Environment: set.Config, Skipped: set.Skipped}
	f, ok := cmd.OutOrStdout().(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return o
	}
	o.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	if w, _, err := term.GetSize(int(f.Fd())); err == nil {
		o.Width = w
	}
	return o
}
