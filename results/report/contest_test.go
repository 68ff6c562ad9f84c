package report

import (
	"fmt"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/truth"
)

func TestContestTable(t *testing.T) {
	c := &truth.Contest{Ratio: laws.Estimate{Value: 0.1, Interval: &laws.Interval{Low: 0.05, High: 0.2}}, Closer: 1, Pairs: 1}
	for i, name := range []string{"rounds", "row"} {
		found := laws.Estimate{Value: 0.06 + 0.1*float64(i)}
		c.Methods[i] = truth.Method{
			Name: name, Holds: 1 - i, Worst: found.Value - 0.05, Error: laws.Estimate{Value: found.Value - 0.05},
			Attempts: []truth.Attempt{{Method: name, Repeat: 1, Planted: 0.05, Found: found, Samples: 12}},
		}
	}
	config := []results.Setting{{Key: "goos", Value: "linux"}, {Key: "drift-weather", Value: "storm"}, {Key: "drift-time", Value: "10s"}}
	var b strings.Builder
	if err := Contest(&b, c, config, Options{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"rounds  1        12       0.0100", "1 of 1", "row     1        12       0.1100", "0 of 1", "\nweather: storm\ntime: 10s\n",
		"\nThe error of rounds is 0.1 [0.05, 0.2] times that of row, and smaller in 1 of 1 repeats.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("got\n%swant %q in it", &b, want)
		}
	}
	figure := ContestFigure(c, config, results.Machine{CPU: "Example CPU"}).String()
	for _, want := range []string{"weather: storm; time: 10s", "Example CPU", `points "rounds"`, "1  0.16 no interval", fmt.Sprintf("planted %g", 0.05)} {
		if !strings.Contains(figure, want) {
			t.Errorf("got\n%swant %q in it", figure, want)
		}
	}
}
