package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"amdahl/results"
	"amdahl/results/bound"
	"amdahl/results/laws"
	"amdahl/results/read"
	"amdahl/results/words"
)

// An input is what the commands that read benchmark text have in common.
type input struct {
	read   read.Options
	time   string // as typed: names of columns
	series string // likewise
	strict bool
	filter string
	loss   string

	confidence float64 // of the intervals of the laws; 0 is 0.95
	lean       bool    // keep of each analysis only what a table prints
	lone       bool    // curves of one level are no failure, even if there are no others
}

func (in *input) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&in.read.X, "x", "x", "", `x axis: a key or word of the benchmark names, "gomaxprocs" for their -N suffix, a
column of a table, a parameter; without it what the format says (amdahl formats)`)
	f.StringVar(&in.time, "time", "", "column of a table with the time per task; a,b are several")
	f.StringVar(&in.read.Throughput, "throughput", "", "column of a table with tasks per second")
	f.StringVar(&in.read.Latency, "latency", "", "column of a table with the time that each of x clients waits for a task")
	f.StringVar(&in.read.Speedup, "speedup", "", "column of a table with the speedup")
	f.StringVar(&in.read.Metric, "metric", "", `metric of benchmark text to use instead of ns/op; a rate, as in "req/s", is a throughput`)
	f.StringVar(&in.read.Unit, "unit", "", "unit of the column that is measured: ns, us, ms, s, min, h; without it what the file says")
	f.StringVar(&in.read.Comma, "comma", "", `what a comma in the numbers of a table is, "decimal" or "thousands"; without it what the table says`)
	f.StringVar(&in.series, "series", "", "column of a table that tells the series apart; a,b are several")
	f.BoolVar(&in.read.WorkPerWorker, "work-per-worker", false, "every worker does operations of its own: an operation at level n is n tasks")
	f.BoolVar(&in.read.Join, "join", false, "the same levels in several files, or parts of a file, are repeats of one measurement")
	f.BoolVar(&in.strict, "strict", false, "take nothing for granted: every note about what was taken for what is an error")
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
	o, err := in.options(cmd)
	if err != nil {
		return nil, nil, err
	}
	set, err := read.Files(paths, cmd.InOrStdin(), o)
	if errors.As(err, new(*read.KeyError)) || errors.As(err, new(*read.ColumnError)) {
		return nil, nil, usageError{err}
	} else if err != nil {
		return nil, nil, err
	}
	if err := in.notes(cmd, set); err != nil {
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
		return nil, nil, oneLevel(set, all[0].Curve)
	case len(problems) > 0:
		return all, set, errSaid
	}
	return all, set, nil
}

// manyCurves is the number of curves above which memory counts more than time.
const manyCurves = 10000

// options are how to read, as the flags say.
func (in *input) options(cmd *cobra.Command) (read.Options, error) {
	o := in.read
	o.Time, o.Series = read.SplitList(in.time), read.SplitList(in.series)
	o.Command, o.Args = cmd.CommandPath(), cmd.Flags().Args()
	if o.Comma != "" && o.Comma != read.CommaDecimal && o.Comma != read.CommaThousands {
		return o, usageError{fmt.Errorf("--comma %q: write decimal or thousands", o.Comma)}
	}
	var measured []string
	for _, f := range []struct{ flag, value string }{{"--time", in.time}, {"--throughput", o.Throughput}, {"--latency", o.Latency}, {"--speedup", o.Speedup}, {"--metric", o.Metric}} {
		if f.value != "" {
			measured = append(measured, f.flag)
		}
	}
	if len(measured) > 1 {
		return o, usageError{fmt.Errorf("both %s: name the one thing that was measured", strings.Join(measured, " and "))}
	}
	return o, nil
}

// notes prints what was taken for what; with --strict it is an error.
func (in *input) notes(cmd *cobra.Command, set *results.Set) error {
	const most = 20
	for i, n := range set.Notes {
		if i == most {
			cmd.PrintErrf("amdahl: and %d more notes\n", len(set.Notes)-most)
			break
		}
		cmd.PrintErrf("amdahl: note: %v\n", n)
	}
	if !in.strict {
		return nil
	}
	for _, c := range set.Curves {
		for _, w := range c.Warnings {
			if errors.As(w, new(*read.Guess)) {
				return fmt.Errorf("--strict: nothing was done: %w", w)
			}
		}
	}
	if len(set.Notes) > 0 {
		return fmt.Errorf("--strict: nothing was done, because of the %s above: say with flags what is what", words.Plural(len(set.Notes), "note"))
	}
	return nil
}

// oneLevel is the error for input in which no curve has two levels; c is the
// first curve.
func oneLevel(set *results.Set, c *results.Curve) error {
	if len(set.Refused) > 0 {
		return fmt.Errorf("%s:%d: no curve has two levels: %w; else measure at more, for example with go test -bench . -cpu 1,2,4", c.File, c.Line, errors.Join(set.Refused[:1]...))
	}
	how := "measure at more, for example with go test -bench . -cpu 1,2,4"
	if c.X != read.GOMAXPROCS {
		how = "measure at more levels"
	}
	return fmt.Errorf("%s:%d: %s has only %s=%g, and no other curve has two levels: %s", c.File, c.Line, c.Name.String(), c.X, c.Points[0].Workers, how)
}

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
				problems = append(problems, unusable(c, err))
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

// unusable is why a curve cannot be fitted, with its place. Its name is said once, and
// not at all where it is that of the file.
func unusable(c *results.Curve, err error) error {
	name := c.Name.String()
	why := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "laws: "), cmp.Or(name, "the curve")+": ")
	if base := filepath.Base(c.File); name == "" || name == base || name == strings.TrimSuffix(base, filepath.Ext(base)) || name == "file="+base {
		return fmt.Errorf("%s:%d: %s", c.File, c.Line, why)
	}
	return fmt.Errorf("%s:%d: %s: %s", c.File, c.Line, name, why)
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
	a.Diagnosis = append(a.Diagnosis, bound.Judge(a).Findings...)
	return a
}
