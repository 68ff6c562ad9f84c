package why

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/read"
)

// curveOf makes the curve of benchmark lines: workers, then the metrics.
func curveOf(t *testing.T, lines ...string) *results.Curve {
	t.Helper()
	var b strings.Builder
	for _, l := range lines {
		n, metrics, _ := strings.Cut(l, ": ")
		fmt.Fprintf(&b, "BenchmarkA/workers=%s 10 1000000 ns/op %s\n", n, metrics)
	}
	set, err := read.Files(nil, strings.NewReader(b.String()), read.Options{})
	if err != nil || len(set.Problems) > 0 {
		t.Fatal(err, set.Problems)
	}
	return set.Curves[0]
}

// text prints a stack on one line a level.
func text(s *Stack) string {
	if s == nil {
		return "none"
	}
	var b strings.Builder
	for _, l := range s.Levels {
		fmt.Fprintf(&b, "%g: %d, %.4g s", l.Workers, l.Samples, l.Paid)
		for _, p := range l.Parts {
			fmt.Fprintf(&b, ", %s %.4g", p.Name, p.Share)
		}
		b.WriteString("\n")
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&b, "warning: %v\n", w)
	}
	return b.String()
}

func TestOf(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  string
	}{
		{"nothing said", []string{"1: 5 tasks/op"}, "none"},
		{"another paid", []string{"1: 5 paid/op"}, "none"},
		{
			"all said, per task", []string{"2: 2000000 paid-ns/op 1500000 useful-ns/op 300000 lock-ns/op 200000 unattributed-ns/op 10 tasks/op"},
			"2: 1, 0.0002 s, useful 0.75, lock 0.15, unattributed 0.1\n",
		},
		{
			"what is absent is not listed, what is zero is", []string{"2: 2000000 paid-ns/op 2000000 useful-ns/op 0 lock-ns/op"},
			"2: 1, 0.002 s, useful 1, lock 0\n",
		},
		{
			"the rest is unattributed", []string{"2: 2000000 paid-ns/op 500000 runnable-ns/op 300000 gc-ns/op"},
			"2: 1, 0.002 s, runnable 0.25, gc 0.15, unattributed 0.6\n",
		},
		{
			"a rest beside what is unattributed", []string{"2: 2000000 paid-ns/op 1000000 useful-ns/op 200000 unattributed-ns/op"},
			"2: 1, 0.002 s, useful 0.5, unattributed 0.5\n" +
				"warning: where the time went at 2 workers: the parts add up to 60 % of what was paid; the rest is counted as unattributed\n",
		},
		{
			"too much", []string{"1: 1000000 paid-ns/op 1500000 useful-ns/op 500000 io-ns/op", "2: 1000000 paid-ns/op 2000000 useful-ns/op"},
			"1: 1, 0.001 s, useful 0.75, io 0.25\n2: 1, 0.001 s, useful 1\n" +
				"warning: where the time went at 1, 2 workers: the parts add up to 200 % of what was paid, and are scaled to it\n",
		},
		{
			"a little too much", []string{"1: 1000000 paid-ns/op 1010000 useful-ns/op"},
			"1: 1, 0.001 s, useful 1\n",
		},
		{
			// of four the two in the middle count, and the median of all is paid
			"an outlier", []string{
				"2: 1000 paid-ns/op 0 useful-ns/op 1000 lock-ns/op", "2: 90000 paid-ns/op 0 useful-ns/op 90000 lock-ns/op",
				"2: 2000 paid-ns/op 1000 useful-ns/op 1000 lock-ns/op", "2: 3000 paid-ns/op 2000 useful-ns/op 1000 lock-ns/op",
			},
			"2: 4, 2.5e-06 s, useful 0.6, lock 0.4\n",
		},
		{
			"some lines lack a part", []string{"2: 1000 paid-ns/op 1000 useful-ns/op", "2: 1000 paid-ns/op", "4: 100 paid-ns/op 100 useful-ns/op"},
			"4: 1, 1e-07 s, useful 1\nwarning: where the time went at 2 workers: left out, since some lines lack useful-ns/op\n",
		},
		{
			"negative", []string{"1: 1000 paid-ns/op -1 lock-ns/op"},
			"warning: where the time went at 1 worker: left out, since lock-ns/op is -1: a number from 0 is needed\n",
		},
		{
			"nothing paid", []string{"1: 0 paid-ns/op 0 lock-ns/op"},
			"warning: where the time went at 1 worker: left out, since paid-ns/op is 0: a number above 0 is needed\n",
		},
		{
			"not a number", []string{"1: NaN paid-ns/op 0 lock-ns/op", "2: 1 paid-ns/op +Inf lock-ns/op"},
			"warning: where the time went at 1 worker: left out, since paid-ns/op is NaN: a number above 0 is needed\n" +
				"warning: where the time went at 2 workers: left out, since lock-ns/op is +Inf: a number from 0 is needed\n",
		},
		{
			"no part", []string{"1: 1 paid-ns/op"},
			"warning: where the time went at 1 worker: left out, since there is paid-ns/op and no part of it\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Of(curveOf(t, tt.lines...))
			if d := cmp.Diff(tt.want, text(s)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if s == nil {
				return
			}
			for _, l := range s.Levels {
				sum := 0.0
				for _, p := range l.Parts {
					sum += p.Share
				}
				if math.Abs(sum-1) > 1e-12 {
					t.Errorf("at %g the shares add up to %v, want 1", l.Workers, sum)
				}
			}
		})
	}
}

// Every cause has what figures, tables and sentences need, once.
func TestAll(t *testing.T) {
	names, titles := map[contract.Cause]bool{}, map[string]bool{}
	for i, c := range All {
		if c.Name == "" || c.Title == "" || c.Phrase == "" || c.Doc == "" || names[c.Name] || titles[c.Title] {
			t.Errorf("%+v: something is missing, or stands twice", c)
		}
		names[c.Name], titles[c.Title] = true, true
		if last := i == len(All)-1; last != (c == Unattributed) {
			t.Errorf("%s is number %d of %d: unattributed is the last", c.Name, i+1, len(All))
		}
	}
}

func TestCauses(t *testing.T) {
	s := Of(curveOf(t,
		"1: 1000000 paid-ns/op 999900 useful-ns/op 100 gc-ns/op 0 lock-ns/op",
		"2: 1000000 paid-ns/op 900000 useful-ns/op 100 gc-ns/op 1000 lock-ns/op"))
	some, none := s.Causes()
	names := func(list []*Cause) string {
		var out []string
		for _, c := range list {
			out = append(out, string(c.Name))
		}
		return strings.Join(out, " ")
	}
	if got, want := names(some)+" | "+names(none), "useful lock unattributed | gc"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSentences(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  []string
	}{
		{
			"compute", []string{
				"1: 1000000 paid-ns/op 980000 useful-ns/op 20000 dispatch-ns/op 0 serial-ns/op 0 lock-ns/op 0 gc-ns/op 0 imbalance-ns/op",
				"4: 1400000 paid-ns/op 980000 useful-ns/op 200000 dispatch-ns/op 190000 serial-ns/op 30000 lock-ns/op 0 gc-ns/op 0 imbalance-ns/op",
				"16: 2600000 paid-ns/op 980000 useful-ns/op 200000 dispatch-ns/op 1070000 serial-ns/op 300000 lock-ns/op 26000 gc-ns/op 24000 imbalance-ns/op",
			}, []string{
				"At 16 workers 38 % of the worker time is useful compute and 62 % is lost: 41 % to the serial section, 12 % to waiting for a lock, 7.7 % to dispatch and 1.9 % to 2 other causes.",
				"An operation costs 1.00 ms of worker time at 1 worker and 2.60 ms at 16 workers; of the 1.60 ms more, 1.07 ms go to the serial section, 300 µs to waiting for a lock and 180 µs to dispatch.",
				"The largest loss is dispatch up to 4 workers and the serial section at 16 workers.",
			},
		},
		{
			"waiting", []string{"8: 1000000 paid-ns/op 0 useful-ns/op 400000 io-ns/op 600000 serial-ns/op 100 tasks/op"},
			[]string{"At 8 workers 40 % of the worker time waits for I/O and 60 % is lost: 60 % to the serial section."},
		},
		{
			"nothing lost", []string{"1: 1000000 paid-ns/op 998000 useful-ns/op 2000 gc-ns/op"},
			[]string{"At 1 worker 100 % of the worker time is useful compute and next to nothing is lost."},
		},
		{
			"little known", []string{"2: 1000000 paid-ns/op 100000 runnable-ns/op 50000 gc-ns/op"},
			[]string{"At 2 workers 15 % of the worker time is lost: 10 % to lack of a processor and 5.0 % to garbage collection; 85 % is unattributed."},
		},
		{
			"nothing known", []string{"2: 1000000 paid-ns/op 0 gc-ns/op"},
			[]string{"At 2 workers 100 % of the worker time is unattributed."},
		},
		{
			"to and fro", []string{
				"1: 100 paid-ns/op 90 lock-ns/op", "2: 100 paid-ns/op 90 gc-ns/op", "3: 100 paid-ns/op 90 gc-ns/op",
				"4: 100 paid-ns/op 1 gc-ns/op", "5: 100 paid-ns/op 90 lock-ns/op", "6: 100 paid-ns/op 90 lock-ns/op",
			}, []string{
				"At 6 workers 90 % of the worker time is lost: 90 % to waiting for a lock; 10 % is unattributed.",
				"The largest loss is waiting for a lock at 1 worker, garbage collection from 2 to 3 workers and waiting for a lock from 5 workers on.",
			},
		},
		{"no level", []string{"2: 0 paid-ns/op"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, Of(curveOf(t, tt.lines...)).Sentences()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestLargest(t *testing.T) {
	s := Of(curveOf(t, "1: 100 paid-ns/op 90 useful-ns/op", "2: 100 paid-ns/op 50 useful-ns/op 40 io-ns/op 4 lock-ns/op 6 gc-ns/op"))
	if p, ok := s.Levels[0].Largest(); ok {
		t.Errorf("at 1: got %s, want none: nobody knows what was lost", p.Name)
	}
	if p, ok := s.Levels[1].Largest(); !ok || p.Cause != GC || math.Abs(s.Levels[1].Lost()-0.1) > 1e-12 {
		t.Errorf("at 2: got %v of %v, want gc of 0.1", p.Cause, s.Levels[1].Lost())
	}
	if _, ok := s.Levels[0].Share(Lock); ok {
		t.Error("at 1: a lock, want none")
	}
}
