package rounds

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

// played is a run without processes: every one takes as long as the clock
// moves, and prints one result.
func played(points ...string) (Plan, Options) {
	plan := Plan{Text: "p"}
	for _, p := range points {
		plan.Points = append(plan.Points, Point{Name: p, Args: []string{p}})
	}
	return plan, Options{Out: io.Discard, now: tick(), execute: func(p process) outcome {
		p.text("Benchmark" + p.args[0] + " 1 5 ns/op\n")
		return outcome{output: &ends{}}
	}}
}

func TestStop(t *testing.T) {
	narrowing := func(at int) func([]byte) (Verdict, error) { // ±0.01 from this round on
		return func(text []byte) (Verdict, error) {
			v := Verdict{Series: "S", Sigma: 0.1, Low: 0.05, High: 0.105}
			if strings.Count(string(text), markEnded) >= at {
				v.Low = 0.095
			}
			return v, nil
		}
	}
	unknown := func([]byte) (Verdict, error) { return Verdict{}, errors.New("no interval") }
	for _, tt := range []struct {
		name   string
		o      Options
		rounds int
		stop   Stop
	}{
		{"rounds", Options{Rounds: 4, Precision: 1, Budget: 1}, 4, StopRounds},
		{"precision", Options{Precision: 0.01, Budget: time.Hour, Judge: narrowing(9)}, 9, StopPrecision},
		{"precision, not before it is sound", Options{Precision: 0.01, Judge: narrowing(1)}, soundRounds, StopPrecision},
		{"budget, not before the fewest", Options{Precision: 0.01, Budget: time.Second, Judge: narrowing(1)}, minRounds, StopBudget},
		{"budget", Options{Precision: 0.01, Budget: 60 * time.Second, Judge: unknown}, 4, StopBudget},
		{"both at once", Options{Precision: 0.01, Budget: 90 * time.Second, Judge: narrowing(5)}, soundRounds, StopPrecision},
	} {
		plan, o := played("a", "b")
		o.Rounds, o.Precision, o.Budget, o.Judge = tt.o.Rounds, tt.o.Precision, tt.o.Budget, tt.o.Judge
		sum, err := Run(t.Context(), plan, o)
		if err != nil || sum.Rounds != tt.rounds || sum.Stop != tt.stop {
			t.Errorf("%s: got %d rounds, %s, %v, want %d, %s", tt.name, sum.Rounds, sum.Stop, err, tt.rounds, tt.stop)
		}
		if (sum.Verdict == nil) != (tt.o.Judge == nil || sum.Unjudged != nil) {
			t.Errorf("%s: got verdict %v, %v", tt.name, sum.Verdict, sum.Unjudged)
		}
	}
}

// No round begins that would end behind the budget, going by the shortest.
func TestBudgetIsKept(t *testing.T) {
	for budget := 20 * time.Second; budget < 200*time.Second; budget += 7 * time.Second {
		plan, o := played("a", "b", "c")
		now := time.Unix(0, 0)
		o.now = func() time.Time { return now }
		execute := o.execute
		o.execute = func(p process) outcome {
			now = now.Add(time.Second)
			return execute(p)
		}
		o.Budget = budget
		sum, err := Run(t.Context(), plan, o)
		if want := int(budget / (3 * time.Second)); err != nil || sum.Rounds != want || sum.Stop != StopBudget {
			t.Errorf("budget %v: got %d rounds of 3 s, %s, %v, want %d", budget, sum.Rounds, sum.Stop, err, want)
		}
	}
}

// The progress is drawn between samples, tells the time left, and goes away.
func TestProgress(t *testing.T) {
	var line, list bytes.Buffer
	plan, o := played("a", "b")
	o.Rounds, o.Judge = 2, func([]byte) (Verdict, error) { return Verdict{Sigma: 0.05, Low: 0.03, High: 0.06}, nil }
	o.Progress = &Progress{W: &line, Line: true, Columns: 60}
	if _, err := Run(t.Context(), plan, o); err != nil {
		t.Fatal(err)
	}
	drawn := strings.Split(line.String(), "\r")
	if !strings.HasPrefix(drawn[len(drawn)-3], "round 2/2  2/2  σ 0.05 ± 0.02  0:0") || strings.TrimSpace(drawn[len(drawn)-2]) != "" {
		t.Errorf("got %q, want the last sample of round 2, and then nothing", drawn)
	}
	for _, d := range drawn {
		if n := len([]rune(d)); n >= 60 {
			t.Errorf("%q has %d columns of 60", d, n)
		}
	}
	o.Progress, o.now = &Progress{W: &list}, tick()
	if _, err := Run(t.Context(), plan, o); err != nil {
		t.Fatal(err)
	}
	if got := list.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "round 1/2  σ 0.05 ± 0.02  0:") || !strings.HasSuffix(got, "0:00 left\n") {
		t.Errorf("got %q, want a line a round", got)
	}
}
