package main

import (
	"io"

	"github.com/spf13/cobra"

	"amdahl/results/report"
)

func fitCommand() *cobra.Command {
	var in input
	var out answerFlags
	var brief bool
	cmd := &cobra.Command{
		Use:     "fit [FILE...]",
		GroupID: "understand",
		Short:   "Fit the speedup to scaling laws and print one table",
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
			return first(out.give(cmd, set, answer{
				text: func(w io.Writer, o report.Options) error {
					o.Brief = brief
					return report.Table(w, all, o)
				},
				json: func(w io.Writer) error { return report.JSON(w, all, set.Skipped...) },
			}), err)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&brief, "brief", false, "only the table and its footnotes, without the sentences about what limits each series")
	out.registerJSON(cmd)
	return cmd
}
