package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/words"
)

// mostSeries is how many series one figure can show and still be read, mostStacks
// how many that have a panel each.
const (
	mostSeries = 20
	mostStacks = 12
)

func plotCommand() *cobra.Command {
	var in input
	look := figureFlags{fewer: "--only speedup"}
	var lawNames string
	var noFit, overlay bool
	cmd := &cobra.Command{
		Use:     "plot -o FILE [FILE...]",
		GroupID: "draw",
		Short:   "Draw time and speedup against workers, with the fitted laws",
		Long: `Plot reads benchmark text from the files, or from standard input, and draws two
panels: time per task, and speedup, against the number of workers. Points are
measured, with 95 % intervals of their medians; lines are models. What is not
sound or does not fit is faint, and the legend says why. Series of one level are
bars by name.

A strategy has the same colour and marker in every figure. --overlay draws the
series of several machines over each other and names the machine of each.
--format vega-lite writes the same figure for Jupyter and Observable.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl plot -o scaling.svg
  amdahl plot -o hash.png --filter workload=hash results.txt
  amdahl plot -o slide.png --size 16:9 --font-size 16 --theme dark --only speedup results.txt
  amdahl plot -o both.svg --overlay laptop.txt server.txt
  amdahl plot --format vega-lite results.txt > scaling.vl.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			layout, err := look.check(cmd)
			if err != nil {
				return err
			}
			chosen, err := chosenLaws(lawNames, noFit)
			if err != nil {
				return err
			}
			in.lone = true
			all, _, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			if err := readable(all, mostSeries); err != nil {
				return err
			}
			if n := machines(all); n > 1 && !overlay {
				return usageError{fmt.Errorf("the series are of %d machines: draw them over each other with --overlay, or name the files of one", n)}
			}
			if err := fitted(all, chosen); err != nil {
				return err
			}
			f := charts.Scaling(all, charts.Options{
				Title: look.title, Only: charts.Quantity(look.only), Linear: look.linear, NoFit: noFit, Laws: chosen, Machines: overlay,
			})
			if f.Empty() && (look.only == string(charts.Speedup) || look.only == string(charts.Efficiency)) {
				return fmt.Errorf("no %s to draw: no series has two levels and a time at one worker: draw the times with --only time", look.only)
			}
			return first(look.draw(cmd, f, layout), err)
		},
	}
	in.flags(cmd)
	look.flags(cmd)
	cmd.Flags().StringVar(&lawNames, "laws", "", "laws to draw of every series instead of the chosen one, as in amdahl,usl; or all")
	cmd.Flags().BoolVar(&noFit, "no-fit", false, "points alone, without laws")
	cmd.Flags().BoolVar(&overlay, "overlay", false, "draw series of several machines in one figure, and name the machine of each")
	return cmd
}

// chosenLaws reads --laws.
func chosenLaws(names string, noFit bool) ([]string, error) {
	list := read.SplitList(names)
	if len(list) > 0 && noFit {
		return nil, usageError{errors.New("both --laws and --no-fit: leave one out")}
	}
	for _, n := range list {
		if laws.Find(n) == nil && n != "all" {
			var known []string
			for _, l := range laws.All {
				known = append(known, l.Name)
			}
			return nil, usageError{fmt.Errorf("--laws %s: no law is called %q:%s they are %s, or all", names, n, didYouMean(n, "", known), strings.Join(known, ", "))}
		}
	}
	return list, nil
}

// fitted refuses laws that no series carries.
func fitted(all []*laws.Analysis, names []string) error {
	for _, n := range names {
		carries := func(a *laws.Analysis) bool {
			return slices.ContainsFunc(a.Fits, func(f *laws.Fit) bool { return (n == "all" || f.Law.Name == n) && charts.Carries(f) })
		}
		if slices.ContainsFunc(all, carries) {
			continue
		}
		if n == "all" {
			return fmt.Errorf("--laws all: no series carries a law: measure at three levels or more, as in amdahl run -x cpu=1..4")
		}
		l := laws.Find(n)
		if slices.ContainsFunc(all, func(a *laws.Analysis) bool {
			return slices.ContainsFunc(a.Fits, func(f *laws.Fit) bool { return f.Law == l })
		}) {
			return fmt.Errorf("--laws %s: no series is one: fitted to each, it says nothing (%s)", n, l.Formula)
		}
		return fmt.Errorf("--laws %s: no series carries it: it takes %s%s", n, words.Count(l.Levels, "level"), map[results.Kind]string{results.Weak: " of work that grows", results.Strong: " of fixed work"}[l.Kind])
	}
	return nil
}

// machines is the number of machines of the analyses.
func machines(all []*laws.Analysis) int {
	seen := map[results.Machine]bool{}
	for _, a := range all {
		seen[a.Curve.Machine] = true
	}
	return len(seen)
}

// readable refuses more series than one figure can show.
func readable(all []*laws.Analysis, most int) error {
	if len(all) <= most {
		return nil
	}
	some, _, _ := strings.Cut(all[0].Curve.Name.String(), "/")
	return usageError{fmt.Errorf("%d series are too many for one figure: choose with --filter, as in --filter %s, or draw them figure by figure with: amdahl report -o DIR", len(all), quote(some))}
}
