package report

import (
	"fmt"

	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// mostFigures is how many groups a report draws at most, each as SVG, as PNG and on
// the page. One takes about 0.15 s and 0.2 MB. mostRows is how many rows the table of
// all series has on a page.
const (
	mostFigures = 50
	mostRows    = 1000
)

// leftOut reports of each group whether it is not drawn: the topics of a page are drawn
// in their order, those that gain most first, as long as there is room for all of a
// topic.
func leftOut(gs []groups.Group) []bool {
	left := make([]bool, len(gs))
	if len(gs) <= mostFigures {
		return left
	}
	at := map[*laws.Analysis]int{}
	for i, g := range gs {
		left[i] = true
		at[g.Analyses[0]] = i
	}
	drawn := 0
	for _, t := range topicsOf(gs) {
		if drawn += len(t.Answers); drawn > mostFigures {
			break
		}
		for _, a := range t.Answers {
			left[at[a.Group.Analyses[0]]] = false
		}
	}
	return left
}

// leftText says that some groups are not drawn.
func leftText(drawn, all int) string {
	return fmt.Sprintf("%d of %d figures are drawn, those of the workloads that gain most. The numbers of the others are in results.json and table.txt.", drawn, all)
}

// Left is what a report of the analyses does not draw: a sentence, and a filter that
// chooses some of it. Both are "" where it draws everything.
func Left(as []*laws.Analysis) (text, filter string) {
	gs := groups.Of(as)
	left := leftOut(gs)
	n := 0
	for i, l := range left {
		if !l {
			continue
		}
		if n++; filter == "" {
			filter = gs[i].Common
		}
	}
	if n == 0 {
		return "", ""
	}
	return leftText(len(gs)-n, len(gs)), filter
}

// rowsText says that some rows are not on the page.
func rowsText(rows, all int) string {
	return fmt.Sprintf("The first %d of %s; all are in table.txt and results.json.", rows, words.Count(all, "row"))
}
