package poolmodel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool"
)

// A kind is what a task does.
type kind int

const (
	fine      kind = iota // returns its number
	fails                 // returns an error
	panics                // panics with an error whose Error panics
	exits                 // runtime.Goexit
	dies                  // ends its process
	obeys                 // waits for long, or for its context
	stubborn              // sleeps for a while, whatever happens
	prints                // 100 kB to standard error
	wide                  // returns 300 kB
	badArg                // its argument cannot be encoded
	badResult             // its result cannot be decoded
	kinds
)

var kindNames = []string{"fine", "fails", "panics", "exits", "dies", "obeys", "stubborn", "prints", "wide", "badArg", "badResult"}

func (k kind) String() string { return kindNames[k] }

// A task is an argument; its number is also its place in the counts.
type task struct {
	Kind   kind
	Number int
}

var errModel = procpool.RegisterSentinel("poolmodel", errors.New("the task failed as told"))

// counts says how often each task has begun, in memory that all processes
// share.
var counts atomic.Pointer[[]uint32]

const mostTasks = 1 << 14

type table struct{ Counts *procpool.Array[uint32] }

var setUp = procpool.Register("poolmodel.setup/v1", func(_ context.Context, t table) (int, error) {
	if isWorker { // else it is set already
		kept = t.Counts
		s := t.Counts.Slice()
		counts.Store(&s)
	}
	return 0, nil
})

// kept keeps the array, and with it its slice.
var kept *procpool.Array[uint32]

// awful is an error whose Error panics.
type awful struct{}

func (*awful) Error() string { panic("in Error") }

func begin(t task) { atomic.AddUint32(&(*counts.Load())[t.Number], 1) }

// do does what a task is to do, and returns its result.
func do(ctx context.Context, t task) (int, error) {
	begin(t)
	switch t.Kind {
	case fails:
		return 0, fmt.Errorf("wrapped: %w", errModel)
	case panics:
		panic(&awful{})
	case exits:
		runtime.Goexit()
	case dies:
		os.Exit(3)
	case obeys:
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Minute):
		}
	case stubborn:
		time.Sleep(60 * time.Millisecond)
	case prints:
		if !isWorker {
			break // it would be the standard error of the test
		}
		fmt.Fprint(os.Stderr, strings.Repeat("x", 100_000))
	}
	return result(t.Number), nil
}

func result(number int) int { return number*number + 1 }

// run is a task as its memory: the quickest way.
var run = procpool.Register("poolmodel.run/v1", do)

// text is a task whose result is a long text.
var text = procpool.Register("poolmodel.text/v1", func(ctx context.Context, t task) (string, error) {
	n, err := do(ctx, t)
	if err != nil {
		return "", err
	}
	return strings.Repeat(fmt.Sprintf("%d,", n), 50_000), nil
})

// A parcel goes through gob, and fails on the way if it is told to.
type parcel struct {
	Task   task
	Notes  []string
	Broken spring
}

// A spring fails when it is encoded or decoded.
type spring struct{ When string }

func (s spring) GobEncode() ([]byte, error) {
	switch s.When {
	case "encode":
		return nil, errors.New("cannot be encoded")
	case "encode panic":
		panic("cannot be encoded")
	}
	return []byte(s.When), nil
}

func (s *spring) GobDecode(b []byte) error {
	if s.When = string(b); s.When == "decode" && !isWorker {
		return errors.New("cannot be decoded")
	}
	return nil
}

var isWorker = os.Getenv("PROCPOOL_WORKER") != ""

var post = procpool.Register("poolmodel.post/v1", func(ctx context.Context, p parcel) (parcel, error) {
	n, err := do(ctx, p.Task)
	if err != nil {
		return parcel{}, err
	}
	p.Notes = append(p.Notes, fmt.Sprint(n))
	if p.Task.Kind == badResult {
		p.Broken.When = "decode"
	}
	return p, nil
})

// pack makes the parcel of a task.
func pack(t task) parcel {
	p := parcel{Task: t, Notes: []string{"a", "b"}}
	if t.Kind == badArg {
		p.Broken.When = []string{"encode", "encode panic"}[t.Number%2]
	}
	return p
}
