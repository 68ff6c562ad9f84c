package trace

import (
	"testing"
)

// soundRun checks what any run must be.
func soundRun(t *testing.T, r *Run) {
	t.Helper()
	for _, rows := range [][]Row{r.Processors, r.Goroutines} {
		for _, row := range rows {
			at := Span{}
			for _, s := range row.Spans {
				if s.From < at.To || s.To <= s.From || s.To > r.Time || s.Activity >= activities {
					t.Fatalf("%s of %s: span %+v after %+v, of %v", row.Name, r.Name, s, at, r.Time)
				}
				at = s
			}
		}
	}
}
