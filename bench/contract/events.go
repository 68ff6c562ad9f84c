package contract

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// processRows names the row of a process.
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
	text, err := e.MarshalJSON()
	if err != nil {
		panic(err) // a caller's bug: args are strings, numbers and booleans
	}
	w.write(separator)
	w.write(string(text))
}

func (w *Writer) write(text string) {
	if w.err != nil {
		return
	}
	if _, err := w.w.WriteString(text); err != nil {
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
		w.write("[")
	}
	w.write("\n]\n")
	if w.told {
		return nil
	}
	err := w.Flush()
	w.err = cmp.Or(w.err, errClosed)
	return err
}

// MarshalJSON writes the event as the Trace Event Format has it: times in µs with
// three decimals.
func (e Event) MarshalJSON() ([]byte, error) {
	out := struct {
		Name   string         `json:"name,omitempty"`
		Cat    string         `json:"cat,omitempty"`
		Phase  Phase          `json:"ph"`
		At     json.Number    `json:"ts"`
		Length json.Number    `json:"dur,omitempty"`
		PID    int            `json:"pid"`
		TID    int            `json:"tid"`
		Flow   int            `json:"id,omitempty"`
		Bind   string         `json:"bp,omitempty"`
		Args   map[string]any `json:"args,omitzero"`
	}{Name: e.Name, Cat: e.Cat, Phase: e.Phase, At: micros(e.At), PID: e.Track.PID, TID: e.Track.TID, Flow: e.Flow, Args: e.Args}
	switch e.Phase {
	case Complete:
		out.Length = micros(e.Length)
	case FlowEnd:
		out.Bind = "e"
	}
	return json.Marshal(out)
}

// micros is a time from 0 in µs with three decimals.
func micros(d time.Duration) json.Number {
	return json.Number(fmt.Sprintf("%d.%03d", d/time.Microsecond, d%time.Microsecond))
}
