package transitions

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
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

// byGoroutine are the events of a trace, for every goroutine in order.
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
		if id, ok := used[e.G.Slot]; ok && id != e.G.ID {
			t.Fatalf("goroutines %d and %d have slot %d", id, e.G.ID, e.G.Slot)
		}
		used[e.G.Slot] = e.G.ID
		if e.To == trace.GoNotExist && e.Kind == Change {
			delete(used, e.G.Slot)
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
		all[e.G.ID] = append(all[e.G.ID], change{e.Time, fmt.Sprintf("%d %v-%v by %d %s %s %s at %s by %s", e.Kind, e.From, e.To, by, r.Word(e.Reason), r.Word(e.Text), r.Word(e.Category), stack(e.Stack), stack(e.ByStack))})
	}
}

// slow reads a trace by golang.org/x/exp/trace.
func slow(t *testing.T, text []byte) *Reader {
	t.Helper()
	in, err := trace.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	tables := NewTables()
	return &Reader{tables, &oldReader{in: in, Translator: NewTranslator(tables)}}
}

// A trace is read as golang.org/x/exp/trace reads it: every goroutine does the same in the
// same order, at the same time but for the ns by which events are kept apart.
func agree(t *testing.T, text []byte) {
	t.Helper()
	fast, err := NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, begin, end := byGoroutine(t, fast)
	want, wantBegin, wantEnd := byGoroutine(t, slow(t, text))
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

// older is a trace as an older version of Go would have written it: 25 without the end of
// generations, 22 and 23 with the clock in a batch of its own as well.
func older(t *testing.T, text []byte, version int) []byte {
	t.Helper()
	in := bytes.NewReader(text[16:])
	out := fmt.Appendf(nil, "go 1.%d trace\x00\x00\x00", version)
	for in.Len() > 0 {
		kind, _ := in.ReadByte()
		if kind == evEndOfGeneration {
			continue
		}
		if kind != evEventBatch {
			t.Fatalf("a batch of kind %d", kind)
		}
		var h [4]uint64
		for i := range h {
			var err error
			if h[i], err = binary.ReadUvarint(in); err != nil {
				t.Fatal(err)
			}
		}
		data := make([]byte, h[3])
		if _, err := io.ReadFull(in, data); err != nil {
			t.Fatal(err)
		}
		if len(data) > 0 && data[0] == evSync && version < 25 {
			_, n := binary.Uvarint(data[2:])
			data = data[1 : 2+n] // the frequency
			if data[0] != evFrequency {
				t.Fatalf("the clock is %v", data)
			}
		}
		out = append(out, kind)
		for _, v := range []uint64{h[0], h[1], h[2], uint64(len(data))} {
			out = binary.AppendUvarint(out, v)
		}
		out = append(out, data...)
	}
	return out
}

func TestVersions(t *testing.T) {
	d := 1300 * time.Millisecond
	if testing.Short() {
		d = 50 * time.Millisecond
	}
	text := busy(t, d)
	if !bytes.HasPrefix(text, []byte("go 1.26 trace")) {
		t.Skipf("a trace of another version: %.16q", text)
	}
	for _, version := range []int{22, 23, 25} {
		t.Run(fmt.Sprint("go 1.", version), func(t *testing.T) { agree(t, older(t, text, version)) })
	}
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

// drain reads a trace to its end.
func drain(text []byte) error {
	r, err := NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	var e Event
	for {
		if err := r.Read(&e); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range recorded(f) {
		f.Add(text[:min(len(text), 20_000)])
	}
	f.Fuzz(func(t *testing.T, text []byte) { _ = drain(text) })
}
