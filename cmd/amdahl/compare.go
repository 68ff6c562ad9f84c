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
				return fmt.Errorf("no series stands in both %s and %s: the first is %s, and %s", args[0], args[1], old[0].Curve.Name.String(), now[0].Curve.Name.String())
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
	var pairs []*laws.Comparison
	for _, m := range match(old, now) {
		switch {
		case m.old == nil:
			cmd.PrintErrf("amdahl: %s stands only in %s\n", m.now.Curve.Name.String(), files[1])
		case m.now == nil:
			cmd.PrintErrf("amdahl: %s stands only in %s\n", m.old.Curve.Name.String(), files[0])
		default:
			pairs = append(pairs, laws.Compare(m.old, m.now, 0))
		}
	}
	return pairs
}

// A couple is one series before and now; one of them is nil if it stands on the
// other side only.
type couple struct{ old, now *laws.Analysis }

// match couples the series of two files, in the order of the second; those of
// the first only come last.
func match(old, now []*laws.Analysis) []couple {
	type id struct{ series, x string }
	before := map[id]*laws.Analysis{}
	for _, a := range old {
		before[id{a.Curve.Name.String(), a.Curve.X}] = a
	}
	var couples []couple
	for _, a := range now {
		key := id{a.Curve.Name.String(), a.Curve.X}
		couples = append(couples, couple{before[key], a})
		delete(before, key)
	}
	for _, a := range old {
		if before[id{a.Curve.Name.String(), a.Curve.X}] == a {
			couples = append(couples, couple{a, nil})
		}
	}
	return couples
}
