// Package workloads holds what is run: synthetic work that computes and
// synthetic work that waits, cut into tasks.
//
// A task is an index: index in, number out. Equal options and an equal index
// give an equal number in every process, so any strategy can run any task
// anywhere, and the sum over all tasks tells whether each ran exactly once.
package workloads

import (
	"context"
	"time"

	"amdahl/workloads/cores"
)

// Bound says what a workload waits for when it is slow.
type Bound string

const (
	CPU Bound = "cpu" // computes: faster with more processors
	IO  Bound = "io"  // waits: faster with more concurrency
)

// A Workload is one entry of [All]. [Workload.Open] opens it; its functions
// New and Share are called with options that are checked and complete.
type Workload struct {
	Name     string // one word, as in workload=hash
	Doc      string // one line
	Bound    Bound
	Idle     bool   // computes nothing at all: no model of cores makes a difference
	Size     int    // the size used when Options.Size is 0
	MaxSize  int    // the largest size; the smallest is 1
	SizeUnit string // what Size counts, for example "bytes"; "microseconds" if the size is a time

	// TestSize keeps a test fast. A task of size TestLarge looks at its
	// context more than once, or waits longer than a test does.
	TestSize, TestLarge int

	// Variants are kinds of this work to compare, by name; the first is the
	// default. Nil is a workload of one kind.
	Variants []string

	// Skewed says that tasks can differ in length: see [Options.Skew].
	Skewed bool

	// Cost is about what a task of the default size takes by itself, opened
	// and warm, on the processors of 2023. Sweeps are planned by it.
	Cost time.Duration
	// AtOnce is how many tasks the workload's own bottleneck lets go on at a time,
	// such as one that writes to a database; 0 is any number. Sweeps are planned
	// by it, nothing enforces it.
	AtOnce int
	// Ends is what the workload is meant to show at the end of its scaling, in
	// a few words: "memory bandwidth". Whether a machine shows it is measured.
	Ends string
	// Loss names the part of the workers' time that grows at that end, as the
	// account of "bench -why" calls it: "gc". It is "" where no part does, as where
	// the processors are just full. LossUnder is the strategy that shows it; "" is
	// fixed.
	Loss, LossUnder string
	// Lengths is a word for how the tasks of the workload differ in length by
	// themselves, "" for equal ones: "rows". It stands in names as skew=rows. A tenth
	// of such tasks is no tenth of the work, so no serial part is planted.
	Lengths string
	// Whole says that no serial part is planted unless one is asked for: it would
	// hide the workload's own bottleneck.
	Whole bool
	// Sweeps names the sweeps of bench that measure the workload: under all
	// strategies of the sweep ("full") or under one of them ("full/fixed").
	// With none it is measured where it is asked for by name.
	Sweeps []string

	// Missing says why a variant ("" where there are none) cannot run on this
	// machine, and what to do about it; "" if it can. A nil Missing means that
	// all can.
	Missing func(variant string) string

	// Share makes what all processes share (a scratch directory, a server)
	// and notes it in the options, which then hold everything that New
	// needs, here or in another process. It is called once, by the process
	// that measures; release undoes it. A nil Share means that nothing is
	// shared.
	Share func(ctx context.Context, o *Options) (release func() error, err error)

	// New makes the job in this process.
	New func(o Options) (Job, error)
}

// Options are the knobs of a workload. The zero value means the defaults.
type Options struct {
	Size    int    // the workload's one size knob, in its SizeUnit; 0 is its default
	Seed    uint64 // seed of all data; 0 means 1
	Variant string // one of the workload's Variants; "" is the first

	// Locked is the share of every task's compute that runs under one lock,
	// in [0, 1]: a planted critical section. A task is then m tasks of the
	// workload (see locked.go), Locked·m of them under the lock. The lock is
	// this job's; other processes have their own.
	Locked float64

	// Skew is how the lengths of tasks are distributed, one of [Skews]; "" is
	// the first, equal lengths. Their mean is what Size says. Only workloads
	// that are Skewed have another one, and none with a planted lock.
	Skew string

	Dir   string      // scratch directory; "" makes a temporary one (Share)
	Addr  string      // address of the helper server; "" starts one (Share). May hold a password: never shown
	Cores cores.Cores // what compute runs on; nil is cores.Real

	// CoresName is the name of the model of Cores, as in cores=real, and
	// Procs how many of them there are; 0 sets no bound. They say to Open and
	// to other processes what to open; "" is real. Cores themselves cannot
	// be sent.
	CoresName string
	Procs     int

	// Child starts a helper process with the given role and argument, waits
	// for the one line that it prints when ready, and returns that line and
	// a function that ends it. It is given by the program that measures; no
	// part of a spec.
	Child func(ctx context.Context, role, arg string) (ready string, stop func() error, err error)
}

// A Job is a workload opened in one process.
type Job interface {
	// Do runs task i and returns a number that depends on all its work and
	// on nothing but the options and i. It is called from many goroutines
	// at once and returns soon after ctx ends.
	Do(ctx context.Context, i int) (sum uint64, err error)

	// Close frees what New took. Whoever called Open calls it, once, when
	// no Do is running.
	Close() error
}

// A Counter is a Job that counts something about its tasks beyond their
// number. Counters returns running totals by unit, in the form of benchmark
// metrics (for example "slept-ns"); it may be called while tasks run.
type Counter interface {
	Counters() map[string]int64
}
