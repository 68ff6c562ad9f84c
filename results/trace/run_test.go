package trace

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// soundRun checks what any run must be.
func soundRun(t *testing.T, r *Run) {
	t.Helper()
	for _, rows := range [][]Row{r.Processors, r.Goroutines} {
		for _, row := range rows {
			at := Span{}
			for _, s := range row.Spans {
				if s.From < at.To || s.To <= s.From || s.To > r.Time || s.Activity > Waiting {
					t.Fatalf("%s of %s: span %+v after %+v, of %v", row.Name, r.Name, s, at, r.Time)
				}
				at = s
			}
		}
	}
}

// twoRuns writes two small runs, as package gotrace does.
func twoRuns(w *contract.Writer) {
	for i, name := range []string{"cpu=1", "cpu=2"} {
		procs, goroutines := w.Run(name, 3*i)
		gc := w.Thread(procs, contract.ThreadCollector, 0)
		p1, p0 := w.Thread(procs, "P1", 2), w.Thread(procs, "P0", 1)
		one, two := w.Thread(goroutines, "lane 1", 1), w.Thread(goroutines, "lane 2", 2)
		begin := func(at time.Duration, to contract.Track, cat, name string) {
			w.Event(contract.Event{Phase: contract.Begin, Name: name, Cat: cat, At: at, Track: to})
		}
		end := func(at time.Duration, to ...contract.Track) {
			for _, to := range to {
				w.Event(contract.Event{Phase: contract.End, At: at, Track: to})
			}
		}
		begin(0, one, contract.CatGoroutine, "g7 main.work")
		begin(0, one, contract.CatState, contract.GoRunnable)
		end(10, one)
		begin(10, one, contract.CatState, contract.GoRunning)
		begin(10, p0, contract.CatRunning, "g7 main.work")
		begin(12, one, contract.CatRange, "a region of the program")
		begin(12, p0, contract.CatRange, "a region of the program")
		begin(20, gc, contract.CatRange, "GC concurrent mark phase")
		begin(22, p1, contract.CatRunning, "g2 runtime.gcBgMarkWorker")
		begin(22, two, contract.CatGoroutine, "g2 runtime.gcBgMarkWorker")
		begin(22, two, contract.CatState, contract.GoRunning)
		begin(24, one, contract.CatRange, "GC mark assist")
		begin(24, p0, contract.CatRange, "GC mark assist")
		end(26, one, p0) // the assist
		end(30, one, p0) // the region
		end(30, one, p0) // running
		begin(30, one, contract.CatState, contract.GoSyscall)
		begin(30, p0, contract.CatSyscall, "g7 main.work")
		end(34, p0) // the processor was taken
		end(40, one)
		end(40, p1, gc, two)
		for j, reason := range []string{"sync.(*Mutex).Lock", "sync.(*WaitGroup).Wait", "chan receive", "sleep", "GC mark assist wait for work", "GC background sweeper wait"} {
			at := 40 + 10*time.Duration(j)
			begin(at, one, contract.CatState, contract.GoWaiting+contract.GoReason+reason)
			end(at+10, one)
		}
		end(100, one)
		begin(100, one, contract.CatGoroutine, "g9 main.late") // on the lane that is free now
		begin(100, one, contract.CatState, contract.GoRunning)
		begin(100, p0, contract.CatRunning, "g9 main.late")
		w.Event(contract.Event{Phase: contract.Counter, Name: "heap", At: 110, Track: gc, Args: map[string]any{"bytes": 5}})
		end(120, one, one, p0, two)
	}
}

const wantRun = `2 processors, 3 goroutines, 120ns
garbage collector: 1 20ns–40ns
P0: 0 10ns–24ns, 1 24ns–26ns, 0 26ns–30ns, 2 30ns–34ns, 0 100ns–120ns
P1: 1 22ns–40ns
g7 main.work: 3 0s–10ns, 0 10ns–24ns, 1 24ns–26ns, 0 26ns–30ns, 2 30ns–40ns, 4 40ns–50ns, 5 50ns–70ns, 6 70ns–80ns, 1 80ns–90ns, 7 90ns–100ns
g2 runtime.gcBgMarkWorker: 1 22ns–40ns
g9 main.late: 0 100ns–120ns
`

func runText(r *Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d processors, %d goroutines, %v\n", len(r.Processors)-1, len(r.Goroutines), r.Time)
	for _, row := range append(r.Processors, r.Goroutines...) {
		var spans []string
		for _, s := range row.Spans {
			spans = append(spans, fmt.Sprintf("%d %v–%v", s.Activity, s.From, s.To))
		}
		fmt.Fprintf(&b, "%s: %s\n", row.Name, strings.Join(spans, ", "))
	}
	return b.String()
}

// runs is a file of two runs.
func runs(t testing.TB) []byte {
	t.Helper()
	var file bytes.Buffer
	w := contract.NewWriter(&file)
	twoRuns(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestRuns(t *testing.T) {
	written, err := Read(bytes.NewReader(runs(t)), "t.json", nil)
	if err != nil || len(written.Problems) > 0 || len(written.Operations) > 0 {
		t.Fatalf("got %+v, %v", written, err)
	}
	given, err := Collect(nil, func(add func(contract.Event)) error {
		w := contract.NewEvents(add)
		twoRuns(w)
		return w.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	for how, got := range map[string]*Trace{"written": written, "given": given} {
		if len(got.Runs) != 2 || got.Runs[0].Name != "cpu=1" || got.Runs[1].Name != "cpu=2" || got.Runs[0].LeftOut != 0 || got.Runs[1].LeftOut != 3 {
			t.Errorf("%s: got %+v", how, got.Runs)
			continue
		}
		for _, r := range got.Runs {
			soundRun(t, r)
			if text := runText(r); text != wantRun {
				t.Errorf("%s, %s: got\n%swant\n%s", how, r.Name, text, wantRun)
			}
		}
	}
	only, err := Read(bytes.NewReader(runs(t)), "t.json", func(name string) bool { return name == "cpu=2" })
	if err != nil || len(only.Runs) != 1 || only.Runs[0].Name != "cpu=2" {
		t.Errorf("only the second: got %+v, %v", only, err)
	}
}

// A run that was cut off ends with its last event.
func TestRunCut(t *testing.T) {
	file := runs(t)
	cut := file[:bytes.Index(file, []byte("GC mark assist"))]
	got, err := Read(bytes.NewReader(cut), "t.json", nil)
	if err != nil || len(got.Runs) != 1 || len(got.Problems) != 1 || !strings.Contains(got.Problems[0].Error(), "the trace ends here") {
		t.Fatalf("got %+v, %v", got, err)
	}
	soundRun(t, got.Runs[0])
	if r := got.Runs[0]; r.Time != 22 || len(r.Goroutines) != 1 || r.Goroutines[0].Lasted(Running) != 12 {
		t.Errorf("got\n%s", runText(r))
	}
}
