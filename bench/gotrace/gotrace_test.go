package gotrace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorded is a trace for all tests.
var recorded struct {
	sync.Once
	text []byte
}

// recording is the execution trace of a program that computes, waits for a lock
// and for a timer, calls the system, collects garbage and marks a region.
func recording(t *testing.T) []byte {
	t.Helper()
	recorded.Do(func() { recorded.text = run(t) })
	if recorded.text == nil {
		t.Skip("this test is being traced itself")
	}
	return recorded.text
}

func run(t *testing.T) []byte {
	if trace.IsEnabled() {
		return nil
	}
	var text bytes.Buffer
	if err := trace.Start(&text); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 6 {
		wg.Go(func() {
			defer trace.StartRegion(t.Context(), "outer").End()
			for range 10 {
				trace.WithRegion(t.Context(), "inner", func() {
					mu.Lock()
					time.Sleep(20 * time.Microsecond)
					mu.Unlock()
					runtime.Gosched()
				})
			}
		})
	}
	runtime.GC()
	file := filepath.Join(t.TempDir(), "file")
	for range 20 {
		if err := os.WriteFile(file, make([]byte, 1000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
	trace.Stop()
	return text.Bytes()
}

// A row is one thread's slices as the rules want them.
type row struct {
	open []read
	last float64
}

type read struct {
	Ph, Name, Cat string
	TS            float64
	PID, TID      int
	Args          map[string]any
}

// check reads an array and holds it against the rules of the format: B and E of
// a thread in order of time, each E with a B before it, all closed at the end.
func check(t *testing.T, text []byte) (events []read) {
	t.Helper()
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	keys(t, text)
	type id struct{ pid, tid int }
	rows := map[id]*row{}
	names := map[id]bool{}
	for i, e := range events {
		key := id{e.PID, e.TID}
		switch e.Ph {
		case "M":
			names[key] = true
			continue
		case "C":
			for name, v := range e.Args {
				if n, ok := v.(float64); !ok || n < 0 {
					t.Errorf("event %d: counter %s is %v, want a number from 0", i, name, v)
				}
			}
		}
		if !names[key] {
			t.Errorf("event %d: %+v is on a thread without a name", i, e)
		}
		r := rows[key]
		if r == nil {
			r = &row{}
			rows[key] = r
		}
		if e.TS < r.last {
			t.Errorf("event %d: %v µs, after %v", i, e.TS, r.last)
		}
		r.last = e.TS
		switch e.Ph {
		case "B":
			if e.Name == "" {
				t.Errorf("event %d has no name", i)
			}
			if n := len(r.open); n > 0 && r.open[n-1].Cat == e.Cat && e.Cat != "range" {
				t.Errorf("event %d: %q is open, and %q begins in it", i, r.open[n-1].Name, e.Name)
			}
			r.open = append(r.open, e)
		case "E":
			if len(r.open) == 0 {
				t.Fatalf("event %d: an E without a B", i)
			}
			r.open = r.open[:len(r.open)-1]
		}
	}
	for key, r := range rows {
		if len(r.open) > 0 {
			t.Errorf("thread %v: %v is open at the end", key, r.open)
		}
	}
	return events
}

// keys holds the keys of every event against the Trace Event Format, in its array form: the
// phase is a known letter; ts is a number of microseconds from 0, pid and tid are whole numbers;
// a slice that begins has a name; metadata and counters have args.
//
// Source: N. Duca, D. Sinclair, Trace Event Format, the document that Perfetto's documentation
// names for JSON traces ("Visualizing external trace formats").
func keys(t *testing.T, text []byte) {
	t.Helper()
	var events []map[string]any
	if err := json.Unmarshal(text, &events); err != nil {
		t.Fatal(err)
	}
	whole := func(v any) bool {
		f, ok := v.(float64)
		return ok && f == float64(int64(f)) && f >= 0
	}
	for i, e := range events {
		phase, _ := e["ph"].(string)
		if len(phase) != 1 || !strings.Contains("BEMC", phase) {
			t.Errorf("event %d: the phase is %v", i, e["ph"])
		}
		if !whole(e["pid"]) || !whole(e["tid"]) {
			t.Errorf("event %d: pid %v, tid %v", i, e["pid"], e["tid"])
		}
		if ts, ok := e["ts"].(float64); phase != "M" && (!ok || ts < 0) {
			t.Errorf("event %d: ts is %v", i, e["ts"])
		}
		if name, _ := e["name"].(string); phase != "E" && name == "" {
			t.Errorf("event %d: no name", i)
		}
		if args, ok := e["args"].(map[string]any); (phase == "M" || phase == "C") && (!ok || len(args) == 0) {
			t.Errorf("event %d: args are %v", i, e["args"])
		}
		for key := range e {
			if !strings.Contains(" ph pid tid ts name cat args ", " "+key+" ") {
				t.Errorf("event %d: the format has no key %q", i, key)
			}
		}
	}
}

// Perfetto's own trace processor reads as many slices as were written, where it is installed.
func TestPerfetto(t *testing.T) {
	shell, err := exec.LookPath("trace_processor_shell")
	if err != nil {
		t.Skip("trace_processor_shell of Perfetto is not installed; TestAdd holds the file against the published rules")
	}
	var out bytes.Buffer
	w := NewWriter(&out)
	if _, err := w.Add("run", bytes.NewReader(recording(t)), everything); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	slices := 0
	for _, e := range check(t, out.Bytes()) {
		if e.Ph == "B" {
			slices++
		}
	}
	dir := t.TempDir()
	file, query := filepath.Join(dir, "run.json"), filepath.Join(dir, "count.sql")
	for name, text := range map[string][]byte{file: out.Bytes(), query: []byte("select count(*) as n from slice;\n")} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := exec.CommandContext(t.Context(), shell, "-q", query, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strconv.Itoa(slices); !strings.Contains(string(answer), want) {
		t.Errorf("Perfetto counts %s slices, want %s", answer, want)
	}
}

// everything keeps all changes: a collection of garbage on a busy machine makes
// more of them than are kept by default.
var everything = Options{Most: 1 << 30}

func TestAdd(t *testing.T) {
	source := recording(t)
	var out bytes.Buffer
	w := NewWriter(&out)
	for _, name := range []string{"cpu=1", "cpu=2"} {
		if p, err := w.Add(name, bytes.NewReader(source), everything); err != nil || p.Changes < 50 || p.Left != 0 || p.Span <= 0 || p.Laneless != 0 {
			t.Errorf("%s: %+v, %v, want all changes", name, p, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	processes := map[string]bool{}
	most := 0.0
	for _, e := range check(t, out.Bytes()) {
		if e.Ph == "B" {
			count[e.Name]++
			count["cat "+e.Cat]++
			if strings.HasSuffix(e.Name, "gotrace.run.func1") {
				count["named "+e.Cat]++
			}
		}
		if e.Name == "process_name" {
			processes[e.Args["name"].(string)] = true
		}
		if e.Name == "goroutines" {
			most = max(most, e.Args["running"].(float64))
		}
	}
	for name, least := range map[string]int{
		"running": 100, "runnable": 100, "waiting: sync.(*Mutex).Lock": 2, "waiting: sleep": 100, "inner": 2 * 2 * 60, "outer": 2 * 2 * 6,
		"cat running": 100, "named running": 12, "named goroutine": 12, "GC concurrent mark phase": 2,
		"system call": 2 * 20, "cat syscall": 2 * 20,
	} {
		if count[name] < least {
			t.Errorf("%d slices %q, want %d or more", count[name], name, least)
		}
	}
	for _, want := range []string{"cpu=1: processors", "cpu=1: goroutines", "cpu=2: processors", "cpu=2: goroutines"} {
		if !processes[want] {
			t.Errorf("no process %q in %v", want, processes)
		}
	}
	if n := float64(runtime.GOMAXPROCS(0)); most < 1 || most > n+1 {
		t.Errorf("%v goroutines ran at a time, want 1 to %v", most, n)
	}
}

// The last changes are kept, and what was open then.
func TestMost(t *testing.T) {
	source := recording(t)
	for _, o := range []Options{{Most: 1}, {Most: 60}, {Lanes: 2}} {
		var out bytes.Buffer
		w := NewWriter(&out)
		p, err := w.Add("run", bytes.NewReader(source), o)
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		if o.Most > 0 && (p.Changes != o.Most || p.Left == 0) || o.Lanes > 0 && p.Laneless == 0 {
			t.Errorf("%+v: got %+v", o, p)
		}
		check(t, out.Bytes())
	}
}

func TestErrors(t *testing.T) {
	source := recording(t)
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "gotrace: empty: "},
		{"text", "no trace at all, whatever it may be", "gotrace: text: "},
		{"future", "go 9.99 trace\x00\x00\x00" + string(source[16:]), "gotrace: future: "},
		{"cut", string(source[:len(source)/2]), "gotrace: cut: "},
	} {
		var out bytes.Buffer
		w := NewWriter(&out)
		if _, err := w.Add(tt.name, strings.NewReader(tt.text), Options{}); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
		if err := w.Close(); err != nil || strings.TrimSpace(out.String()) == "" {
			t.Errorf("%s: %v, %q", tt.name, err, &out)
		}
		check(t, out.Bytes())
	}
	w := NewWriter(full{})
	_, err := w.Add("full", bytes.NewReader(source), Options{})
	if end := w.Close(); !errors.Is(errors.Join(err, end), io.ErrShortWrite) {
		t.Errorf("got %v and %v, want the error of writing", err, end)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
