// Package transitions reads from a Go execution trace what its goroutines do: their changes
// of state, the regions that they enter and leave, and what they log; and, if asked, what
// processors, the garbage collector and the heap do. It reads nothing else, and is many times
// as fast as golang.org/x/exp/trace, which reads every event.
//
//	r, err := transitions.NewReader(file)
//	var e transitions.Event
//	for err == nil {
//		if err = r.Read(&e); err == nil {
//			… e.G.ID goes from e.From to e.To
//		}
//	}
//
// # The format
//
// A trace is a header and generations, each of which can be read without the others. A
// generation has batches: the tables of its strings and stacks, the frequency of its clock,
// and for every thread the events of that thread in order. An event is a byte for its kind,
// the time since the event before it, and further numbers, all of them varints. The order of
// events of different threads is by time, unless that contradicts the sequence numbers that
// the starts and the unblockings of a goroutine have: clocks of processors differ a little.
//
// Source: the packages internal/trace and internal/trace/tracev2 of Go 1.26, of which
// golang.org/x/exp/trace is a copy; it reads Go 1.22 to 1.26. Traces of older versions are
// read through that package.
package transitions

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"golang.org/x/exp/trace"
)

// A Kind says what an [Event] tells.
type Kind uint8

const (
	Change      Kind = iota // G goes from one state to another
	RegionBegin             // G enters the region Text
	RegionEnd               // G leaves the region Text
	Log                     // G has logged Text under Category

	// Of NewFullReader alone:
	Idle        // the processor Proc stops to run, or is taken from the system call on it
	RangeBegin  // the runtime begins Text, such as "GC mark assist", in G; in all if G is nil
	RangeActive // it is under way: said again in every generation
	RangeEnd
	Heap   // the heap has Bytes
	Sample // the CPU profile has found G at ByStack
)

// An Event is one thing that a goroutine did, or that was done to it. Numbers of stacks and
// of words are those of the [Tables] of its reader; 0 is no stack, and the empty word.
type Event struct {
	Time     int64 // ns on the clock of the trace; later than that of the event before it
	Kind     Kind
	From, To trace.GoState // of Change
	Proc     int32         // of a full reader: the processor on which it happened; -1 if none or unknown
	G        *Goroutine    // nil only of Idle and Heap, and of a range of the whole program
	By       *Goroutine    // of Change, and of a full reader of all: that ran on the thread that did it; nil if none did
	Stack    int32         // of Change: where G stopped, or where a new G begins
	ByStack  int32         // of Change: where By was
	Reason   int32         // of Change: the word for why G stopped
	Text     int32         // the word of a region, or the message of a log
	Category int32         // of Log
	Bytes    uint64        // of Heap
}

// A Goroutine is one that exists now. It is valid until the [Event] in which it ends has been
// used: then another one gets its slot.
type Goroutine struct {
	ID   trace.GoID
	Slot int // from 0; no two goroutines have one at the same time, so that slices can replace maps

	state trace.GoState
	gen   uint64 // generation in which seq counts
	seq   uint64 // how often it was started or unblocked there
	stops int32  // the word for why it has stopped the world; 0 if it has not
}

// A Frame is a call on a stack.
type Frame struct {
	Function, File string
	Line           int
}

// A Reader reads a trace. It is not for several goroutines at once.
type Reader struct {
	*Tables
	source interface {
		read(*Event) error
		span() (begin, end int64)
	}
}

// NewReader reads the header of a trace. The reader tells what goroutines do.
func NewReader(r io.Reader) (*Reader, error) { return newReader(r, false) }

// NewFullReader is [NewReader] for a reader that tells all kinds of events, which takes
// longer.
func NewFullReader(r io.Reader) (*Reader, error) { return newReader(r, true) }

func newReader(r io.Reader, full bool) (*Reader, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	t := NewTables()
	head, _ := in.Peek(16)
	version := 0
	if n, err := fmt.Sscanf(string(head), "go 1.%d trace\x00\x00\x00", &version); n != 1 || err != nil {
		return nil, errors.New("this is not a Go execution trace: it has no header")
	}
	if version < 22 || version > newest {
		old, err := trace.NewReader(in)
		if err != nil {
			return nil, err
		}
		return &Reader{t, newOldReader(old, t, full)}, nil
	}
	if _, err := in.Discard(len(head)); err != nil {
		return nil, err
	}
	return &Reader{t, newOrder(in, version, t, full)}, nil
}

// Read reads the next event into e. The error is io.EOF at the end of the trace.
func (r *Reader) Read(e *Event) error { return r.source.read(e) }

// Span is when the trace begins and ends, with the events that are not read: valid after
// [Reader.Read] has returned io.EOF.
func (r *Reader) Span() (begin, end int64) { return r.source.span() }

// slots hands out the slots of goroutines.
type slots struct {
	free []int
	next int
}

func (s *slots) take() int {
	if n := len(s.free); n > 0 {
		slot := s.free[n-1]
		s.free = s.free[:n-1]
		return slot
	}
	s.next++
	return s.next - 1
}

func (s *slots) give(slot int) { s.free = append(s.free, slot) }
