package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/laws"
)

// mostSeries is how many series one figure can show and still be read.
const mostSeries = 12

func plotCommand() *cobra.Command {
	var in input
	var out string
	cmd := &cobra.Command{
		Use:     "plot -o FILE [FILE...]",
		GroupID: "draw",
		Short:   "Draw time and speedup against workers, with the fitted laws",
		Long: `Plot reads benchmark text from the files, or from standard input, and draws two
panels: time per task, and speedup, against the number of workers. Points are
measured, with 95 % intervals of their medians; lines are models.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl plot -o scaling.svg
  amdahl plot -o hash.png --filter workload=hash results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := drawable(out); err != nil {
				return err
			}
			all, _, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			if err := readable(all); err != nil {
				return err
			}
			return first(draw(cmd, out, charts.Scaling(all, charts.Options{})), err)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to draw to; its ending chooses svg, png or pdf (required)")
	return cmd
}

// readable refuses more series than one figure can show.
func readable(all []*laws.Analysis) error {
	if len(all) <= mostSeries {
		return nil
	}
	some, _, _ := strings.Cut(all[0].Curve.Name.String(), "/")
	return usageError{fmt.Errorf("%d series are too many for one figure: choose with --filter, as in --filter %q, or draw them all with: amdahl report -o DIR", len(all), some)}
}
