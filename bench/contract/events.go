package contract

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// An Event is one of the Trace Event Format.
type Event struct {
	Name, Cat string // "" is none
	Phase     Phase
	At        time.Duration // since the begin of its operation or run, from 0
	Length    time.Duration // of a Complete slice
	Track     Track
	Flow      int // number of a flow; 0 is none
	Args      map[string]any
}

// A Phase is the kind of an event.
type Phase string

const (
	Complete  Phase = "X" // a slice with its length
	Begin     Phase = "B" // of a slice, which the next End of the track ends
	End       Phase = "E"
	FlowStart Phase = "s"
	FlowEnd   Phase = "f" // binds to the slice that it stands in
	Counter   Phase = "C"
	Metadata  Phase = "M"
)

// A Track is a row of a trace: a thread of a process. Their numbers are made up
// by the Writer. The zero Track is none.
type Track struct{ PID, TID int }

// A Writer writes one trace: a JSON array of events. It is for one goroutine,
// and buffers what it writes. After an error of writing, every Flush gives it;
// Close does, unless a Flush has.
type Writer struct {
	w          *bufio.Writer
	do         func(Event) // gets the events instead of w, if it is not nil
	err        error
	told       bool // Flush has given the error
	line       []byte
	events     int
	ids        int // numbers of processes, threads and flows that were given out
	operations int
}

// NewWriter begins a trace in w. The caller closes the Writer, which ends the
// array, and then w. A file that was not ended still opens.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, 1<<16)} }

// NewEvents is a Writer that writes nothing: it calls do with each event.
func NewEvents(do func(Event)) *Writer {
	return &Writer{w: bufio.NewWriterSize(io.Discard, 16), do: do}
}

// ID gives out a number that nothing else of the file has.
func (w *Writer) ID() int {
	w.ids++
	return w.ids
}

// Process makes the row of a process and returns its number.
func (w *Writer) Process(name string) (pid int) {
	pid = w.ID()
	for _, e := range processRows(pid, name) {
		w.Event(e)
	}
	return pid
}

func processRows(pid int, name string) []Event {
	return named(Track{pid, pid}, "process", name, pid)
}

// Run makes the two processes of a run, see [RowsProcessors]. leftOut is how many
// changes of goroutines' states before the first event are not in the file.
func (w *Writer) Run(name string, leftOut int) (processors, goroutines int) {
	var pids [2]int
	for i, rows := range []string{RowsProcessors, RowsGoroutines} {
		pids[i] = w.ID()
		events := processRows(pids[i], name+RowsOf+rows)
		if leftOut > 0 {
			events[0].Args[ArgLeftOut] = leftOut
		}
		for _, e := range events {
			w.Event(e)
		}
	}
	return pids[0], pids[1]
}

// Thread makes the row of a thread of a process. Threads stand in the order of
// sort.
func (w *Writer) Thread(pid int, name string, sort int) Track {
	to := Track{pid, w.ID()}
	for _, e := range named(to, "thread", name, sort) {
		w.Event(e)
	}
	return to
}

// named is the events that name a row, "process" or "thread", and give its place.
func named(to Track, what, name string, sort int) []Event {
	return []Event{
		{Name: what + "_name", Phase: Metadata, Track: to, Args: map[string]any{"name": name}},
		{Name: what + "_sort_index", Phase: Metadata, Track: to, Args: map[string]any{"sort_index": sort}},
	}
}

// Event writes one event.
func (w *Writer) Event(e Event) {
	if w.do != nil {
		w.do(e)
		return
	}
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
		w.err = fmt.Errorf("trace: writing: %w", err)
	}
}

var errClosed = errors.New("the trace is closed")

// Flush writes what is buffered.
func (w *Writer) Flush() error {
	if err := w.w.Flush(); w.err == nil && err != nil {
		w.err = fmt.Errorf("trace: writing: %w", err)
	}
	w.told = w.err != nil
	return w.err
}

// Close ends the array. Nothing can be written after that.
func (w *Writer) Close() error {
	if w.events == 0 {
		w.write([]byte("["))
	}
	w.write([]byte("\n]\n"))
	if w.told {
		return nil
	}
	err := w.Flush()
	w.err = cmp.Or(w.err, errClosed)
	return err
}

// append appends the event as JSON. A trace has many, and encoding/json is slow
// for whole ones.
func (e *Event) append(b []byte) []byte {
	b = append(b, '{')
	if e.Name != "" {
		b = append(append(append(b, `"name":`...), asJSON(e.Name)...), ',')
	}
	if e.Cat != "" {
		b = append(append(append(b, `"cat":`...), asJSON(e.Cat)...), ',')
	}
	b = append(append(append(b, `"ph":"`...), e.Phase...), `","ts":`...)
	b = appendMicros(b, e.At)
	if e.Phase == Complete {
		b = appendMicros(append(b, `,"dur":`...), e.Length)
	}
	b = strconv.AppendInt(append(b, `,"pid":`...), int64(e.Track.PID), 10)
	b = strconv.AppendInt(append(b, `,"tid":`...), int64(e.Track.TID), 10)
	if e.Flow != 0 {
		b = strconv.AppendInt(append(b, `,"id":`...), int64(e.Flow), 10)
	}
	if e.Phase == FlowEnd {
		b = append(b, `,"bp":"e"`...)
	}
	if e.Args != nil {
		b = append(append(b, `,"args":`...), asJSON(e.Args)...)
	}
	return append(b, '}')
}

// appendMicros appends a time from 0 in µs with three decimals.
func appendMicros(b []byte, d time.Duration) []byte {
	ns := int64(d)
	b = strconv.AppendInt(b, ns/1000, 10)
	ns %= 1000
	return append(b, '.', byte('0'+ns/100), byte('0'+ns/10%10), byte('0'+ns%10))
}

// asJSON is a string, or names with strings and numbers, as JSON.
func asJSON(v any) []byte {
	t, err := json.Marshal(v)
	if err != nil {
		panic(err) // a caller's bug: args are strings, numbers and booleans
	}
	return t
}
