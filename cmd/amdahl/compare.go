package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"amdahl/results/laws"
	"amdahl/results/report"
)

func compareCommand() *cobra.Command {
	var in input
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "compare OLD NEW",
		Short: "Say whether T(1), the serial fraction or the speedup changed",
		Long: `Compare fits two files and prints, for every series in both, T(1), the serial
fraction σ and the speedup at the largest common number of workers, before and
after, with the interval of the change. "~" means that the data show none.`,
		Example: `  amdahl compare old.txt new.txt
  amdahl compare --json old.txt new.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{fmt.Errorf("compare takes two files, old and new, got %d: amdahl compare old.txt new.txt", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			old, _, oldErr := in.analyse(cmd, args[:1])
			if old == nil {
				return oldErr
			}
			now, set, err := in.analyse(cmd, args[1:])
			if now == nil {
				return err
			}
			err = first(oldErr, err)
			pairs := pair(cmd, old, now, args)
			if len(pairs) == 0 {
				return fmt.Errorf("no series stands in both %s and %s: the first is %s, and %s", args[0], args[1], old[0].Curve.Series, now[0].Curve.Series)
			}
			if asJSON {
				return first(report.ComparisonsJSON(cmd.OutOrStdout(), pairs), err)
			}
			return first(report.Comparisons(cmd.OutOrStdout(), pairs, terminal(cmd, set)), err)
		},
	}
	in.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	return cmd
}

// pair compares the series that stand in both files, in the order of the
// second, and says which stand in one only.
func pair(cmd *cobra.Command, old, now []*laws.Analysis, files []string) []*laws.Comparison {
	type id struct{ series, x string }
	before := map[id]*laws.Analysis{}
	for _, a := range old {
		before[id{a.Curve.Series, a.Curve.X}] = a
	}
	var pairs []*laws.Comparison
	for _, a := range now {
		key := id{a.Curve.Series, a.Curve.X}
		if b := before[key]; b != nil {
			pairs = append(pairs, laws.Compare(b, a, 0))
			delete(before, key)
			continue
		}
		cmd.PrintErrf("amdahl: %s stands only in %s\n", a.Curve.Series, files[1])
	}
	for _, a := range old {
		if before[id{a.Curve.Series, a.Curve.X}] != nil {
			cmd.PrintErrf("amdahl: %s stands only in %s\n", a.Curve.Series, files[0])
		}
	}
	return pairs
}
