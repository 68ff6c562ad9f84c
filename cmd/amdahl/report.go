package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report"
)

func reportCommand() *cobra.Command {
	var in input
	var dir string
	var look tableFlags
	cmd := &cobra.Command{
		Use:     "report -o DIR [FILE...]",
		GroupID: "draw",
		Short:   "Write the table, the figures and one HTML page",
		Long: `Report reads benchmark text from the files, or from standard input, prints the
table, and writes to a directory: the table, the same as JSON, a figure of
every workload with the strategies side by side, and one self-contained page
with all of it. What an earlier report wrote to the same directory and this one
does not is removed; other files stay.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl report -o scaling
  amdahl report -o scaling results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usageError{errors.New("no directory to write to: add -o DIR")}
			}
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			o := terminal(cmd, set)
			o.Reproduce = reproduction(in, args)
			o.Where = placesOf(cmd, all, args)
			o = look.options(o)
			if err := report.Table(&cleanWriter{w: cmd.OutOrStdout()}, all, o); err != nil {
				return err
			}
			if report.HasIronLaw(all, o) {
				fmt.Fprintln(cmd.OutOrStdout())
				if err := report.IronLaw(&cleanWriter{w: cmd.OutOrStdout()}, all, o); err != nil {
					return err
				}
			}
			o.Brief, o.Color, o.Width, o.Narrow = false, false, 0, false
			files, werr := report.Write(dir, all, o)
			for _, f := range files {
				cmd.PrintErrln("amdahl: wrote", f)
			}
			if werr == nil {
				if page, e := filepath.Abs(filepath.Join(dir, "index.html")); e == nil {
					fmt.Fprintf(cmd.ErrOrStderr(), "amdahl: the page is file://%s\n", page)
				}
			}
			return first(werr, err)
		},
	}
	in.flags(cmd)
	cmd.Flags().StringVarP(&dir, "output", "o", "", "directory to write to; it is made if it does not exist (required)")
	look.flags(cmd)
	return cmd
}

// reproduction is the command that makes the same page from the same files.
func reproduction(in input, paths []string) []string {
	if len(paths) == 0 || slices.Contains(paths, "-") {
		return nil // standard input is gone
	}
	o := in.read
	o.Command, o.Time, o.Series = "amdahl report -o DIR", read.SplitList(in.time), read.SplitList(in.series)
	if in.filter != "" {
		o.Command += " --filter " + read.Quote(in.filter)
	}
	if in.loss != string(laws.LogTime) {
		o.Command += " --loss " + in.loss
	}
	for _, p := range paths {
		o.Args = append(o.Args, filepath.Base(p))
	}
	line := o.CommandLine()
	return []string{line}
}
