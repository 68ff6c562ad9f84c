package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"amdahl/bench/gotest"
	"amdahl/bench/gotrace"
	"amdahl/bench/rounds"
)

// A tracing is what --trace asks for: one more run of every level behind the
// last round, traced, which is not among the results.
type tracing struct {
	out   string // of the timeline
	files []traceFile
}

// A traceFile is what one level's run leaves.
type traceFile struct {
	point, path string
	ready       bool // a timeline already, written by a flag of the program's own
}

// newTracing prepares it for the points of a plan. A test binary that has a
// flag -timeline FILE writes its timeline itself.
func newTracing(ctx context.Context, out string, plan rounds.Plan) (*tracing, error) {
	out, err := filepath.Abs(out) // the levels run elsewhere
	if err != nil {
		return nil, err
	}
	t := &tracing{out: out}
	own := map[string]bool{}
	taken := map[string]bool{out: true}
	for _, p := range plan.Points {
		binary := p.Args[0]
		if _, known := own[binary]; !known {
			own[binary] = gotest.HasFlag(ctx, rounds.Binary{Path: binary, Dir: p.Dir}, gotest.TimelineFlag)
		}
		f := traceFile{point: p.Name, ready: own[binary]}
		switch {
		case !f.ready:
			f.path = beside(out, p.Name, ".trace")
		case len(plan.Points) == 1:
			f.path = out
			taken = map[string]bool{}
		default:
			f.path = beside(out, p.Name, filepath.Ext(out))
		}
		if taken[f.path] {
			return nil, usageError{fmt.Errorf("--trace %s: two levels would write %s: measure them one by one", out, f.path)}
		}
		taken[f.path] = true
		t.files = append(t.files, f)
	}
	return t, nil
}

// writable says whether a file can be made here, before anything is measured.
func writable(file string) error {
	info, err := os.Stat(filepath.Dir(file))
	if err == nil && !info.IsDir() {
		err = errors.New("not a directory")
	}
	if err != nil {
		return usageError{fmt.Errorf("--trace %s: %w", file, err)}
	}
	return nil
}

// beside is the name of a level's file beside out.
func beside(out, level, ext string) string {
	level = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("=._-", r) {
			return r
		}
		return '_'
	}, level)
	return strings.TrimSuffix(out, filepath.Ext(out)) + "-" + level + ext
}

// args are what a level's traced run gets.
func (t *tracing) args(p rounds.Point) []string {
	for _, f := range t.files {
		switch {
		case f.point != p.Name:
		case f.ready:
			return []string{"-timeline=" + f.path}
		default:
			return []string{"-test.trace=" + f.path}
		}
	}
	return nil
}

// end joins the traces to one timeline and says what there is.
func (t *tracing) end(cmd *cobra.Command, quiet bool) error {
	var ready, traces []string
	var runs []traceFile
	for _, f := range t.files {
		if _, err := os.Stat(f.path); err != nil {
			continue // it failed, which was said
		}
		if f.ready {
			ready = append(ready, f.path)
		} else {
			traces = append(traces, f.path)
			runs = append(runs, f)
		}
	}
	var notes []string
	if len(runs) > 0 {
		var err error
		if notes, err = t.join(runs); err != nil {
			return fmt.Errorf("%w; the traces are there: go tool trace %s", err, strings.Join(traces, ", "))
		}
		ready = append([]string{t.out}, ready...)
	}
	if quiet || len(ready) == 0 {
		return nil
	}
	cmd.PrintErrf("amdahl: timeline: %s: open it in ui.perfetto.dev\n", strings.Join(ready, ", "))
	for _, n := range notes {
		cmd.PrintErrf("amdahl: timeline: %s\n", n)
	}
	if len(traces) > 0 {
		cmd.PrintErrf("amdahl: the traces it was made of, each for go tool trace: %s\n", strings.Join(traces, ", "))
	}
	return nil
}

// join writes the timeline of the traces, and gives notes of what is not in it.
func (t *tracing) join(runs []traceFile) (notes []string, err error) {
	out, err := os.Create(t.out)
	if err != nil {
		return nil, err
	}
	w := gotrace.NewWriter(out)
	for _, f := range runs {
		part, e := t.add(w, f)
		if err = errors.Join(err, e); err != nil {
			break
		}
		if part.Left > 0 {
			notes = append(notes, fmt.Sprintf("%s: the last %s; %d changes of goroutines before that are in its trace alone", f.point, part.Span.Round(time.Microsecond), part.Left))
		}
		if part.Laneless > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d goroutines were too many at a time for a lane of their own: they show on the processors", f.point, part.Laneless))
		}
	}
	return notes, errors.Join(err, w.Close(), out.Close())
}

func (*tracing) add(w *gotrace.Writer, f traceFile) (gotrace.Part, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return gotrace.Part{}, err
	}
	defer in.Close()
	return w.Add(f.point, in, gotrace.Options{})
}
