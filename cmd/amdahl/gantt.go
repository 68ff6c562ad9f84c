package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/contract"
	"amdahl/results/charts"
	"amdahl/results/report"
	"amdahl/results/trace"
	"amdahl/results/words"
)

func ganttCommand() *cobra.Command {
	var pattern, by, out string
	var path bool
	cmd := &cobra.Command{
		Use:     "gantt [TRACE] [--case REGEXP] [--by processor|goroutine] -o FILE",
		GroupID: "draw",
		Short:   "Draw who did what when, from a trace of any Go program or of our benchmarks",
		Long: `Gantt reads a trace, from a file or standard input, and draws one case of it:

  amdahl run ./pkg --trace FILE      a run of any Go package, for each level: a row for
                                     every processor of Go with what ran on it, or for
                                     every goroutine with what it did and waited for
  go test ./pkg -trace FILE          the same of one run, from Go's own trace
  go test ./bench -bench X -timeline FILE
                                     operations of our benchmarks, one for each case: a
                                     row for every place where tasks ran, with compute,
                                     waiting and idle time in the colours of "amdahl why"

With --critical the chain of goroutines, locks and wake-ups that the run waited for is
listed, the longest parts first; with -o it is a line over the rows of the goroutines. It
needs one of Go's own traces. In a trace of "amdahl run --why" it is that of the timed
region of the last benchmark, in others that of the whole trace.

Go's own traces are read once, in little memory whatever their length: of a long one
the last million changes of goroutines' states are drawn, and the caption says what
was left out. Times too short to be seen are merged, and the caption says how. The first and
the last of these files open in ui.perfetto.dev too. Without -o the command lists
the cases.`,
		Example: `  amdahl gantt trace.json
  amdahl gantt trace.json --case 'cpu=4$' --by goroutine -o gantt.svg
  amdahl gantt trace-cpu=2.trace --critical
  amdahl gantt trace.json --case 'hash.*fixed.*workers=16$' -o gantt.svg`,
		Args: oneTrace,
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := wanted(pattern, out)
			if err != nil {
				return err
			}
			rows := charts.RunRows(by)
			if rows != charts.ByProcessor && rows != charts.ByGoroutine {
				return usageError{fmt.Errorf("--by %s: write --by processor or --by goroutine", by)}
			}
			if path && out == "" {
				return listCritical(cmd, args)
			}
			read, err := readTrace(cmd, args, want.MatchString, path)
			if read == nil {
				return err
			}
			if path {
				if len(read.Runs) != 1 || read.Runs[0].Critical == nil {
					return errNoGoTrace
				}
				if !cmd.Flags().Changed("by") {
					rows = charts.ByGoroutine
				}
			}
			if out == "" {
				return first(list(cmd.OutOrStdout(), read), err)
			}
			op, run, cerr := one(read)
			if cerr != nil {
				return cerr
			}
			if op != nil && cmd.Flags().Changed("by") {
				return usageError{fmt.Errorf("--by %s: %s is an operation of tasks, which has a row for every lane: leave --by out", by, words.Clean(op.Case))}
			}
			figure, ferr := ganttFigure(op, run, rows)
			if ferr != nil {
				return ferr
			}
			return first(draw(cmd, out, figure), err)
		},
	}
	cmd.Flags().StringVar(&pattern, "case", "", "regular expression that the name of one case matches; workers=1$ is not workers=16")
	cmd.Flags().BoolVar(&path, "critical", false, "of a Go trace: list the critical path, which the run waited for; with -o draw it over the goroutines")
	cmd.Flags().StringVar(&by, "by", string(charts.ByProcessor), "rows of a run: processor or goroutine")
	cmd.Flags().StringVarP(&out, "output", "o", "", "file to draw to; its ending chooses svg, png, pdf, or json for Vega-Lite")
	return cmd
}

// errNoGoTrace is the error for a critical path of another trace than Go's own.
var errNoGoTrace = usageError{errors.New("--critical and --region need a trace of Go's own: go test -trace FILE, or FILE-LEVEL.trace of amdahl run --trace FILE.json")}

// openGoTrace opens a trace of Go's own, from the file or from standard input. The caller
// calls done.
func openGoTrace(cmd *cobra.Command, args []string) (in io.Reader, name string, done func(), err error) {
	r, name, done := cmd.InOrStdin(), "standard input", func() {}
	if len(args) > 0 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, "", nil, err
		}
		r, name, done = f, args[0], func() { f.Close() }
	}
	buffered := bufio.NewReaderSize(r, 1<<20)
	if head, _ := buffered.Peek(32); !goTrace.Match(head) {
		done()
		return nil, "", nil, errNoGoTrace
	}
	return buffered, name, done, nil
}

// listCritical prints the critical path of a trace, which it reads once.
func listCritical(cmd *cobra.Command, args []string) error {
	in, name, done, err := openGoTrace(cmd, args)
	if err != nil {
		return err
	}
	defer done()
	path, err := findCritical(in)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return report.Critical(&cleanWriter{w: cmd.OutOrStdout()}, runName(name), path, terminal(cmd, nil))
}

// ganttFigure makes the figure of an operation or, if there is none, of a run.
func ganttFigure(op *contract.Operation, run *trace.Run, rows charts.RunRows) (charts.Figure, error) {
	if op != nil {
		f := charts.Gantt(op, charts.GanttOptions{})
		if f.Empty() {
			return f, fmt.Errorf("%s: no task in it", words.Clean(op.Case))
		}
		return f, nil
	}
	f := charts.GanttRun(run, rows, charts.GanttOptions{})
	if f.Empty() {
		other := charts.ByProcessor
		if rows == charts.ByProcessor {
			other = charts.ByGoroutine
		}
		return f, fmt.Errorf("%s: no %s did anything in it: draw it with --by %s", words.Clean(run.Name), rows, other)
	}
	return f, nil
}

// list prints the cases: of operations with their workers and times, of runs with
// what there is to draw.
func list(w io.Writer, t *trace.Trace) error {
	var b strings.Builder
	for _, o := range t.Operations {
		fmt.Fprintf(&b, "%s  %s on %s, %s\n", words.Clean(o.Case), words.Count(len(o.Tasks), "task"), words.Count(len(o.Lanes), "lane"), words.Duration(o.Time))
	}
	for _, r := range t.Runs {
		procs := len(r.Processors)
		if procs > 0 && r.Processors[0].Name == contract.ThreadCollector {
			procs--
		}
		fmt.Fprintf(&b, "%s  a run on %s, %s, %s\n", words.Clean(r.Name), words.Count(procs, "processor"), words.Count(len(r.Goroutines), "goroutine"), words.Duration(r.Time))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// one is the operation or the run to draw: the last one, if all are of one case.
func one(t *trace.Trace) (*contract.Operation, *trace.Run, error) {
	var names []string
	for _, o := range t.Operations {
		names = append(names, o.Case)
	}
	for _, r := range t.Runs {
		names = append(names, r.Name)
	}
	last := names[len(names)-1]
	same := 0
	for _, n := range names {
		if n == last {
			same++
		}
	}
	switch {
	case same < len(names):
	case len(t.Runs) > 0:
		return nil, t.Runs[len(t.Runs)-1], nil
	default:
		return t.Operations[len(t.Operations)-1], nil, nil
	}
	const most = 8
	text := fmt.Sprintf("%d cases: choose one with --case REGEXP, as in --case '%s$':", len(names), regexp.QuoteMeta(words.Clean(last)))
	for i, n := range names {
		if i == most {
			text += fmt.Sprintf("\n  and %d more", len(names)-most)
			break
		}
		text += "\n  " + words.Clean(n)
	}
	return nil, nil, usageError{errors.New(text)}
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
