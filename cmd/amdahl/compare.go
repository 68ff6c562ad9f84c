package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"amdahl/results/laws"
	"amdahl/results/report"
)

func compareCommand() *cobra.Command {
	var in input
	var out answerFlags
	cmd := &cobra.Command{
		Use:     "compare OLD NEW | FILE",
		GroupID: "gate",
		Short:   "Say whether T(1), the serial fraction or the speedup changed",
		Long: `Compare fits two files and prints, for every series in both, T(1), the serial
fraction σ and the speedup at the largest common number of workers, before and
after, with the interval of the change. "~" means that the data show none.

One file holds both where amdahl run --against has measured two revisions in the
same rounds: they are compared round by round.`,
		Example: `  amdahl compare old.txt new.txt
  amdahl compare --json old.txt new.txt
  amdahl run ./pkg --against HEAD^ -x cpu=auto -o both.txt && amdahl compare both.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 && len(args) != 1 {
				return usageError{fmt.Errorf("compare takes two files, old and new, or one of amdahl run --against, got %d: amdahl compare old.txt new.txt", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in.lone = in.lone || len(args) == 1
			old, set, err := in.analyse(cmd, args[:1])
			if old == nil {
				return err
			}
			now := old
			if len(args) == 1 {
				var e error
				if old, now, e = revisionPairs(old); e != nil {
					return usageError{fmt.Errorf("%s: %w: name a second file, as in amdahl compare old.txt new.txt", args[0], e)}
				}
				args = append(args, args[0])
			} else {
				var e error
				if now, set, e = in.analyse(cmd, args[1:]); now == nil {
					return e
				}
				err = first(err, e)
			}
			changes := comparisons(cmd, old, now, args)
			if len(changes) == 0 {
				return fmt.Errorf("no series stands in both %s and %s: the first is %s, and %s", args[0], args[1], old[0].Curve.Name.String(), now[0].Curve.Name.String())
			}
			return first(out.give(cmd, set, answer{
				text: func(w io.Writer, o report.Options) error { return report.Comparisons(w, changes, o) },
				json: func(w io.Writer) error { return report.ComparisonsJSON(w, changes) },
			}), err)
		},
	}
	in.flags(cmd)
	out.registerJSON(cmd)
	return cmd
}

// comparisons compares the series that are in both files, in the order of the
// second, and names on standard error those that are in one only.
func comparisons(cmd *cobra.Command, old, now []*laws.Analysis, files []string) []*laws.Comparison {
	var list []*laws.Comparison
	for _, m := range match(old, now) {
		switch {
		case m.old == nil:
			cmd.PrintErrf("amdahl: %s stands only in %s\n", m.now.Curve.Name.String(), files[1])
		case m.now == nil:
			cmd.PrintErrf("amdahl: %s stands only in %s\n", m.old.Curve.Name.String(), files[0])
		default:
			list = append(list, laws.Compare(m.old, m.now, 0))
		}
	}
	return list
}

// A matched is one series in the old and in the new file; one of the two is nil
// if the series is in the other file only.
type matched struct{ old, now *laws.Analysis }

// A seriesID tells the series of a file apart. A table without names has one series,
// which is called like its file: that name is none.
type seriesID struct{ series, x string }

func idOf(a *laws.Analysis) seriesID {
	name := a.Curve.Name.String()
	if name == filepath.Base(filepath.ToSlash(a.Curve.File)) {
		name = ""
	}
	return seriesID{name, a.Curve.X}
}

// match finds the series of two files in each other, in the order of the second;
// those that only the first has come last.
func match(old, now []*laws.Analysis) []matched {
	before := map[seriesID]*laws.Analysis{}
	for _, a := range old {
		before[idOf(a)] = a
	}
	var list []matched
	for _, a := range now {
		key := idOf(a)
		list = append(list, matched{before[key], a})
		delete(before, key)
	}
	for _, a := range old {
		if before[idOf(a)] == a {
			list = append(list, matched{a, nil})
		}
	}
	return list
}
