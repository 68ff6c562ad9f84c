// Package trace reads traces: who did what when.
//
//  1. [Read] turns Chrome trace events, in the schema of package contract, into
//     operations of our benchmarks (tasks with their states, on lanes) and runs
//     of any Go program (what each processor and each goroutine did).
//  2. [ledger.Slices] says what each lane of an operation spent its time on.
//  3. [Job] makes a job of an operation for package replay, which asks what if.
//
// Times are whole nanoseconds since the operation or the run began.
package trace

import (
	"time"

	"amdahl/bench/contract"
)

// A Trace is what was read from one file.
type Trace struct {
	Operations []*contract.Operation // in the order of the file; each is sound
	Runs       []*Run                // in the order of the file
	Problems   []error               // what could not be used, with its place
}

// A Run is the execution trace of a Go program, or its last part.
type Run struct {
	Name       string
	LeftOut    int           // changes of goroutines' states before the first event, which are not in the file
	Time       time.Duration // how long it took
	Processors []Row         // Go's processors (P); "garbage collector", with its phases, is the first
	Goroutines []Row         // in the order in which they are first seen

	Critical *CriticalPath // nil if nobody asked for it
}

// A Row is what one processor or one goroutine did, or the garbage collector.
type Row struct {
	Name  string // "P0", "g12 main.work"
	Spans []Span // ascending; no two at a time
}

// A Span is a stretch of a row's time. What a row's spans leave out is idle
// time of a processor, and the time before and after the life of a goroutine.
type Span struct {
	Activity Activity
	From, To time.Duration // From < To
}

// Lasted is the time that the row spent on an activity.
func (r Row) Lasted(a Activity) time.Duration {
	var sum time.Duration
	for _, s := range r.Spans {
		if s.Activity == a {
			sum += s.To - s.From
		}
	}
	return sum
}
