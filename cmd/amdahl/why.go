package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/report"
)

func whyCommand() *cobra.Command {
	var in input
	var out string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "why [FILE...]",
		Short: "Say where the worker time went: useful, waiting, lost to what",
		Long: `With p workers, p·T(p) of worker time is paid for. Why reads benchmark text whose
lines say where it went, in metrics such as paid-ns/op, useful-ns/op and
serial-ns/op, and prints for every number of workers the share of each cause,
and in sentences what was lost to which. What the metrics leave of what was paid
is unattributed.

"go test -bench . -why" in package bench measures such lines, and "amdahl run
--why" does for any Go package, with coarser causes.

The figure shows the bars of p·T(p) split by cause; of one series also the
speedup.`,
		Example: `  go test -bench Strong/workload=hash -count 6 ./bench -why | amdahl why
  amdahl why -o why.svg --filter workload=hash/strategy=fixed results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if out != "" {
				if err := drawable(out); err != nil {
					return err
				}
			}
			in.lone = true
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			var perr error
			if asJSON {
				perr = report.StacksJSON(cmd.OutOrStdout(), all)
			} else {
				perr = report.Stacks(cmd.OutOrStdout(), all, terminal(cmd, set))
			}
			if perr != nil {
				return perr
			}
			if out == "" {
				return err
			}
			if len(all) > mostSeries {
				return usageError{fmt.Errorf("%d series are too many for one figure: choose with --filter, or draw them all with: amdahl report -o DIR", len(all))}
			}
			if err := charts.Save(out, charts.Stacks(all, charts.StacksOptions{}), charts.Layout{}); err != nil {
				return err
			}
			cmd.PrintErrln("amdahl: wrote", out)
			return err
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "draw the figure to this file; its ending chooses svg, png or pdf")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	return cmd
}
