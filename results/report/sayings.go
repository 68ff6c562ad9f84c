package report

import (
	"fmt"
	"strconv"
	"strings"

	"amdahl/results/laws"
	"amdahl/results/words"
)

// findings is what limits one series, a sentence each.
type findings struct {
	Series  string
	Texts   []string
	heading string
}

// diagnosis prints what limits each series.
func (p *printer) diagnosis(b *tables) {
	for _, s := range b.Sections {
		var said []findings
		for _, r := range s.Rows {
			f := findings{Series: r.Name, Texts: sayings(r.analysis)}
			if len(b.Sections) > 1 {
				f.heading = s.Heading
			}
			said = append(said, f)
		}
		p.findings(said)
	}
}

// findings prints sentences about series, each group of them below its heading.
func (p *printer) findings(all []findings) {
	said, heading := false, ""
	for _, f := range all {
		label := f.Series + ": "
		for _, text := range f.Texts {
			if !said || f.heading != heading {
				p.line("")
				p.heading(section{Heading: f.heading})
				said, heading = true, f.heading
			}
			p.hanging(label, words.Clean(text))
			label = strings.Repeat(" ", min(words.Width(label), most))
		}
	}
}

// sayings are the sentences about a series: what limits it, and where its
// worker time went.
func sayings(a *laws.Analysis) []string {
	var texts []string
	for _, f := range a.Diagnosis {
		texts = append(texts, f.Text)
	}
	if s := stackOf(a); s != nil {
		texts = append(texts, s.Sentences()...)
	}
	return texts
}

// most is how far a text after a label is indented at most.
const most = 24

// notes prints the footnotes.
func (p *printer) notes(b *tables) {
	if len(b.Notes) > 0 {
		p.line("")
	}
	for i, n := range b.Notes {
		p.hanging(fmt.Sprintf("%*d  ", len(strconv.Itoa(len(b.Notes))), i+1), n)
	}
}

// hanging prints a text after a label, folded, with the rest indented.
func (p *printer) hanging(label, text string) {
	indent := min(words.Width(label), most)
	for i, l := range words.Fold(text, max(p.o.Width-indent, 40)) {
		if i == 0 {
			p.line(label + l)
		} else {
			p.line(strings.Repeat(" ", indent) + l)
		}
	}
}
