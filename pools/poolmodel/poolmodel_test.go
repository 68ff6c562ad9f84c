package poolmodel

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"amdahl/pools/procpool"
)

var soak = flag.Duration("soak", 0, "how long to run random sequences on each transport; 0 is a few")

func TestMain(m *testing.M) {
	procpool.ServeIfWorker()
	os.Exit(m.Run())
}

// transports are those that there are here.
func transports() []procpool.Transport {
	out := []procpool.Transport{procpool.Goroutines}
	for _, tr := range []procpool.Transport{procpool.Ring, procpool.Pipe} {
		if p, err := procpool.Start(context.Background(), procpool.Options{Transport: tr, Lazy: true}); err == nil {
			p.Close()
			out = append(out, tr)
		}
	}
	return out
}

// TestModel runs random sequences. Without -soak nothing is asserted of time
// but that calls return at all.
func TestModel(t *testing.T) {
	for _, tr := range transports() {
		t.Run(tr.String(), func(t *testing.T) {
			var sum tally
			defer func() { fmt.Printf("%v: %v\n", tr, &sum) }()
			flag.Set("rapid.checks", checks)
			for end := time.Now().Add(*soak); ; {
				rapid.Check(t, func(r *rapid.T) {
					pool := [3]int{rapid.IntRange(1, 3).Draw(r, "workers"), rapid.IntRange(0, 1).Draw(r, "policy"), rapid.IntRange(0, 2).Draw(r, "options")}
					steps := rapid.SliceOfN(rapid.Custom(drawStep), 1, 14).Draw(r, "steps")
					if faults := play(tr, pool, steps, &sum); len(faults) > 0 {
						r.Fatalf("%s\n\n%s", strings.Join(faults, "\n"), code(tr, pool, steps))
					}
				})
				if !time.Now().Before(end) {
					break
				}
			}
			if late := sum.late.Load(); *soak > 0 && late > 0 {
				t.Errorf("%d calls returned later than their context, the grace and a second", late)
			}
		})
	}
}

// opNames lists the operations, those that end the pool once and the others
// more often.
var opNames = func() (out []string) {
	for _, name := range slices.Sorted(maps.Keys(operations)) {
		n := 3
		switch name {
		case "close", "closeall", "terminate", "shutdown", "shut":
			n = 1
		case "call", "submit", "map", "mapgob":
			n = 6
		}
		out = append(out, slices.Repeat([]string{name}, n)...)
	}
	return out
}()

func drawStep(t *rapid.T) step {
	return step{
		Op:   rapid.SampledFrom(opNames).Draw(t, "op"),
		Kind: max(0, kind(rapid.IntRange(-int(kinds), int(kinds)-1).Draw(t, "kind"))), // half are fine
		A:    rapid.IntRange(0, 50).Draw(t, "a"),
		B:    rapid.IntRange(0, 12).Draw(t, "b"),
	}
}

// play runs one sequence on a pool of its own and returns what was wrong.
func play(tr procpool.Transport, pool [3]int, steps []step, sum *tally) []string {
	before := traces()
	array, err := procpool.NewArray[uint32](mostTasks)
	if err != nil {
		return []string{err.Error()}
	}
	slice := array.Slice()
	if tr == procpool.Goroutines { // a task may be left behind, and count when the array has gone
		slice = make([]uint32, mostTasks)
	}
	counts.Store(&slice)
	m := &model{tr: tr, retry: pool[1] == 1, gate: newGate(), tally: sum}
	o := procpool.Options{
		Workers: pool[0], Transport: tr, OnDeath: procpool.DeathPolicy(pool[1]), Grace: grace, Stderr: m.gate,
		Init: procpool.Init(setUp, table{array}), Tuning: procpool.Tuning{Retries: 50},
	}
	switch pool[2] {
	case 1:
		o.Lazy, o.IdleTimeout = true, 5*time.Millisecond
	case 2:
		o.MaxTasks = 7
	}
	if m.pool, err = procpool.Start(context.Background(), o); err != nil {
		array.Close()
		return []string{"Start: " + err.Error()}
	}
	sum.sequences.Add(1)
	for _, s := range steps {
		sum.operations.Add(1)
		operations[s.Op](m, s)
	}
	m.calls.Wait()
	m.gate.shut(false)
	m.mu.Lock()
	m.ended = true
	m.mu.Unlock()
	m.timed("Close at the end", limit, func() { m.pool.Close() })
	m.timed("Terminate at the end", 0, func() { m.pool.Terminate() })
	m.last(m.pool.Stats().Died)
	array.Close()
	if left := leftBehind(before); left != "" {
		m.fault("%s", left)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.faults
}

// leftBehind waits until nothing is left of a sequence, and says what is if
// that does not come.
func leftBehind(before map[string]int) string {
	var after map[string]int
	for deadline := time.Now().Add(lost); time.Now().Before(deadline); {
		left := false
		after = traces()
		for k, n := range after {
			left = left || n > before[k]
		}
		if !left {
			return ""
		}
		time.Sleep(5 * time.Millisecond)
	}
	buf := make([]byte, 1<<20)
	return fmt.Sprintf("left behind: have %v, had %v\n%s", after, before, buf[:runtime.Stack(buf, true)])
}

// traces counts what a pool could leave.
func traces() map[string]int {
	m := map[string]int{"goroutines": runtime.NumGoroutine()}
	if fds, err := os.ReadDir("/proc/self/fd"); err == nil {
		m["descriptors"] = len(fds)
	}
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, f := range tasks {
		b, _ := os.ReadFile(f)
		m["children"] += len(strings.Fields(string(b)))
	}
	if b, err := os.ReadFile("/proc/self/maps"); err == nil {
		m["shared memory"] = strings.Count(string(b), "memfd:procpool")
	}
	return m
}
