package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
)

// mostSeries is how many series one figure can show and still be read.
const mostSeries = 12

func plotCommand() *cobra.Command {
	var in input
	var out string
	cmd := &cobra.Command{
		Use:   "plot -o FILE [FILE...]",
		Short: "Draw time and speedup against workers, with the fitted laws",
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
			if len(all) > mostSeries {
				return usageError{fmt.Errorf("%d series are too many for one figure: choose with --filter, as in --filter %q, or draw them all with: amdahl report -o DIR",
					len(all), strings.Join(strings.Split(all[0].Curve.Name.String(), "/")[:1], ""))}
			}
			if err := charts.Save(out, charts.Scaling(all, charts.Options{}), charts.Layout{}); err != nil {
				return err
			}
			cmd.PrintErrln("amdahl: wrote", out)
			return err
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to draw to; its ending chooses svg, png or pdf (required)")
	return cmd
}

// drawable refuses a file whose ending is no format of a figure.
func drawable(out string) error {
	if format := strings.TrimPrefix(filepath.Ext(out), "."); !slices.Contains(charts.Formats, format) {
		return usageError{fmt.Errorf("-o %q: name a file that ends in .%s", out, strings.Join(charts.Formats, ", ."))}
	}
	return nil
}
