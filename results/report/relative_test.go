package report

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
)

// Where speedups were given no table, answer or page shows a time.
func TestGivenSpeedups(t *testing.T) {
	for name, levels := range map[string][]float64{"from one": {1, 2, 4, 8}, "from two": {2, 4, 8}, "two levels": {1, 2}, "one level": {4}} {
		c := &results.Curve{Name: results.ParseName("A"), X: "threads", Kind: results.Strong, Relative: true}
		for _, n := range levels {
			c.Points = append(c.Points, results.Point{Workers: n, Tasks: 1, Samples: []results.Sample{{Time: 1/n + 0.1*(1-1/n)}}})
		}
		a, err := laws.Analyze(c, laws.Options{})
		if err != nil {
			a = laws.Measured(c, 0)
		}
		as := []*laws.Analysis{a}
		var table, simple, predicted, data, page bytes.Buffer
		for _, err := range []error{
			Table(&table, as, Options{Wide: true, Verbose: true}), Simple(&simple, as, Options{}), Predictions(&predicted, as, []float64{16}, Options{}), JSON(&data, as), Page(&page, as, Options{}),
		} {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		body, _, _ := strings.Cut(page.String()[strings.Index(page.String(), "<body>"):], `<script type="module">`)
		for _, text := range []string{table.String(), simple.String(), predicted.String(), body} {
			if time := aTime.FindString(text); time != "" {
				t.Errorf("%s: %q stands in %s", name, time, text)
			}
			if strings.Contains(text, "no speedup") || strings.Contains(text, "nothing to stand on") || strings.Contains(text, "T(1) is extrapolated") {
				t.Errorf("%s: the speedups are said to be unknown: %s", name, text)
			}
		}
		if !strings.Contains(data.String(), `"relative": true`) {
			t.Errorf("%s: the JSON does not say that there are no times: %s", name, &data)
		}
	}
}

// aTime matches a time as tables print it.
var aTime = regexp.MustCompile(`\d (?:s|ms|µs|ns)\b`)
