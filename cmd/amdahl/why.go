package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/report"
)

func whyCommand() *cobra.Command {
	var in input
	var out answerFlags
	cmd := &cobra.Command{
		Use:     "why [FILE...]",
		GroupID: "understand",
		Short:   "Say where the worker time went: useful, waiting, lost to what",
		Long: `With p workers, p·T(p) of worker time is paid for. Why reads benchmark text whose
lines say where it went, in metrics such as paid-ns/op, useful-ns/op and
serial-ns/op, and prints for every number of workers the share of each cause,
and in sentences what was lost to which. What the metrics leave of what was paid
is unattributed.

"go test -bench . -why" in package bench measures such lines. "amdahl run --why" does
for any Go package, from execution traces and CPU profiles of rounds of their own. The
exit status is 3 if other programs took the processors in all of those.

The efficiency T(1)/(n·T(n)) is printed as a product too, after the factors of the POP
Centre of Excellence (Standard Metrics for Performance Analysis): load balance,
waiting, dispatch, serialisation, inflation.

The figure shows the bars of p·T(p) split by cause; of one series also the
speedup.`,
		Example: `  go test -bench Strong/workload=hash -count 6 ./bench -why | amdahl why
  amdahl why -o why.svg --filter workload=hash/strategy=fixed results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := out.check(); err != nil {
				return err
			}
			in.lone = true
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			if err == nil {
				err = untold(all)
			}
			return first(out.give(cmd, set, answer{
				text: func(w io.Writer, o report.Options) error { return report.Stacks(w, all, o) },
				json: func(w io.Writer) error { return report.StacksJSON(w, all) },
				figure: func() (charts.Figure, error) {
					return charts.Stacks(all, charts.StacksOptions{}), readable(all, mostStacks)
				},
			}), err)
		},
	}
	in.flags(cmd)
	out.registerFigure(cmd)
	out.registerJSON(cmd)
	return cmd
}

// untold is the error for series whose traced runs cannot be believed.
func untold(all []*laws.Analysis) error {
	for _, a := range all {
		if s := a.Account; s != nil && s.CannotTell != "" {
			return fmt.Errorf("%w where the time of %s went: %s", errUndecided, a.Curve.Name.String(), s.CannotTell)
		}
	}
	return nil
}
