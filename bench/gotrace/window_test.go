package gotrace

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
)

// stretches are the slices of a run, each as the row, what it is and when, on the clock of the
// trace, from a moment on. A row of goroutines is called as the goroutine is.
func stretches(t *testing.T, text []byte, o Options, from int64) (all []string, part Part) {
	t.Helper()
	type open struct {
		cat, name string
		at        time.Duration
	}
	rows, stacks := map[contract.Track]string{}, map[contract.Track][]open{}
	var ends []func()
	w := NewEvents(func(e contract.Event) {
		switch e.Phase {
		case contract.Metadata:
			if name, ok := e.Args["name"].(string); ok && e.Name == contract.MetaThread {
				rows[e.Track] = name
			}
		case contract.Begin:
			if e.Cat == contract.CatGoroutine {
				rows[e.Track] = e.Name
			}
			stacks[e.Track] = append(stacks[e.Track], open{e.Cat, e.Name, e.At})
		case contract.End:
			s := stacks[e.Track]
			last := s[len(s)-1]
			stacks[e.Track] = s[:len(s)-1]
			row := rows[e.Track]
			ends = append(ends, func() {
				begin, end := max(int64(last.at)+part.Begin, from), int64(e.At)+part.Begin
				if begin < end {
					all = append(all, fmt.Sprintf("%s: %s %s %d-%d", row, last.cat, last.name, begin, end))
				}
			})
		}
	})
	part, err := w.Add("run", bytes.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range ends {
		f()
	}
	slices.Sort(all)
	return all, part
}

// The last part of a trace is what the whole trace says of that time: what was left out has
// left its state behind.
func TestLastPart(t *testing.T) {
	text := recording(t)
	for _, most := range []int{1, 7, 60, 333} {
		got, part := stretches(t, text, Options{Most: most, Lanes: 1 << 20}, 0)
		want, whole := stretches(t, text, Options{Most: 1 << 30, Lanes: 1 << 20}, part.Begin)
		if part.Changes != most || part.Left != whole.Changes-most || whole.Left != 0 {
			t.Errorf("%d: %+v of %+v", most, part, whole)
		}
		count := map[string]int{}
		for _, s := range got {
			count[s]++
		}
		for _, s := range want {
			count[s]--
		}
		for _, s := range slices.Sorted(maps.Keys(count)) {
			if n := count[s]; n != 0 {
				t.Errorf("%d: %q is there %d times too often", most, s, n)
			}
		}
		if len(got) < most/4 {
			t.Errorf("%d changes make %d slices", most, len(got))
		}
	}
}

// The memory of a run does not grow with the length of the trace.
func TestMemoryOfRun(t *testing.T) {
	tables := transitions.NewTables()
	part := tables.Number("part")
	run := NewEvents(func(contract.Event) {}).Run("run", tables, Options{Most: 1000})
	at := int64(0)
	event := func(e transitions.Event) {
		at++
		e.Time = at
		if err := run.Event(&e); err != nil {
			t.Fatal(err)
		}
	}
	main := &transitions.Goroutine{ID: 1}
	event(transitions.Event{G: main, From: trace.GoUndetermined, To: trace.GoRunning})
	const goroutines = 200_000
	for i := range goroutines {
		g := &transitions.Goroutine{ID: trace.GoID(i + 2), Slot: 1 + i%3}
		event(transitions.Event{G: g, By: main, From: trace.GoNotExist, To: trace.GoRunnable})
		event(transitions.Event{G: g, From: trace.GoRunnable, To: trace.GoRunning})
		for range 10 {
			event(transitions.Event{Kind: transitions.RegionBegin, G: g, By: g, Text: part})
			event(transitions.Event{Kind: transitions.RegionEnd, G: g, By: g, Text: part})
		}
		event(transitions.Event{G: g, By: g, From: trace.GoRunning, To: trace.GoNotExist})
	}
	if n := len(run.window.records); n > 2*leastRecords {
		t.Errorf("%d records are kept of %d events", n, at)
	}
	if n := len(run.names.ended); n > 3*leastRecords {
		t.Errorf("the names of %d goroutines are kept", n)
	}
	if n := len(run.t.gs); n > 4 {
		t.Errorf("%d slots, want 4", n)
	}
	kept, err := run.End(0, at)
	if err != nil || kept.Changes+kept.Left != 1+3*goroutines || kept.Changes > 1000 || kept.Changes < 300 {
		t.Errorf("%+v, %v", kept, err)
	}
}
