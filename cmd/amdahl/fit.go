package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"amdahl/results/report"
)

func fitCommand() *cobra.Command {
	var in input
	var out answerFlags
	var look tableFlags
	var simple bool
	cmd := &cobra.Command{
		Use:     "fit [FILE...]",
		GroupID: "understand",
		Short:   "Fit the speedup to scaling laws and print one table",
		Long: `Fit reads benchmark text from the files, or from standard input, and fits each
series to the scaling laws that its levels can carry.

T(1) is the fitted time per task at one worker, speedup the measured one at the
largest number of workers, σ the serial fraction, use the fewest workers within
5 % of the best in the measured range. Intervals hold what is not known because a
law was chosen. Where every law misses the levels by more than the samples and
1 % explain, none fits: the measured speedups are the answer.

--wide adds max, the speedup that no number of workers exceeds by the law; κ, the
cost of agreeing with every other worker ("< x": none was seen, and one above x
would have been in four of five measurements); peak, the number of workers beyond
which more are slower; error, how far the times are from the law. --verbose adds
the footnotes about how the numbers were made. --simple is for a first reading: what
a task takes with one worker and with the most, the speedup between them, the
processors that were busy, and the serial part, without footnotes.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl fit
  amdahl fit --json results.txt
  amdahl fit --filter Strong/workload=hash results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if simple && (out.json || look.wide || look.verbose) {
				return usageError{errors.New("--simple is the short table: leave out --json, --wide and --verbose")}
			}
			in.lean = !out.json && !simple
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			return first(out.give(cmd, set, answer{
				text: func(w io.Writer, o report.Options) error {
					if simple {
						return report.Simple(w, all, look.options(o))
					}
					return report.Table(w, all, look.options(o))
				},
				json: func(w io.Writer) error { return report.JSON(w, all, set.Skipped...) },
			}), err)
		},
	}
	in.flags(cmd)
	look.flags(cmd)
	out.registerJSON(cmd)
	cmd.Flags().BoolVar(&simple, "simple", false, "the table for a first reading: fewer numbers, no footnotes")
	return cmd
}
