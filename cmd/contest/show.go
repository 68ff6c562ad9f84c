package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// show runs contest show: it prints the comparison, draws it where -o asks for
// that, and returns the verdict as the exit status.
func show(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("contest show", flag.ContinueOnError)
	f.SetOutput(stderr)
	out := f.String("o", "", "draw the figure to this file; its ending chooses svg, png or pdf")
	if err := f.Parse(args); err != nil {
		return usage
	}
	if format := strings.TrimPrefix(filepath.Ext(*out), "."); *out != "" && !slices.Contains(charts.Formats, format) {
		fmt.Fprintf(stderr, "contest: -o %q: name a file that ends in .%s\n", *out, strings.Join(charts.Formats, ", ."))
		return usage
	}
	status, err := compare(ctx, f.Args(), stdin, stdout, *out)
	if err != nil {
		fmt.Fprintln(stderr, "contest:", err)
		return failed
	}
	if *out != "" {
		fmt.Fprintln(stderr, "contest: wrote", *out)
	}
	if status == undecided {
		fmt.Fprintln(stderr, "contest: cannot tell: measure more repeats")
	}
	return status
}

// compare prints and draws the contest in the files, or in stdin if there are none.
func compare(ctx context.Context, files []string, stdin io.Reader, stdout io.Writer, out string) (status int, err error) {
	set, err := read.Files(files, stdin, read.Options{})
	if err != nil {
		return failed, err
	}
	analyses, errs := laws.AnalyzeEach(ctx, set.Curves, laws.Options{})
	for i, c := range set.Curves {
		if errors.Is(errs[i], laws.ErrOneLevel) {
			analyses[i], errs[i] = &laws.Analysis{Curve: c}, nil // no attempt
		}
	}
	if err := errors.Join(append(errs, set.Problems...)...); err != nil {
		return failed, err
	}
	c, err := newContest(analyses)
	if err != nil {
		return failed, err
	}
	if err := table(stdout, c, set.Config); err != nil {
		return failed, err
	}
	if out != "" {
		err = charts.Save(out, figure(c, set.Config, set.Curves[0].Machine), charts.Layout{})
	}
	return c.verdict(), err
}
