package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"amdahl/results"
	"amdahl/results/bound"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// An input is what the commands that read benchmark text have in common.
type input struct {
	read   read.Options
	filter string
	loss   string

	confidence float64 // of the intervals of the laws; 0 is 0.95
	lean       bool    // keep of each analysis only what a table prints
	lone       bool    // curves of one level are no failure, even if there are no others
}

func (in *input) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&in.read.X, "x", "x", "", `x axis: a key of the benchmark names, "gomaxprocs" for their -N suffix, a column
of CSV or a parameter of hyperfine; without it the first of workers, threads,
procs, n, p, goroutines in a name, else the suffix`)
	f.StringVar(&in.read.Time, "time", "", "read CSV, with seconds per task in this column")
	f.StringVar(&in.read.Throughput, "throughput", "", "read CSV, with tasks per second in this column")
	f.StringVar(&in.read.Speedup, "speedup", "", "read CSV, with speedups in this column: S(1) = 1 is fixed")
	f.StringVar(&in.read.Series, "series", "", "column of CSV that tells the series apart")
	f.StringVar(&in.filter, "filter", "", "keep only the series with these parts, as in workload=hash/strategy=fixed,spawn")
	f.StringVar(&in.loss, "loss", string(laws.LogTime), `what the fit makes small: squared differences of "log" time, or of "throughput"`)
}

// analyse reads the files, or standard input where there are none, and fits
// every curve. What cannot be used is named on standard error; the error is
// then errSaid, beside the analyses of the rest.
func (in *input) analyse(cmd *cobra.Command, paths []string) ([]*laws.Analysis, *results.Set, error) {
	if f, ok := cmd.InOrStdin().(*os.File); ok && len(paths) == 0 && isatty.IsTerminal(f.Fd()) {
		cmd.PrintErrln("amdahl: reading benchmark text from the terminal: type or paste it and end with Ctrl-D, or name files")
	}
	filter, err := results.ParseFilter(in.filter)
	if err != nil {
		return nil, nil, usageError{err}
	}
	loss := laws.Loss(in.loss)
	if loss != laws.LogTime && loss != laws.Throughput {
		return nil, nil, usageError{fmt.Errorf("--loss %q: write log or throughput", in.loss)}
	}
	if given := columnFlags(in.read); len(given) > 1 {
		return nil, nil, usageError{fmt.Errorf("both %s and %s: name the one column that was measured", given[0], given[1])}
	}
	set, err := read.Files(paths, cmd.InOrStdin(), in.read)
	if errors.As(err, new(*read.KeyError)) || errors.As(err, new(*read.ColumnError)) {
		return nil, nil, usageError{err}
	} else if err != nil {
		return nil, nil, err
	}
	curves := slices.DeleteFunc(slices.Clone(set.Curves), func(c *results.Curve) bool { return !filter.Keeps(c) })
	all, fitted, problems := fitEach(cmd.Context(), curves, laws.Options{Loss: loss, Confidence: in.confidence, Lean: in.lean})
	if err := cmd.Context().Err(); err != nil {
		return nil, nil, err
	}
	problems = append(slices.Clone(set.Problems), problems...)
	complain(cmd.ErrOrStderr(), problems)
	switch {
	case len(all) == 0 && in.filter != "" && len(set.Curves) > 0:
		return nil, nil, usageError{fmt.Errorf("no series has all of --filter %s; the first has %s", in.filter, set.Curves[0].Name.String())}
	case len(all) == 0:
		return nil, nil, errSaid
	case fitted == 0 && !in.lone:
		c := all[0].Curve
		return nil, nil, fmt.Errorf("%s:%d: %s has only %s=%g, and no other curve has two levels: measure at more, for example with go test -bench . -cpu 1,2,4",
			c.File, c.Line, c.Name.String(), c.X, c.Points[0].Workers)
	case len(problems) > 0:
		return all, set, errSaid
	}
	return all, set, nil
}

// manyCurves is the number of curves above which memory counts more than time.
const manyCurves = 10000

// fitEach fits each curve to the laws. A curve of one level gets an analysis
// with a warning and no fit; fitted is the number of the others. problems are
// the curves that could not be used.
func fitEach(ctx context.Context, curves []*results.Curve, o laws.Options) (all []*laws.Analysis, fitted int, problems []error) {
	if len(curves) > manyCurves {
		// The heap is then mostly what is kept, about 4.3 kB a curve. A limit
		// near that makes the collector keep what is garbage small at the end,
		// and leaves it idle before.
		debug.SetMemoryLimit(int64(len(curves)) * 5400)
	}
	all = make([]*laws.Analysis, 0, len(curves))
	for chunk := range slices.Chunk(curves, 1000) {
		analyses, errs := laws.AnalyzeEach(ctx, chunk, o)
		for i, c := range chunk {
			switch a, err := analyses[i], errs[i]; {
			case errors.Is(err, laws.ErrOneLevel):
				a := laws.Measured(c, o.Confidence)
				a.Warnings = []error{err}
				all = append(all, a)
			case err != nil:
				problems = append(problems, fmt.Errorf("%s:%d: %s: %w", c.File, c.Line, c.Name.String(), err))
			default:
				all = append(all, computesOrWaits(a))
				if o.Lean {
					c.Points = nil // its levels are in the analysis
				}
				fitted++
			}
		}
	}
	return all, fitted, problems
}

// columnFlags are the flags of a measured column that were given.
func columnFlags(o read.Options) []string {
	var given []string
	for _, f := range []struct{ name, column string }{{"--time", o.Time}, {"--throughput", o.Throughput}, {"--speedup", o.Speedup}} {
		if f.column != "" {
			given = append(given, f.name)
		}
	}
	return given
}

// complain prints what was left out, at most 20 lines.
func complain(w io.Writer, problems []error) {
	const most = 20
	for i, p := range problems {
		if i == most {
			fmt.Fprintf(w, "amdahl: and %d more like these\n", len(problems)-most)
			return
		}
		fmt.Fprintf(w, "amdahl: %v\n", p)
	}
}

// computesOrWaits adds to the diagnosis of a series whether it is bound by the
// processors or by waiting, if its CPU time was measured at one worker.
func computesOrWaits(a *laws.Analysis) *laws.Analysis {
	if v, err := bound.Judge(a, bound.Options{}); err == nil && v.Share != nil {
		a.Diagnosis = append(a.Diagnosis, v.Findings...)
	}
	return a
}
