package transitions

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	rtrace "runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/exp/trace"
)

// recorded are the traces of benchmarks that are stored for package losses.
func recorded(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "losses", "testdata", "*.trace.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal("no stored traces", err)
	}
	all := map[string][]byte{}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		if all[filepath.Base(name)], err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// busy records a trace of everything that goroutines do: several generations of it, if the
// time is longer than a second.
func busy(t testing.TB, d time.Duration) []byte {
	t.Helper()
	if rtrace.IsEnabled() {
		t.Skip("this test is being traced itself")
	}
	var text bytes.Buffer
	if err := rtrace.Start(&text); err != nil {
		t.Fatal(err)
	}
	stop := time.Now().Add(d)
	var all sync.WaitGroup
	var mu sync.Mutex
	c := make(chan int)
	all.Go(func() {
		for range max(1, d/(300*time.Millisecond)) {
			runtime.GC()
		}
	})
	for i := range 8 {
		all.Go(func() {
			for n := 0; time.Now().Before(stop); n++ {
				rtrace.WithRegion(t.Context(), fmt.Sprint("region ", i), func() {
					mu.Lock()
					time.Sleep(2 * time.Millisecond)
					mu.Unlock()
				})
				rtrace.Log(t.Context(), "category", "message")
				var one sync.WaitGroup
				one.Go(func() { c <- n })
				<-c
				one.Wait()
				next, end := iter.Pull(func(yield func(int) bool) { // a coroutine
					for i := 0; yield(i); i++ {
					}
				})
				next()
				next()
				end()
				if f, err := os.Open(os.DevNull); err == nil {
					f.Write([]byte("a system call"))
					f.Close()
				}
			}
		})
	}
	all.Wait()
	rtrace.Stop()
	return text.Bytes()
}

// A change is an event as text, with its time.
type change struct {
	at   int64
	text string
}

// resource is what an event is of: a goroutine, or below 0 a processor, or the heap as it is
// seen on one, or the collector.
func resource(e *Event) trace.GoID {
	switch {
	case e.G != nil:
		return e.G.ID
	case e.Kind == Idle:
		return -10 - 2*trace.GoID(e.Proc)
	case e.Kind == Heap:
		return -11 - 2*trace.GoID(e.Proc)
	}
	return -5
}

// byGoroutine are the events of a trace, for every goroutine in order, and of a full reader
// for every processor too.
func byGoroutine(t *testing.T, r *Reader) (all map[trace.GoID][]change, begin, end int64) {
	t.Helper()
	all = map[trace.GoID][]change{}
	used := map[int]trace.GoID{}
	stacks := map[int32]string{}
	var e Event
	last := int64(-1)
	for {
		err := r.Read(&e)
		if errors.Is(err, io.EOF) {
			begin, end = r.Span()
			return all, begin, end
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.Time <= last {
			t.Fatalf("an event at %d follows one at %d", e.Time, last)
		}
		last = e.Time
		if e.G != nil {
			if id, ok := used[e.G.Slot]; ok && id != e.G.ID {
				t.Fatalf("goroutines %d and %d have slot %d", id, e.G.ID, e.G.Slot)
			}
			used[e.G.Slot] = e.G.ID
			if e.To == trace.GoNotExist && e.Kind == Change {
				delete(used, e.G.Slot)
			}
		}
		by := trace.GoID(0)
		if e.By != nil {
			by = e.By.ID
		}
		stack := func(n int32) string {
			if text, ok := stacks[n]; ok {
				return text
			}
			var b strings.Builder
			for _, f := range r.Frames(n) {
				fmt.Fprintf(&b, "%s:%s:%d ", f.Function, f.File, f.Line)
			}
			stacks[n] = fmt.Sprintf("%.40s %x", b.String(), sha256.Sum224([]byte(b.String())))
			return stacks[n]
		}
		of := resource(&e)
		all[of] = append(all[of], change{e.Time, fmt.Sprintf("%d %v-%v on %d by %d %s %s %s at %s by %s, %d bytes", e.Kind, e.From, e.To, e.Proc, by, r.Word(e.Reason), r.Word(e.Text), r.Word(e.Category), stack(e.Stack), stack(e.ByStack), e.Bytes)})
	}
}

// slow reads a trace by golang.org/x/exp/trace.
func slow(t *testing.T, text []byte, full bool) *Reader {
	t.Helper()
	in, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	tables := NewTables()
	return &Reader{tables, newOldReader(in, tables, full)}
}

// A trace is read as golang.org/x/exp/trace reads it: every goroutine does the same in the
// same order, at the same time but for the ns by which events are kept apart.
func agree(t *testing.T, text []byte) {
	t.Helper()
	for name, full := range map[string]bool{"goroutines": false, "full": true} {
		t.Run(name, func(t *testing.T) { agreed(t, text, full) })
	}
}

func agreed(t *testing.T, text []byte, full bool) {
	t.Helper()
	fast, err := newReader(bytes.NewReader(text), full)
	if err != nil {
		t.Fatal(err)
	}
	got, begin, end := byGoroutine(t, fast)
	want, wantBegin, wantEnd := byGoroutine(t, slow(t, text, full))
	const apart = 5000 // ns
	near := func(a, b int64) bool { return a-b < apart && b-a < apart }
	if !near(begin, wantBegin) || !near(end, wantEnd) {
		t.Errorf("from %d to %d, want %d to %d", begin, end, wantBegin, wantEnd)
	}
	if len(got) != len(want) {
		t.Errorf("%d goroutines, want %d", len(got), len(want))
	}
	events := 0
	for id, list := range want {
		events += len(list)
		for i, w := range list {
			if i >= len(got[id]) {
				t.Errorf("goroutine %d: %d events, want %d", id, len(got[id]), len(list))
				break
			}
			if g := got[id][i]; g.text != w.text || !near(g.at, w.at) {
				t.Errorf("goroutine %d, event %d:\n%d %s, want\n%d %s", id, i, g.at, g.text, w.at, w.text)
				break
			}
		}
		if len(got[id]) > len(list) {
			t.Errorf("goroutine %d: %d events, want %d", id, len(got[id]), len(list))
		}
	}
	if events < 100 {
		t.Errorf("only %d events", events)
	}
}

func TestAgree(t *testing.T) {
	for name, text := range recorded(t) {
		t.Run(name, func(t *testing.T) { agree(t, text) })
	}
	d := 100 * time.Millisecond
	if !testing.Short() {
		d = 1300 * time.Millisecond // two generations
	}
	t.Run("busy", func(t *testing.T) { agree(t, busy(t, d)) })
}

// Damaged traces give errors, and end.
func TestDamaged(t *testing.T) {
	text := recorded(t)["lock.trace.gz"]
	for _, bad := range [][]byte{nil, []byte("no trace"), text[:10], text[:16+1], text[:len(text)/2], text[:len(text)-1], []byte("go 1.99 trace\x00\x00\x00"), []byte("go 1.21 trace\x00\x00\x00rubbish")} {
		if err := drain(bad); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%.20q: got %v, want an error", bad, err)
		}
	}
	for i := 16; i < len(text); i += 1499 {
		damaged := bytes.Clone(text)
		damaged[i] ^= 0xff
		_ = drain(damaged) // any error, but no panic and no end-less reading
	}
}

// drain reads a trace to its end by either reader. The error is nil if neither has one.
func drain(text []byte) (all error) {
	for _, full := range []bool{false, true} {
		r, err := newReader(bytes.NewReader(text), full)
		if err == nil {
			err = r.Each(func(*Event) error { return nil })
		}
		all = errors.Join(all, err)
	}
	return all
}

func FuzzReader(f *testing.F) {
	for _, text := range recorded(f) {
		f.Add(text[:min(len(text), 20_000)])
	}
	f.Fuzz(func(t *testing.T, text []byte) { _ = drain(text) })
}
