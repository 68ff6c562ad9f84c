package rounds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A process that hangs is killed with whatever it started; what it measured
// before is kept.
func TestTimeout(t *testing.T) {
	t.Parallel() // it waits most of the time
	var h *holder
	var out bytes.Buffer
	for limit := time.Second; ; limit *= 4 { // a busy machine may take longer to start the process
		out.Reset()
		h = newHolder(t)
		plan := Plan{Points: []Point{fake("hang", "parent", h.l.Addr().String(), "hang")}, Text: "p"}
		sum, err := Run(t.Context(), plan, Options{Out: &out, Rounds: 1, Timeout: limit})
		if err != nil || len(sum.Failures) != 1 || !strings.Contains(sum.Failures[0].Err.Error(), fmt.Sprintf("hung: killed after %v", limit)) {
			t.Fatalf("got %+v, %v, want that it hung", sum, err)
		}
		if strings.Contains(out.String(), "BenchmarkParent") || limit > time.Minute {
			break
		}
	}
	if !strings.Contains(out.String(), "BenchmarkParent") || !strings.Contains(out.String(), "# failed hang: it hung") {
		t.Errorf("got %q, want its result and a mark", &out)
	}
	h.gone(t, 1)
}

// A cancelled run keeps what it has and leaves no process, even one that does
// not want to end.
func TestCancel(t *testing.T) {
	h := newHolder(t)
	for _, p := range []Point{fake("a", "parent", h.l.Addr().String(), "hang"), fake("b", "stubborn")} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		out := &trigger{at: "100 ns/op", do: cancel}
		sum, err := Run(ctx, Plan{Points: []Point{p}, Text: "p"}, Options{Out: out, Rounds: 3, Timeout: 10 * time.Minute, grace: 50 * time.Millisecond,
			Failed: func(f Failure) { t.Errorf("%+v", f) }})
		if !errors.Is(err, context.Canceled) || sum.Results != 1 || strings.Contains(out.String(), "# ") {
			t.Errorf("%s: got %+v, %v, %q, want its result, no mark and context.Canceled", p.Name, sum, err, out)
		}
		whole(t, &out.buf)
	}
	h.gone(t, 1)
}

// trigger calls do when at is written.
type trigger struct {
	buf bytes.Buffer
	at  string
	do  func()
}

func (w *trigger) String() string { return w.buf.String() }

func (w *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.at) {
		w.do()
	}
	return w.buf.Write(p)
}

// What a benchmark leaves running ends with it; what the setup starts, with
// the run.
func TestNothingLeft(t *testing.T) {
	h := newHolder(t)
	file := t.TempDir() + "/log"
	addr := h.l.Addr().String()
	plan := Plan{
		Points:  []Point{fake("a", "parent", addr, "end")},
		Setup:   []string{os.Args[0], "parent", addr, "end"},
		Cleanup: []string{os.Args[0], "append", file, "cleaned"},
		Text:    "p",
	}
	plan.Points[0].Prepare = []string{os.Args[0], "append", file, "prepared"}
	before := runtime.NumGoroutine()
	sum, err := Run(t.Context(), plan, Options{Out: io.Discard, Rounds: 2})
	if err != nil || len(sum.Failures) > 0 {
		t.Errorf("got %+v, %v", sum, err)
	}
	for begin := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 2*time.Minute {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
	h.gone(t, 3)
	log, err := os.ReadFile(file)
	if want := "prepared\nprepared\ncleaned\n"; err != nil || string(log) != want {
		t.Errorf("got %q, %v, want %q", log, err, want)
	}
}

// An output that cannot be written stops the run at once, and its process.
func TestFullDisk(t *testing.T) {
	h := newHolder(t)
	out := &broken{after: 3}
	sum, err := Run(t.Context(), Plan{Points: []Point{fake("a", "parent", h.l.Addr().String(), "hang")}, Text: "p"}, Options{Out: out, Rounds: 9, Timeout: 10 * time.Minute})
	if err == nil || !strings.Contains(err.Error(), "the results cannot be written: no space") || sum.Results != 0 {
		t.Errorf("got %+v, %v, want no space", sum, err)
	}
	h.gone(t, 1)
}

// broken is a writer whose disk is full after some lines.
type broken struct{ after int }

func (b *broken) Write(p []byte) (int, error) {
	if b.after--; b.after < 0 {
		return 0, errors.New("no space")
	}
	return len(p), nil
}

// A command is measured by wall and CPU time; its exit status counts.
func TestCommand(t *testing.T) {
	var out bytes.Buffer
	good, bad := fake("n=1", "exit", "0"), fake("n=2", "exit", "5")
	good.Line, bad.Line = "BenchmarkCommand/n=1", "BenchmarkCommand/n=2"
	plan := Plan{Points: []Point{good, bad}, Text: "p", Warmup: 1}
	sum, err := Run(t.Context(), plan, Options{Out: &out, Rounds: 1})
	if err != nil || sum.Results != 1 || len(sum.Failures) != 2 || sum.Failures[0].Round != 0 || sum.Failures[1].Output != "said this" {
		t.Errorf("got %+v, %v, want one result and a failure in the warm-up and in the round", sum, err)
	}
	var wall, cpu int64
	if _, line, _ := strings.Cut(out.String(), "BenchmarkCommand/n=1"); line == "" {
		t.Errorf("got %q, want its line", &out)
	} else if _, err := fmt.Sscanf(line, "\t1\t%d ns/op\t%d cpu-ns/op\n", &wall, &cpu); err != nil || wall <= 0 || cpu < 0 {
		t.Errorf("got %q, %v, want wall and CPU time", line, err)
	}
	plan.IgnoreFailure = true
	if sum, err := Run(t.Context(), plan, Options{Out: io.Discard, Rounds: 1}); err != nil || sum.Results != 2 || len(sum.Failures) != 0 {
		t.Errorf("got %+v, %v, want two results", sum, err)
	}
}

// A failing setup ends the run before anything is measured.
func TestSetupFails(t *testing.T) {
	_, err := Run(t.Context(), Plan{Points: benches("A"), Setup: []string{os.Args[0], "exit", "1"}, Text: "p"}, Options{Out: io.Discard, Rounds: 1})
	if err == nil || !strings.Contains(err.Error(), "the setup failed: exit status 1\nsaid this") {
		t.Errorf("got %v, want that the setup failed", err)
	}
}
