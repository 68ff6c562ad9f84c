package rounds

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Behind the last round every point that works runs once more, with the
// arguments asked for, and leaves nothing in the results.
func TestLast(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ran")
	// The arguments come first, so they choose what is played.
	points := []Point{
		{Name: "a", Args: []string{os.Args[0], "bench", "A"}},
		{Name: "b", Args: []string{os.Args[0], "bench", "B"}},
		{Name: "none", Args: []string{os.Args[0], "bench", "C"}},
		fake("dead", "exit", "3"),
	}
	var told []Failure
	var out bytes.Buffer
	o := Options{Out: &out, Rounds: 3, Failed: func(f Failure) {
		if f.Last {
			told = append(told, f)
		}
	}}
	o.Last = func(p Point) []string {
		switch p.Name {
		case "a":
			return []string{"append", file, p.Name}
		case "b":
			return []string{"exit", "4"}
		case "dead":
			t.Error("a point that was given up is asked for")
		}
		return nil
	}
	plan := Plan{Points: points, Text: "p", Cleanup: []string{os.Args[0], "append", file, "cleanup"}}
	sum, err := Run(t.Context(), plan, o)
	if err != nil || sum.Results != 9 || len(sum.Failures) != 5 {
		t.Errorf("got %+v, %v, want 9 results, 3 failures in rounds and 2 behind them", sum, err)
	}
	if !strings.HasSuffix(out.String(), "# ended round 3\n") {
		t.Errorf("the results end in %q, want the end of round 3", out.String())
	}
	// a says nothing that is a result, b fails: both are told of, and noted nowhere.
	if len(told) != 2 || told[0].Point != "a" || told[1].Point != "b" || told[0].Round != 0 || !errors.Is(told[0].Err, errNoResult) || !strings.Contains(told[1].Err.Error(), "exit status 4") {
		t.Errorf("told of %+v, want a and b", told)
	}
	text, err := os.ReadFile(file)
	if err != nil || string(text) != "a\ncleanup\n" {
		t.Errorf("got %q, %v, want a once, before the cleanup", text, err)
	}
	if len(sum.Used) != 3 {
		t.Errorf("used %+v, want it of three points", sum.Used)
	}
	for i, u := range sum.Used {
		if u.Point != points[i].Name || u.Wall <= 0 || u.CPU < 0 {
			t.Errorf("used %+v, want times of %s", u, points[i].Name)
		}
	}
}

// It ends with the run's context as everything else does.
func TestLastCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	o := Options{Out: &out, Rounds: 1, grace: 50 * time.Millisecond, Failed: func(f Failure) { t.Errorf("%+v", f) }}
	o.Last = func(Point) []string { cancel(); return []string{"hang"} }
	sum, err := Run(ctx, Plan{Points: benches("A"), Text: "p"}, o)
	if !errors.Is(err, context.Canceled) || sum.Rounds != 1 {
		t.Errorf("got %+v, %v, want a whole round and context.Canceled", sum, err)
	}
}

// A command accounts for its workers, where it is asked to.
func TestAccount(t *testing.T) {
	axes := []Axis{{"size", []string{"big"}}, {"n", []string{"1", "3"}}}
	for _, account := range []bool{false, true} {
		points, err := Command{Args: []string{os.Args[0], "exit", "0", "{size}", "{n}"}, Account: account}.Points(axes)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := Run(t.Context(), Plan{Points: points, Text: "p"}, Options{Out: &out, Rounds: 1}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "paid-ns/op"); got != account {
			t.Errorf("account %v: %q", account, &out)
		}
	}
	o := outcome{wall: 7, cpu: 5, switches: &switches{2, 3}}
	for _, tt := range []struct {
		point Point
		o     outcome
		want  string
	}{
		{Point{Line: "BenchmarkX"}, o, "BenchmarkX\t1\t7 ns/op\t5 cpu-ns/op\n"},
		{Point{Line: "BenchmarkX", Paid: 3}, o, "BenchmarkX\t1\t7 ns/op\t5 cpu-ns/op\t21 paid-ns/op\t2 voluntary-switches/op\t3 involuntary-switches/op\n"},
		{Point{Line: "BenchmarkX", Paid: 1}, outcome{wall: 7}, "BenchmarkX\t1\t7 ns/op\t0 cpu-ns/op\t7 paid-ns/op\n"},
	} {
		if got := tt.point.result(tt.o); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	for _, tt := range []struct {
		axes []Axis
		want []float64
	}{
		{axes, []float64{1, 3}},
		{nil, []float64{1}},
	} {
		points, err := Command{Args: []string{"x", "{size}{n}"}, Account: true}.Points(tt.axes)
		if err != nil || len(points) != len(tt.want) {
			t.Fatalf("got %v, %v", points, err)
		}
		for i, p := range points {
			if p.Paid != tt.want[i] {
				t.Errorf("%s: %v workers are paid, want %v", p.Name, p.Paid, tt.want[i])
			}
		}
	}
}

// The system's account of a process reaches the results: the form, not how much.
func TestSwitches(t *testing.T) {
	o := execute(t.Context(), process{args: []string{os.Args[0], "exit", "0"}})
	if o.err != nil {
		t.Fatal(o.err)
	}
	if o.switches == nil {
		t.Skip("this system does not count context switches of a process")
	}
	p := Point{Line: "BenchmarkX", Paid: 1}
	if line := p.result(o); !regexp.MustCompile(`\t\d+ voluntary-switches/op\t\d+ involuntary-switches/op\n$`).MatchString(line) {
		t.Errorf("got %q", line)
	}
}
