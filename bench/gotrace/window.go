package gotrace

import (
	"golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

// A record is what is kept of an event until it is known whether it is among the last ones.
type record struct {
	at       int64
	id       int64 // of the goroutine; of Heap the bytes
	slot     int32 // of the goroutine; noSlot if the event is of none
	proc     int32 // below 0 if it is of none
	text     int32 // the word of a range or a region; of a change what it waits for
	kind     transitions.Kind
	from, to trace.GoState
}

// noSlot is the slot of an event without a goroutine.
const noSlot = -1

// ends reports whether a goroutine ends.
func (k *record) ends() bool { return k.kind == transitions.Change && k.to == trace.GoNotExist }

// A window keeps the last records, in a circle, up to a number of changes of goroutines. It
// gives those that leave it to forget.
type window struct {
	records []record
	at, n   int // where the first is, and how many there are
	changes int // among them
	gone    int // how many have left
	left    int // changes among those
	most    int // changes
	forget  func(record)
}

// othersPerChange is how many records there may be for each change that is kept: a trace may
// have regions and nothing else.
const othersPerChange = 4

// leastRecords is how many records are kept in any case.
const leastRecords = 10_000

func newWindow(most int, forget func(record)) *window {
	return &window{most: most, forget: forget, records: make([]record, 1024)}
}

// add adds a record, and lets others leave.
func (w *window) add(k record) {
	if w.n == len(w.records) {
		w.grow()
	}
	w.records[(w.at+w.n)&(len(w.records)-1)] = k
	w.n++
	if k.kind == transitions.Change {
		w.changes++
	}
	for w.changes > w.most || w.n > leastRecords && w.n/othersPerChange > w.most {
		w.leave()
	}
}

// grow doubles the circle, whose length is a power of two.
func (w *window) grow() {
	more := make([]record, 2*len(w.records))
	n := copy(more, w.records[w.at:])
	copy(more[n:], w.records[:w.at])
	w.records, w.at = more, 0
}

// leave gives the first record away.
func (w *window) leave() {
	k := w.records[w.at]
	w.at = (w.at + 1) & (len(w.records) - 1)
	w.n--
	w.gone++
	if k.kind == transitions.Change {
		w.changes--
		w.left++
	}
	w.forget(k)
}

// first is the first record; nil if there is none.
func (w *window) first() *record {
	if w.n == 0 {
		return nil
	}
	return &w.records[w.at]
}

// each calls do with every record in order.
func (w *window) each(do func(*record)) {
	for i := range w.n {
		do(&w.records[(w.at+i)&(len(w.records)-1)])
	}
}
