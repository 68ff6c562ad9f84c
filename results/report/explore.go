package report

import (
	"fmt"
	"io"

	"amdahl/results/charts"
	"amdahl/results/laws"
	"amdahl/results/report/page"
)

// Explore writes a page without data, to learn from: laws with sliders, simulated
// tasks on workers, and a place for the reader's own benchmark text or CSV. It fetches
// nothing.
func Explore(w io.Writer) error {
	e := page.Explorer{Light: charts.Variables(false), Dark: charts.Variables(true), Colors: charts.Colors(), Laws: lawNames()}
	for _, l := range laws.All {
		e.Terms = append(e.Terms, page.Term{Name: l.Title, Doc: l.Doc + ".", Formula: l.Formula, Source: l.Source})
	}
	if err := page.WriteExplorer(w, e); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}
