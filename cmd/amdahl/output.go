package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/report"
)

// An answer is what a subcommand has found, in the forms in which it can be
// given. JSON and figure are nil where there is no such form.
type answer struct {
	text   func(io.Writer, report.Options) error
	json   func(io.Writer) error
	figure func() (charts.Figure, error)

	raw func(io.Writer) error // follows text as it is: what it prints of others is escaped
}

// answerFlags are the flags that choose the form of an answer.
type answerFlags struct {
	json bool
	file string
}

func (a *answerFlags) registerJSON(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&a.json, "json", false, "print the same as JSON")
}

func (a *answerFlags) registerFigure(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&a.file, "output", "o", "", "draw the figure to this file; its ending chooses svg, png, pdf, or json for Vega-Lite")
}

// check refuses a figure that cannot be drawn, before anything is read.
func (a *answerFlags) check() error {
	if a.file == "" {
		return nil
	}
	return drawable(a.file)
}

// give prints the answer, as text or as JSON, and then draws its figure to the
// file of -o, if there is one.
func (a *answerFlags) give(cmd *cobra.Command, set *results.Set, found answer) error {
	var err error
	if a.json {
		err = found.json(cmd.OutOrStdout())
	} else {
		err = found.text(&cleanWriter{w: cmd.OutOrStdout()}, terminal(cmd, set))
		if err == nil && found.raw != nil {
			err = found.raw(cmd.OutOrStdout())
		}
	}
	if err != nil || a.file == "" {
		return err
	}
	figure, err := found.figure()
	if err != nil {
		return err
	}
	return draw(cmd, a.file, figure)
}

// draw writes a figure to a file.
func draw(cmd *cobra.Command, file string, figure charts.Figure) error {
	if err := charts.Save(file, figure, charts.Layout{}); err != nil {
		return err
	}
	cmd.PrintErrln("amdahl: wrote", file)
	return nil
}

// drawable refuses a file whose ending is no format of a figure, or whose folder is not
// there.
func drawable(out string) error {
	if _, ok := charts.FormatOf(out); !ok {
		return usageError{fmt.Errorf("-o %q: name a file that ends in .%s, or .json for Vega-Lite", out, strings.Join(charts.Formats, ", ."))}
	}
	return inFolder(out)
}

// standardOutput is the file of -o that is none.
const standardOutput = "-"

// inFolder refuses a file of -o whose folder is not there, before anything is done for
// it. No command makes a folder for a file: its name may be misspelt.
func inFolder(out string) error {
	if out == "" || out == standardOutput {
		return nil
	}
	folder := filepath.Dir(out)
	switch info, err := os.Stat(folder); {
	case errors.Is(err, fs.ErrNotExist):
		return usageError{fmt.Errorf("-o %s: there is no folder %s: make it with mkdir -p %s", out, folder, quote(folder))}
	case err == nil && !info.IsDir():
		return usageError{fmt.Errorf("-o %s: %s is no folder: name another file", out, folder)}
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return usageError{fmt.Errorf("-o %s: this is a folder: name a file in it", out)}
	}
	return nil
}

// first is the more important of two errors: that the output failed, or that
// some input could not be used.
func first(output, input error) error {
	if output != nil {
		return output
	}
	return input
}

// terminal is how to print to standard output: in colour only on a terminal
// that wants it, and as wide as COLUMNS says or, without it, as the terminal is.
// Columns that have no room there are left out. Where the output is no terminal,
// the width is the usual one and nothing is left out, unless COLUMNS is set. set
// may be nil.
func terminal(cmd *cobra.Command, set *results.Set) report.Options {
	var o report.Options
	if set != nil {
		o.Environment, o.Skipped = set.Config, set.Skipped
	}
	f := file(cmd.OutOrStdout())
	if f != nil && isatty.IsTerminal(f.Fd()) {
		o.Color = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			o.Width, o.Narrow = w, true
		}
	}
	if w, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && w > 0 && w < 10000 {
		o.Width, o.Narrow = w, true
	}
	return o
}
