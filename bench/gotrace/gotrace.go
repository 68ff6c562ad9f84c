// Package gotrace turns Go execution traces into Chrome trace events, which
// ui.perfetto.dev and chrome://tracing open: who did what when, per processor
// and per goroutine.
//
//	w := gotrace.NewWriter(file)
//	part, err := w.Add("cpu=4", trace, gotrace.Options{}) // one run below the other
//	err = w.Close()
//
// Every trace makes two rows of processes. "processors" has a thread per
// processor of Go (P) with a slice for each stretch that a goroutine ran there, one
// for the phases of the garbage collector, and the counters "goroutines"
// (running, runnable) and "heap" (bytes). Where a processor has no slice, no Go
// code ran there: it was idle, or in a system call. "goroutines" has a thread
// per lane, which goroutines use one after another: a slice for the life of each, and
// in it one for each state: running, runnable, system call, waiting and for
// what. What the runtime calls ranges (mark assist, stop the world) and the
// program's regions (runtime/trace) are slices within running.
//
// Slices nest: they are pairs of B and E in order of time, and what outlasts the
// slice it is in goes on in the next one. ts is in µs with three decimals, from
// the begin of each trace.
//
// Sources: Trace Event Format (Google); Perfetto, "Visualizing external trace
// formats"; golang.org/x/exp/trace, which reads the traces of Go 1.11 and later.
package gotrace

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"golang.org/x/exp/trace"
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
}

// A Writer writes one JSON array. It is for one goroutine.
type Writer struct {
	w      *bufio.Writer
	err    error // of the first write that failed
	line   []byte
	events int
	ids    int // of processes and threads, given out
}

// NewWriter begins an array in w. The caller closes the Writer, which ends it,
// and then what is behind w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, 1<<16)} }

// Close ends the array. It gives the first error of writing.
func (w *Writer) Close() error {
	if w.events == 0 {
		w.write([]byte("["))
	}
	w.write([]byte("\n]\n"))
	if err := w.w.Flush(); w.err == nil && err != nil {
		w.err = fmt.Errorf("gotrace: writing: %w", err)
	}
	err := w.err
	w.err = cmp.Or(w.err, errors.New("gotrace: the writer is closed"))
	return err
}

// Add adds the trace in r, which it reads twice, under a name. After an error
// of reading, what came before it is in the array.
func (w *Writer) Add(name string, r io.ReadSeeker, o Options) (Part, error) {
	o.Most, o.Lanes = cmp.Or(o.Most, 50_000), cmp.Or(o.Lanes, 500)
	changes := 0
	err := each(r, func(e trace.Event) {
		if _, ok := change(e); ok {
			changes++
		}
	})
	if err == nil {
		_, err = r.Seek(0, io.SeekStart)
	}
	if err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	t := newTranslation(w, name, o.Lanes)
	t.wait = max(0, changes-o.Most)
	if err := each(r, t.event); err != nil {
		return Part{}, fmt.Errorf("gotrace: %s: %w", name, err)
	}
	t.end()
	return Part{changes - t.left, t.left, time.Duration(t.now - t.base), t.laneless}, w.err
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

// An event is one of the Trace Event Format.
type event struct {
	Ph        string
	Name, Cat string // "" is none
	TS        int64  // ns
	track
	Args map[string]any // nil is none
}

// append appends it as JSON. There are many: encoding/json takes its time for
// whole ones.
func (e *event) append(b []byte) []byte {
	b = append(append(append(b, `{"ph":"`...), e.Ph...), '"')
	if e.Name != "" {
		b = append(append(b, `,"name":`...), text(e.Name)...)
	}
	if e.Cat != "" {
		b = append(append(append(b, `,"cat":"`...), e.Cat...), '"')
	}
	b = strconv.AppendInt(append(b, `,"ts":`...), e.TS/1000, 10)
	ns := e.TS % 1000
	b = append(b, '.', byte('0'+ns/100), byte('0'+ns/10%10), byte('0'+ns%10))
	b = strconv.AppendInt(append(b, `,"pid":`...), int64(e.pid), 10)
	b = strconv.AppendInt(append(b, `,"tid":`...), int64(e.tid), 10)
	if e.Args != nil {
		b = append(append(b, `,"args":`...), text(e.Args)...)
	}
	return append(b, '}')
}

// text is v as JSON: a string, or names and strings and numbers.
func text(v any) []byte {
	t, err := json.Marshal(v)
	if err != nil {
		panic(err) // these are always JSON
	}
	return t
}

func (w *Writer) event(e event) {
	separator := ",\n"
	if w.events++; w.events == 1 {
		separator = "[\n"
	}
	w.line = e.append(append(w.line[:0], separator...))
	w.write(w.line)
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	if _, err := w.w.Write(b); err != nil {
		w.err = fmt.Errorf("gotrace: writing: %w", err)
	}
}

func (w *Writer) id() int {
	w.ids++
	return w.ids
}
