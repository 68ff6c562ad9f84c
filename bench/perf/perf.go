// Package perf reads the hardware counters of this process: instructions and
// processor cycles, over all its threads.
//
// With them the time that work takes splits into the factors of the iron law,
//
//	time = instructions × cycles per instruction × seconds per cycle
//
// They come from Linux perf events. Many virtual machines and containers offer
// none: then [Open] says why, in words for the user of the program. Nothing is
// ever changed to get them.
//
// Source: perf_event_open(2). The iron law: J. S. Emer, D. W. Clark, A
// Characterization of Processor Performance in the VAX-11/780, ISCA 1984.
package perf

import (
	"errors"
	"time"

	"amdahl/bench/contract"
)

// A Reading is what the process has used since [Open]. Its numbers never fall
// from one Reading to the next.
type Reading struct {
	Instructions uint64        // retired
	Cycles       uint64        // of the processors, while they ran this process
	TaskClock    time.Duration // CPU time, user and kernel, of the same threads

	// UserOnly says that instructions and cycles inside the kernel are left
	// out, because it does not let this process count them.
	UserOnly bool

	// Running is the share of the CPU time in which the hardware counted, in
	// [0, 1]. It is 1 unless other programs take turns with the counters, or
	// the processor has cores of two kinds, of which one kind counts. Counts
	// are scaled up for the rest of the time.
	Running float64
}

// Kernel says in one word what is counted: "user+kernel" or "user".
func (r Reading) Kernel() string {
	if r.UserOnly {
		return contract.PerfUser
	}
	return contract.PerfKernel
}

// ErrUnsupported is wrapped by every error of [Open] that says that there are
// no counters here, or none for this process.
var ErrUnsupported = errors.New("no hardware counters")

// An Error says why there are no counters.
type Error struct {
	Reason string // one line: what is missing, and what the user can do about it
	Err    error  // what the system said; nil if it said nothing
}

func (e *Error) Error() string { return "perf: " + e.Reason }

// Unwrap makes the error [ErrUnsupported], and what the system said.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{ErrUnsupported}
	}
	return []error{ErrUnsupported, e.Err}
}
