package procpool

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// An attack is something that a user, a worker, the system or another pool may
// do, after which calls must still return and other tasks be as they were.
// What it says is printed; it fails by itself if the outcome is wrong.
type attack struct {
	name string
	on   []Transport
	run  func(t *testing.T, tr Transport) (outcome string)
}

var attacks = []attack{
	{"errors of every nasty sort", everywhere, attackErrors},
	{"nil context, recovered", everywhere, attackNilContext},
	{"context whose methods panic", everywhere, attackPanickingContext},
	{"context whose cause cannot be compared", everywhere, attackCause},
	{"stopped worker, a frame taken back, then calls and Close", processes, attackStopped},
	{"worker stops while it answers, Call", processes, attackStopMid},
	{"worker stops while it answers, Submit", processes, attackStopMidSubmit},
	{"worker stopped while it starts", processes, attackStopStarting},
	{"worker stopped while it starts, and one fewer wanted", processes, attackStopSurplus},
	{"writer that blocks, and another pool", processes, attackStuckWriter},
	{"standard error is a pipe that nobody reads", processes, attackStuckFile},
	{"two pools with one writer that panics", processes, attackPanickingWriter},
	{"a third process holds the descriptors", processes, attackHeldDescriptors},
	{"chunk of MaxInt", everywhere, attackMaxChunk},
	{"junk on every descriptor", processes, attackJunk},
	{"junk that looks like a frame", processes, attackJunkHeader},
	{"input that waits for a result", everywhere, attackSlowInput},
	{"input that never comes", everywhere, attackNoInput},
	{"input that calls Goexit", everywhere, attackGoexitInput},
	{"task that uses its own pool", []Transport{Goroutines}, attackOwnPool},
	{"pools and functions that are zero", everywhere, attackZero},
	{"encoder that never returns", processes, attackStuckEncoder},
	{"encoder that takes its time", processes, attackSlowEncoder},
	{"decoder that never returns", processes, attackStuckDecoder},
	{"decoder of an error that never returns", processes, attackStuckErrorDecoder},
	{"codec that returns nonsense", processes, attackCodec},
	{"finished tasks of a chunk whose worker dies", processes, attackChunk},
	{"task that ignores its context", everywhere, attackIgnores},
	{"Cancel after the task has obeyed with a result", everywhere, attackCancel},
	{"shortage of processes that comes and goes", processes, attackShortage},
	{"process that cannot be killed", processes, attackUnkillable},
	{"worker's own children", processes, attackChildren},
	{"Broadcast that nobody hears", everywhere, attackBroadcast},
	{"Close, Terminate and Resize while it starts", everywhere, attackEndWhileStarting},
	{"storm of cancels", everywhere, attackCancelStorm},
	{"callbacks that block, panic and call Goexit", everywhere, attackCallbacks},
}

// attacksAlone change what all share.
var attacksAlone = []string{
	"shortage of processes that comes and goes", "process that cannot be killed", "worker stopped while it starts", "worker stopped while it starts, and one fewer wanted", "junk that looks like a frame",
	"encoder that never returns", "decoder that never returns", "decoder of an error that never returns", "task that uses its own pool",
}

// TestAttacks runs every attack on each of its transports. The limits are
// watchdogs, not measurements.
func TestAttacks(t *testing.T) {
	for _, name := range attacksAlone {
		if !slices.ContainsFunc(attacks, func(a attack) bool { return a.name == name }) {
			t.Errorf("there is no attack %q", name)
		}
	}
	run := func(t *testing.T, a attack, tr Transport, before func(*testing.T)) {
		t.Run(fmt.Sprintf("%s/%v", a.name, tr), func(t *testing.T) {
			before(t)
			t.Log(a.run(t, tr))
		})
	}
	for _, a := range attacks {
		for _, tr := range a.on {
			if slices.Contains(attacksAlone, a.name) {
				run(t, a, tr, func(t *testing.T) { guardTest(t) })
			}
		}
	}
	t.Run("together", func(t *testing.T) {
		guardTest(t)
		for _, a := range attacks {
			for _, tr := range a.on {
				if !slices.Contains(attacksAlone, a.name) {
					run(t, a, tr, func(t *testing.T) { t.Parallel() })
				}
			}
		}
	})
}

// within fails the test if f does not return. How soon it does is measured by
// package poolmodel, on a quiet machine.
func within(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(2 * enough):
		buf := make([]byte, 1<<20)
		t.Fatalf("%s hangs\n%s", what, buf[:runtime.Stack(buf, true)])
	}
}

// attackGrace is for workers that will not obey. Healthy ones that are too slow for it are
// replaced, which loses nothing.
const attackGrace = 100 * time.Millisecond

func limited(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
