package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/bench/contract"
)

// others is a package of another module: its goroutines compute, wait for a lock,
// call the system and make garbage.
const others = `package others

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func work(mu *sync.Mutex, file string) {
	for range 2 {
		mu.Lock()
		time.Sleep(2 * time.Millisecond)
		mu.Unlock()
		os.WriteFile(file, make([]byte, 8<<20), 0o600) // so much garbage begins a collection
	}
}

func BenchmarkWork(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b", "c"} {
			wg.Go(func() { work(&mu, filepath.Join(dir, name)) })
		}
		wg.Wait()
	}
}
`

// A trace of a package from another module is drawn, by processor and by
// goroutine, from the file of `amdahl run` and from Go's own trace.
func TestGanttOtherModule(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/others\n\ngo 1.24\n", "others_test.go": others} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	// Go sweeps while the world is stopped, or runtime.GC on a busy machine yields ten thousand
	// times until the sweeper has run, and the trace is thirty times as large.
	t.Setenv("GODEBUG", "gcstoptheworld=2")
	if status, _, stderr := amdahl(t, "run", ".", "--bench", "Work", "-x", "cpu=1,2", "--benchtime", "1x", "--rounds", "1", "--trace", "t.json", "-o", "t.txt"); status != 0 {
		t.Fatalf("exit status %d, %s", status, stderr)
	}
	processor := []string{"what each processor did", "P0", "running Go code", "garbage collection", "in a system call", "The row GC"}
	goroutine := []string{"what each goroutine did", " BenchmarkWork<", "waiting for a lock", "waiting at a channel or WaitGroup", "in a system call", "garbage collection"}
	for _, tt := range []struct {
		args   string
		status int
		out    string   // in the output
		want   []string // in the picture
	}{
		{"gantt t.json", 0, "cpu=1  a run on ", nil},
		{"gantt t.json -o t.svg", 2, "2 cases: choose one with --case REGEXP, as in --case 'cpu=2$':", nil},
		{"gantt t.json --case cpu=2 -o t.svg", 0, "wrote t.svg", processor},
		{"gantt t.json --case cpu=2 --by goroutine -o t.svg", 0, "wrote t.svg", goroutine},
		{"gantt t-cpu=2.trace --by processor -o t.svg", 0, "wrote t.svg", processor},
		{"gantt t-cpu=2.trace --by goroutine -o t.svg", 0, "wrote t.svg", goroutine},
		{"gantt t-cpu=2.trace", 0, "t-cpu=2  a run on 2 processors, ", nil},
		{"gantt t.json --case cpu=2 --by thread -o t.svg", 2, "--by thread: write --by processor or --by goroutine", nil},
		{"what-if t.json", 3, "cannot tell: cpu=1 is a run of goroutines, and what-if replays tasks", nil},
		{"what-if t-cpu=2.trace --no-lock", 3, "record some with go test ./bench -run '^$' -bench 'Strong/workload=spin/strategy=fixed' -benchtime 1x -timeline \"$PWD/tasks.json\"", nil},
	} {
		os.Remove("t.svg")
		status, stdout, stderr := amdahl(t, strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.out) {
			t.Errorf("%s: exit status %d, %q, want %d and %q", tt.args, status, stdout+stderr, tt.status, tt.out)
		}
		svg, _ := os.ReadFile("t.svg")
		for _, want := range tt.want {
			if !bytes.Contains(svg, []byte(want)) {
				t.Errorf("%s: no %q in the picture", tt.args, want)
			}
		}
	}
	data, err := os.ReadFile("t-cpu=2.trace")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		in     []byte
		status int
		want   string
	}{
		"a pipe":    {data, 0, "standard input  a run on 2 processors"},
		"cut short": {data[:len(data)/2], 1, "standard input: the trace cannot be read to its end: "},
	} {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{"gantt"}, onlyReader{bytes.NewReader(tt.in)}, &stdout, &stderr)
		if text := stdout.String() + stderr.String(); status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("%s: exit status %d, %q, want %d and %q", name, status, text, tt.status, tt.want)
		}
	}
}

// onlyReader is a pipe: it can be read once.
type onlyReader struct{ r *bytes.Reader }

func (r onlyReader) Read(p []byte) (int, error) { return r.r.Read(p) }

// A file may have operations and runs; --by is for the latter.
func TestGanttBoth(t *testing.T) {
	file := filepath.Join(t.TempDir(), "both.json")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := contract.NewWriter(f)
	procs, _ := w.Run("cpu=2", 0)
	p := w.Thread(procs, "P0", 1)
	w.Event(contract.Event{Phase: contract.Begin, Cat: contract.CatRunning, Name: "g1 main.main", Track: p})
	w.Event(contract.Event{Phase: contract.End, At: 1000, Track: p})
	o := &contract.Operation{Case: "Strong/workload=spin/workers=1", Workers: 1, Time: 50, Lanes: make([]contract.Lane, 1), Tasks: []contract.Task{{To: 50, Stays: []contract.Stay{{State: contract.StateCompute, To: 50, CPU: -1}}}}}
	if err := w.Operation(o); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	picture := filepath.Join(t.TempDir(), "a.svg")
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"gantt", file}, 0, "1 task on 1 lane, 50 ns\ncpu=2  a run on 1 processor, 0 goroutines, 1 µs\n"},
		{[]string{"gantt", file, "-o", picture}, 2, "2 cases"},
		{[]string{"gantt", file, "--case", "spin", "-o", picture}, 0, "wrote"},
		{[]string{"gantt", file, "--case", "spin", "--by", "goroutine", "-o", picture}, 2, "leave --by out"},
		{[]string{"gantt", file, "--case", "cpu", "--by", "goroutine", "-o", picture}, 1, "cpu=2: no goroutine did anything in it: draw it with --by processor"},
		{[]string{"what-if", file, "--at", "2"}, 0, "As recorded, 2 workers"},
	} {
		status, stdout, stderr := amdahl(t, tt.args...)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.want) {
			t.Errorf("%q: exit status %d, %q, want %d and %q", tt.args, status, stdout+stderr, tt.status, tt.want)
		}
	}
}
