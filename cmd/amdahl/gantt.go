package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/results/charts"
	"amdahl/results/timeline"
	"amdahl/results/words"
)

func ganttCommand() *cobra.Command {
	var pattern, out string
	cmd := &cobra.Command{
		Use:     "gantt [TRACE] [--case REGEXP] -o FILE",
		GroupID: "draw",
		Short:   "Draw who did what when, from the timeline of a benchmark",
		Long: `Gantt reads the trace that "go test -bench . -timeline trace.json" writes in
package bench, or standard input, and draws one operation of one case: a row for
every place where tasks ran, with compute, waiting and idle time in the colours of "amdahl
why". The trace opens in ui.perfetto.dev too.

Without -o it lists the cases of the trace.`,
		Example: `  amdahl gantt trace.json
  amdahl gantt trace.json --case 'hash.*fixed.*workers=16$' -o gantt.svg`,
		Args: oneTrace,
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := wanted(pattern, out)
			if err != nil {
				return err
			}
			ops, err := readTrace(cmd, args, want.MatchString)
			if ops == nil {
				return err
			}
			if out == "" {
				return first(list(cmd.OutOrStdout(), ops), err)
			}
			op, cerr := one(ops)
			if cerr != nil {
				return cerr
			}
			if err := charts.Save(out, charts.Gantt(op, charts.GanttOptions{}), charts.Layout{}); err != nil {
				return err
			}
			cmd.PrintErrln("amdahl: wrote", out)
			return err
		},
	}
	cmd.Flags().StringVar(&pattern, "case", "", "regular expression that the name of one case matches; workers=1$ is not workers=16")
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to draw to; its ending chooses svg, png or pdf")
	return cmd
}

// readTrace reads the operations of the cases that are wanted, from the file
// or from standard input. What cannot be used is said on standard error; the
// error is then errSaid, beside all the rest.
func readTrace(cmd *cobra.Command, args []string, want func(string) bool) ([]*timeline.Operation, error) {
	r, name := cmd.InOrStdin(), "standard input"
	if len(args) > 0 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, name = f, args[0]
	}
	var unwanted []string
	ops, problems, err := timeline.Read(r, name, func(c string) bool {
		if !want(c) {
			unwanted = append(unwanted, c)
		}
		return want(c)
	})
	if err != nil {
		return nil, err
	}
	complain(cmd.ErrOrStderr(), problems)
	switch {
	case len(ops) == 0 && len(problems) > 0:
		return nil, errSaid
	case len(ops) == 0:
		return nil, usageError{fmt.Errorf("%s: none of the %d cases matches --case; one is %s", name, len(unwanted), unwanted[0])}
	case len(problems) > 0:
		return ops, errSaid
	}
	return ops, nil
}

// list prints the cases with their workers and times.
func list(w io.Writer, ops []*timeline.Operation) error {
	var b strings.Builder
	for _, o := range ops {
		fmt.Fprintf(&b, "%s  %s on %s, %s\n", words.Clean(o.Case), words.Count(len(o.Tasks), "task"), words.Count(len(o.Lanes), "lane"), words.Duration(o.Time))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// one is the operation to draw: the last one, if all are of one case.
func one(ops []*timeline.Operation) (*timeline.Operation, error) {
	last := ops[len(ops)-1]
	var others []string
	for _, o := range ops {
		if o.Case != last.Case {
			others = append(others, o.Case)
		}
	}
	if len(others) == 0 {
		return last, nil
	}
	const most = 8
	text := fmt.Sprintf("%d cases: choose one with --case REGEXP, as in --case '%s$':", len(others)+1, regexp.QuoteMeta(last.Case))
	for i, c := range append(others, last.Case) {
		if i == most {
			text += fmt.Sprintf("\n  and %d more", len(others)+1-most)
			break
		}
		text += "\n  " + words.Clean(c)
	}
	return nil, usageError{errors.New(text)}
}

// oneTrace refuses more than one file.
func oneTrace(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError{fmt.Errorf("%d files: name one trace", len(args))}
	}
	return nil
}

// wanted reads --case, and refuses a figure that cannot be drawn, before a
// long trace is read.
func wanted(pattern, out string) (*regexp.Regexp, error) {
	want, err := regexp.Compile(pattern)
	if err != nil {
		return nil, usageError{fmt.Errorf("--case: %w", err)}
	}
	if out != "" {
		err = drawable(out)
	}
	return want, err
}
