package procpool

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// A gate holds a task, in whatever process it runs, until the test opens the gate. Tests
// know by it that a task has begun, and that it has not ended, however slow the machine is.
type gate int

// gatesVariable names the directory of the gates, in this process and in workers.
const gatesVariable = "PROCPOOL_TEST_GATES"

var gates atomic.Int64

// newGate makes a gate, which opens at the end of the test.
func newGate(t testing.TB) gate {
	g := gate(gates.Add(1))
	t.Cleanup(g.open)
	return g
}

func (g gate) file(what string) string {
	return filepath.Join(os.Getenv(gatesVariable), fmt.Sprint(int(g), what))
}

// begun reports whether a task has come to the gate.
func (g gate) begun() bool { return exists(g.file("begun")) }

// open lets the task go on.
func (g gate) open() { os.WriteFile(g.file("open"), nil, 0o600) }

// reached waits until a task has come to the gate.
func (g gate) reached(t testing.TB) {
	t.Helper()
	eventually(t, "a task has begun", g.begun)
}

// pass is the task's side of a gate.
func (g gate) pass(ctx context.Context) error {
	if err := os.WriteFile(g.file("begun"), nil, 0o600); err != nil {
		return err
	}
	for !exists(g.file("open")) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

var (
	// stubborn waits at the gate whatever happens to its context.
	stubborn = Register("stubborn/v1", func(_ context.Context, g gate) (gate, error) { return g, g.pass(context.Background()) })
	// obeying ends with its context.
	obeying = Register("obeying/v1", func(ctx context.Context, g gate) (gate, error) { return g, g.pass(ctx) })
	// leaveBomb returns at once, and when a task comes to the gate its process ends.
	leaveBomb = Register("leavebomb/v1", func(_ context.Context, g gate) (gate, error) {
		go func() {
			for !g.begun() {
				time.Sleep(time.Millisecond)
			}
			os.Exit(0)
		}()
		return g, nil
	})
)
