package gotest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"amdahl/bench/gotrace"
	"amdahl/bench/rounds"
)

// A Tracing is one more run of every level after the last round, traced, whose
// results are dropped.
type Tracing struct {
	out   string // file of the timeline
	files []traceFile
}

// A traceFile is the file that the run of one level writes.
type traceFile struct {
	point, path string
	ready       bool // the file is a timeline already, written by a flag of the program's own
}

// NewTracing prepares the tracing of the points of a plan, with the timeline in
// the file out. A test binary that has a flag -timeline FILE writes its timeline
// itself.
func NewTracing(ctx context.Context, out string, plan rounds.Plan) (*Tracing, error) {
	out, err := filepath.Abs(out) // the levels run elsewhere
	if err != nil {
		return nil, err
	}
	t := &Tracing{out: out}
	own := map[string]bool{}
	taken := map[string]bool{out: true}
	for _, p := range plan.Points {
		binary := p.Args[0]
		if _, known := own[binary]; !known {
			own[binary] = hasFlag(ctx, rounds.Binary{Path: binary, Dir: p.Dir}, timelineFlag)
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
			return nil, requestErrorf("two levels would write %s: measure them one by one", f.path)
		}
		taken[f.path] = true
		t.files = append(t.files, f)
	}
	return t, nil
}

// beside returns the name of the file of a level, beside out.
func beside(out, level, ext string) string {
	level = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("=._-", r) {
			return r
		}
		return '_'
	}, level)
	return strings.TrimSuffix(out, filepath.Ext(out)) + "-" + level + ext
}

// Args returns the arguments of the traced run of a level: see
// [rounds.Options.Last].
func (t *Tracing) Args(p rounds.Point) []string {
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

// Traced is what the traced runs left.
type Traced struct {
	Timelines []string // files for ui.perfetto.dev
	Traces    []string // files for go tool trace, of which the first timeline is made
	Notes     []string // what is missing in the timeline
}

// Join makes one timeline of the traces. Levels that failed are left out.
func (t *Tracing) Join() (Traced, error) {
	var all Traced
	var runs []traceFile
	for _, f := range t.files {
		if _, err := os.Stat(f.path); err != nil {
			continue // it failed, as rounds has reported
		}
		if f.ready {
			all.Timelines = append(all.Timelines, f.path)
		} else {
			all.Traces = append(all.Traces, f.path)
			runs = append(runs, f)
		}
	}
	if len(runs) == 0 {
		return all, nil
	}
	var err error
	if all.Notes, err = t.join(runs); err != nil {
		return all, fmt.Errorf("%w; the traces are there: go tool trace %s", err, strings.Join(all.Traces, ", "))
	}
	all.Timelines = append([]string{t.out}, all.Timelines...)
	return all, nil
}

// join writes the timeline of the traces, and returns notes on what is not in it.
func (t *Tracing) join(runs []traceFile) (notes []string, err error) {
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
			notes = append(notes, fmt.Sprintf("%s: the last %s; %d changes of goroutines before that are in its trace alone: amdahl gantt %s -o FILE.svg", f.point, part.Span.Round(time.Microsecond), part.Left, f.path))
		}
		if part.Laneless > 0 {
			notes = append(notes, fmt.Sprintf("%s: %d goroutines were too many at a time for a lane of their own: they show on the processors", f.point, part.Laneless))
		}
	}
	return notes, errors.Join(err, w.Close(), out.Close())
}

func (*Tracing) add(w *gotrace.Writer, f traceFile) (gotrace.Part, error) {
	in, err := os.Open(f.path)
	if err != nil {
		return gotrace.Part{}, err
	}
	defer in.Close()
	return w.Add(f.point, in, gotrace.Options{})
}
