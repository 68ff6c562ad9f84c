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
// A trace is read once, by package transitions, and only its last part is kept in memory: of
// what came before, the state that it left behind. So the memory does not grow with the length
// of the trace.
//
// Slices nest: they are pairs of B and E in order of time, and what outlasts the
// slice it is in goes on in the next one. Times are since the begin of each trace.
package gotrace

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
)

// Options steer [Writer.Add]. The zero value is the default.
type Options struct {
	// Most is how many changes of goroutines' states to keep: the last ones.
	// Each takes some 600 bytes in a file, and some 40 in memory. 0 is 50000.
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

// Add adds the trace in r, which it reads once, under a name. After an error of reading,
// nothing of this trace is in the file.
func (w *Writer) Add(name string, r io.Reader, o Options) (Part, error) {
	in, err := transitions.NewFullReader(r)
	if err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	run := w.Run(name, in.Tables, o)
	if err := in.Each(run.Event); err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	return run.End(in.Span())
}

// A Run is a trace that is being added, event by event. It is for somebody who needs the
// events of one reading for more than this.
type Run struct {
	w      *contract.Writer
	name   string
	window *window
	names  *names
	t      *translation
	reason []int32 // by the number of a stack: the word for what waits there for package sync; 0 if not known yet
}

// Run begins one. The events are those of a full reader with these tables.
func (w *Writer) Run(name string, t *transitions.Tables, o Options) *Run {
	r := &Run{w: w.trace, name: name, names: newNames(t)}
	r.t = newTranslation(w.trace, r.names, cmp.Or(o.Lanes, 500))
	r.window = newWindow(cmp.Or(o.Most, 50_000), r.forget)
	return r
}

// Event takes the next event. The error is always nil: nothing is written yet.
func (r *Run) Event(e *transitions.Event) error {
	r.names.learn(e)
	k := record{at: e.Time, kind: e.Kind, from: e.From, to: e.To, proc: e.Proc, slot: noSlot, text: e.Text}
	if e.G != nil {
		k.id, k.slot = int64(e.G.ID), int32(e.G.Slot)
	}
	switch e.Kind {
	case transitions.Log, transitions.Sample:
		return nil
	case transitions.Change:
		k.text = r.reasonOf(e)
	case transitions.Heap:
		k.id = int64(e.Bytes)
	}
	r.window.add(k)
	return nil
}

// forget takes an event that is not among the last ones.
func (r *Run) forget(k record) {
	r.t.event(&k)
	if k.ends() {
		r.names.forget()
	}
}

// End writes the run, of a trace that began and ended at these times.
func (r *Run) End(begin, end int64) (Part, error) {
	r.t.now = begin
	if first := r.window.first(); r.window.gone > 0 && first != nil {
		r.t.now = first.at
	}
	r.t.begin(r.name, r.window.left)
	r.window.each(r.t.event)
	r.t.now = max(r.t.now, end)
	r.t.end()
	return Part{r.window.changes, r.window.left, time.Duration(r.t.now - r.t.base), r.t.laneless, r.t.base}, r.w.Flush()
}
