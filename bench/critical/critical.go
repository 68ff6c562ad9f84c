// Package critical finds the critical path of a Go execution trace: the chain of goroutines,
// locks and wake-ups that the run waited for. To shorten what is not on it does not make
// the run shorter.
//
//	path, err := critical.Find(trace, critical.Options{Temp: dir})
//
// # How
//
// The path is followed backwards from the moment at which the run ends, in the goroutine that
// ended it. While a goroutine runs, the path stays in it. Before that it was runnable, and
// that is on the path; before that it waited. If another goroutine let it go on (released
// the lock, sent on the channel, ended the WaitGroup, created it), the path goes on in that
// one, at that moment: what the first one did before it waited is not on the path. If nobody
// did, as with a timer, the waiting itself is on it.
//
// The end is that of the timed region, see [Find], or where the last goroutine of the program
// stops to run. The path covers the time from the begin of the region, or of the trace, to
// there without a gap.
//
// Source: C. Q. Yang, B. P. Miller, Critical Path Analysis for the Execution of Parallel and
// Distributed Programs, ICDCS 1988; the backward replay is that of J. K. Hollingsworth,
// Critical Path Profiling of Message Passing and Shared-Memory Programs, IEEE TPDS 9(10), 1998.
package critical

import (
	"cmp"
	"slices"

	"golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

// Options steer [Find]. The zero value is the default.
type Options struct {
	// Temp is a directory for a temporary file, which is removed: some 10 bytes for every time
	// that a goroutine begins to run. "" is the system's.
	Temp string
	// Segments is how many segments of the path are kept, the last ones; 0 is 100000. The
	// parts count all of them.
	Segments int
}

// A Kind says what a goroutine does on the path.
type Kind string

const (
	Running  Kind = "running"
	Runnable Kind = "runnable" // it could run, and no processor has taken it yet
	Waiting  Kind = "waiting"  // for nobody: a timer, the network, a system call
)

// A Segment is a stretch of the path in one goroutine.
type Segment struct {
	Goroutine trace.GoID
	Name      string // of the goroutine: its outermost function
	Kind      Kind
	From, To  int64  // ns on the clock of the trace
	Reason    string // of Waiting: "sleep"; of Running, why it hands over to the next segment: "sync", "chan receive"
	// Where is the function and the line at which the segment ends: where a running goroutine
	// let the next one go on, or began to wait; "" if unknown.
	Where string
}

// A Part is the segments of one place together.
type Part struct {
	Name   string
	Kind   Kind
	Reason string
	Where  string
	Time   int64 // ns
	Count  int   // of segments
}

// A Path is the critical path.
type Path struct {
	From, To int64     // ns on the clock of the trace: what it covers
	Begin    int64     // of the trace
	Segments []Segment // in order of time; the last ones if there are too many
	Dropped  int       // how many before them
	Parts    []Part    // the longest first; they add up to To − From
}

// A partKey tells parts apart, by the numbers of words: a path may have 100 million segments.
type partKey struct {
	name, reason, where int32
	kind                Kind
}

// parts sums up segments.
type parts struct {
	tables *transitions.Tables
	index  map[partKey]int
	list   []Part
}

func (p *parts) add(name int32, k Kind, reason, where int32, time int64) {
	key := partKey{name, reason, where, k}
	i, ok := p.index[key]
	if !ok {
		i = len(p.list)
		p.index[key] = i
		p.list = append(p.list, Part{Name: p.tables.Word(name), Kind: k, Reason: p.tables.Word(reason), Where: p.tables.Word(where)})
	}
	p.list[i].Time += time
	p.list[i].Count++
}

// sorted are the parts, the longest first.
func (p *parts) sorted() []Part {
	slices.SortFunc(p.list, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Where, b.Where), cmp.Compare(a.Reason, b.Reason))
	})
	return p.list
}
