package main

import (
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// example is a contest of one repeat, in which the first method is closer.
func example() (*contest, []results.Setting) {
	c := &contest{Ratio: laws.Estimate{Value: 0.1, Interval: &laws.Interval{Low: 0.05, High: 0.2}}, Closer: 1, Pairs: 1}
	for i, name := range []string{"rounds", "row"} {
		found := laws.Estimate{Value: 0.06 + 0.1*float64(i)}
		c.Methods[i] = method{
			Name: name, Holds: 1 - i, Worst: found.Value - 0.05, Error: laws.Estimate{Value: found.Value - 0.05},
			Attempts: []attempt{{Method: name, Repeat: 1, Planted: 0.05, Found: found, Samples: 12}},
		}
	}
	return c, []results.Setting{{Key: "goos", Value: "linux"}, {Key: "contest-load", Value: "heavy"}, {Key: "drift-time", Value: "10s"}}
}

func TestTable(t *testing.T) {
	c, config := example()
	var b strings.Builder
	if err := table(&b, c, config); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"rounds  1        12       0.0100", "1 of 1", "row     1        12       0.1100", "0 of 1", "\nload: heavy\ntime: 10s\n",
		"\nThe error of rounds is 0.1 [0.05, 0.2] times that of row, and smaller in 1 of 1 repeats.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got\n%swant %q in it", &b, want)
		}
	}
	c.Ratio.Interval = nil
	if got := c.String(); !strings.Contains(got, "is 0.1 times that") {
		t.Errorf("without an interval: got %q", got)
	}
}
