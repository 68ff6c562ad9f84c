package main

import (
	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/report"
	"amdahl/results/truth"
)

// driftCommand belongs to an experiment of this project, so help does not list it.
func driftCommand() *cobra.Command {
	var in input
	var out string
	cmd := &cobra.Command{
		Use:    "drift [FILE...]",
		Hidden: true,
		Short:  "Hold two methods of measuring against a planted serial fraction",
		Long: `Drift reads benchmark text whose names tell a truth (serial=), a method and a
repeat, fits each series, and compares how far off the two methods are.
"make drift" measures such a file: amdahl run against go test, while a load on
the machine comes and goes.

The exit status is 0 when the median error of the first method is at most half
of the second one's, 1 when it is not, and 3 when the repeats cannot tell.`,
		Example: `  make drift
  amdahl drift -o drift.svg drift.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if out != "" {
				if err := drawable(out); err != nil {
					return err
				}
			}
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			c, cerr := truth.NewContest(all)
			if cerr != nil {
				return cerr
			}
			err = first(report.Contest(cmd.OutOrStdout(), c, set.Config, terminal(cmd, set)), err)
			if out != "" {
				figure := report.ContestFigure(c, set.Config, all[0].Curve.Machine)
				if err := charts.Save(out, figure, charts.Layout{}); err != nil {
					return err
				}
				cmd.PrintErrln("amdahl: wrote", out)
			}
			switch {
			case err != nil:
				return err
			case c.Verdict() == truth.Wrong:
				return errSaid
			case c.Verdict() == truth.Noisy:
				return errUndecided
			}
			return nil
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "draw the figure to this file; its ending chooses svg, png or pdf")
	return cmd
}
