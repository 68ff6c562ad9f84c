// Package gotrace turns Go execution traces into Chrome trace events, which
// ui.perfetto.dev and chrome://tracing open: who did what when, on each processor
// and in each goroutine.
//
//	w := gotrace.NewWriter(file)
//	part, err := w.Add("cpu=4", trace, gotrace.Options{}) // one run below the other
//	err = w.Close()
//
// Every trace becomes a run in the schema of package contract, which package
// results/trace reads. Where a processor has no slice, no Go code ran there: it was
// idle, or a system call went on without it. A goroutine's ranges (what the
// runtime calls ranges: mark assist, stop the world; and the program's regions of
// runtime/trace) are slices within running.
//
// Slices nest: they are pairs of B and E in order of time, and what outlasts the
// slice it is in goes on in the next one. Times are since the begin of each trace.
//
// Sources: golang.org/x/exp/trace, which reads the traces of Go 1.11 and later.
package gotrace

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// Options steer [Writer.Add]. The zero value is the default.
type Options struct {
	// Most is how many changes of goroutines' states to keep: the last ones.
	// Each takes some 600 bytes. 0 is 50000.
	Most int
	// Lanes is how many goroutines have a lane at a time; further ones show on
	// the processors alone. 0 is 500.
	Lanes int
}

// A Part is what became of one trace.
type Part struct {
	Changes  int           // of goroutines' states that were kept
	Left     int           // how many before them were left out
	Span     time.Duration // of what was kept
	Laneless int           // goroutines without a lane
	Begin    int64         // of what was kept, in ns on the clock of the trace
}

// A Writer writes the runs of one file. It is for one goroutine.
type Writer struct{ trace *contract.Writer }

// NewWriter begins a file in w. The caller closes the Writer, which ends the
// file, and then w.
func NewWriter(w io.Writer) *Writer { return &Writer{contract.NewWriter(w)} }

// NewEvents is a Writer that writes nothing: it calls do with each event of the
// schema, which takes a tenth of the time of writing and reading them.
func NewEvents(do func(contract.Event)) *Writer { return &Writer{contract.NewEvents(do)} }

// Close ends the file. An error of writing that Add has given is not given again.
func (w *Writer) Close() error { return w.trace.Close() }

// Add adds the trace in r, which it reads twice, under a name. After an error
// of reading, what came before it is in the file.
func (w *Writer) Add(name string, r io.ReadSeeker, o Options) (Part, error) {
	o.Most, o.Lanes = cmp.Or(o.Most, 50_000), cmp.Or(o.Lanes, 500)
	changes, known := 0, newNames()
	err := each(r, func(e trace.Event) {
		if _, ok := change(e); ok {
			changes++
		}
		known.learn(e)
	})
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	left := max(0, changes-o.Most)
	t := newTranslation(w.trace, name, known, left, o.Lanes)
	if err := each(r, t.event); err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	t.end()
	return Part{changes - left, left, time.Duration(t.now - t.base), t.laneless, int64(t.base)}, w.trace.Flush()
}

// each reads a trace to its end.
func each(r io.Reader, do func(trace.Event)) error {
	in, err := trace.NewReader(r)
	if err != nil {
		return err
	}
	for {
		e, err := in.ReadEvent()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		do(e)
	}
}
