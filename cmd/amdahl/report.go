package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/report"
	"amdahl/results/words"
)

func reportCommand() *cobra.Command {
	var in input
	var dir, traced string
	var look tableFlags
	cmd := &cobra.Command{
		Use:     "report -o DIR [FILE...]",
		GroupID: "draw",
		Short:   "Write the table, the figures and one HTML page",
		Long: `Report reads benchmark text from the files, or from standard input, prints the
table, and writes to a directory: the table, the same as JSON, a figure of
every workload with the strategies side by side, and one self-contained page
with all of it. Of more than 50 figures it draws those of the workloads that gain
most, and says how to draw others. --trace adds who did what when, which the page
plays. What an earlier report wrote to the same directory and this one
does not is removed; other files stay.`,
		Example: `  go test -bench . -cpu 1,2,4 -count 10 ./... | amdahl report -o scaling
  amdahl report -o scaling results.txt
  amdahl report -o scaling --trace trace.json results.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch dir {
			case "":
				return usageError{errors.New("no directory to write to: add -o DIR, as in -o scaling")}
			case standardOutput:
				return usageError{errors.New("-o -: a report is several files: name a directory, as in -o scaling, or print one table with amdahl fit")}
			}
			if _, err := os.Stat(filepath.Dir(dir)); errors.Is(err, fs.ErrNotExist) {
				return usageError{fmt.Errorf("-o %s: there is no folder %s: make it with mkdir -p %s", dir, filepath.Dir(dir), quote(filepath.Dir(dir)))}
			} else if info, err := os.Stat(dir); err == nil && !info.IsDir() {
				return usageError{fmt.Errorf("-o %s: this is a file: name a directory", dir)}
			}
			in.lone = true // bars by name, as plot draws them
			all, set, err := in.analyse(cmd, args)
			if all == nil {
				return err
			}
			o := terminal(cmd, set)
			if traced != "" {
				var terr error
				if o.Recorded, terr = recordedOperations(cmd, traced, set); terr != nil && !errors.Is(terr, errSaid) {
					return terr
				}
				err = first(err, terr)
			}
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
			if left, filter := report.Left(all); left != "" {
				cmd.PrintErrf("amdahl: note: %s To draw others: %s\n", left, narrower(in, args, filter))
			}
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
	cmd.Flags().StringVar(&traced, "trace", "", "trace of operations of the same benchmarks (go test ./bench -timeline FILE): the page plays them")
	look.flags(cmd)
	return cmd
}

// recordedOperations reads the operations of a trace that are of the series of a set.
func recordedOperations(cmd *cobra.Command, file string, set *results.Set) ([]*contract.Operation, error) {
	t, err := readTrace(cmd, []string{file}, func(string) bool { return true }, false)
	if t == nil {
		return nil, err
	}
	if len(t.Operations) == 0 {
		return nil, fmt.Errorf("--trace %s: %w", file, noTasks(t))
	}
	mine := slices.DeleteFunc(slices.Clone(t.Operations), func(o *contract.Operation) bool { return !report.Belongs(o, set.Curves) })
	if len(mine) == 0 {
		return nil, usageError{fmt.Errorf("--trace %s: none of its %s is of a series and a level of the results; the first is %s", file, words.Count(len(t.Operations), "operation"), words.Clean(t.Operations[0].Case))}
	}
	return mine, err
}

// narrower is the command that makes a report of some series of the same files.
func narrower(in input, paths []string, filter string) string {
	in.filter = filter
	if lines := reproduction(in, paths); lines != nil {
		return lines[0]
	}
	return "amdahl report -o DIR --filter " + read.Quote(filter)
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
