// Package cores says what the compute part of a task runs on.
//
// A workload marks its compute with [Cores.Compute]; everything outside it
// is waiting. The model decides what a section of compute may use: real
// processors, or something slower that shows a lesson.
package cores

import "context"

// Cores is what the compute of one process runs on. Compute may be called
// from many goroutines at once. Whoever opened the Cores closes it, after
// the last Compute has returned.
type Cores interface {
	// Compute runs f, which must not wait for anything, on one core. It
	// returns an error, without having run f, only if ctx ends before a core
	// is free.
	Compute(ctx context.Context, f func()) error
	Close() error
}

// A Model is one entry of [All]: a name for cores=, and how to open it.
type Model struct {
	Name string // as in cores=real
	Doc  string // one line
	Open func() (Cores, error)
}

// All lists the models. To add one, write one file and one line here.
var All = []Model{Real}

// Real runs compute at once on the processors of the machine. It adds one
// call through an interface to a section and never returns an error.
var Real = Model{
	Name: "real",
	Doc:  "the processors of the machine, as they are",
	Open: func() (Cores, error) { return realCores{}, nil },
}

type realCores struct{}

func (realCores) Compute(_ context.Context, f func()) error { f(); return nil }
func (realCores) Close() error                              { return nil }
