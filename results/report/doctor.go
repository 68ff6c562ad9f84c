package report

import (
	"amdahl/results/words"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Doctor is what was found of a machine.
type Doctor struct {
	Grade    string // A to F
	Line     string // the grade with its reasons, in one line
	About    string // what is neither good nor bad of the machine, in one line
	Findings []Check

	// Environment has the configuration lines. What is a number has its Go
	// type: times in seconds, memory in bytes, counts, steal in per cent of the
	// wanted time. What is text is a string.
	Environment map[string]any
	Timing      DoctorTiming
}

// A Check is what one check of a machine found. The JSON of amdahl doctor has
// its fields.
type Check struct {
	Name     string   `json:"name"`
	Mark     string   `json:"mark"` // bad, note, good or unknown
	Cost     int      `json:"cost"` // grades
	Found    string   `json:"found"`
	Why      string   `json:"why"`  // why it matters
	Help     string   `json:"help"` // what would help; "" if nothing is wrong
	Commands []string `json:"commands"`
}

// DoctorTiming is what was measured of a machine, in seconds.
type DoctorTiming struct {
	Late       float64 `json:"timer_late"`      // of a sleep of 1 ms, the median
	LateMost   float64 `json:"timer_late_p99"`  // and the 99th percentile
	Canary     float64 `json:"canary"`          // one alone
	Processors int     `json:"processors"`      // that were busy at once
	Worth      float64 `json:"processor_worth"` // of work that they gave together
	Ran        float64 `json:"ran"`             // share of the time in which they ran, from 0 to 1; 0 if unknown
}

// mostWide is how wide a paragraph gets at most: longer lines read badly.
const mostWide = 100

// PrintDoctor prints the grade in one line, the findings that cost grades and
// those worth knowing as paragraphs, and the others as a list.
func PrintDoctor(w io.Writer, d Doctor, o Options) error {
	p := newPrinter(w, o)
	p.o.Width = min(p.o.Width, mostWide)
	for _, l := range words.Fold(d.Line, p.o.Width) {
		p.line(p.style(bold, l))
	}
	p.hanging("", d.About)
	for _, part := range []struct {
		head string
		mark string
	}{{"costs grades", "bad"}, {"worth knowing", "note"}, {"good", "good"}, {"unknown", "unknown"}} {
		for i, f := range marked(d.Findings, part.mark) {
			if i == 0 {
				p.line("")
				p.line(p.style(bold, part.head))
			}
			p.check(f)
		}
	}
	return p.flush()
}

// check prints one finding: its name in the margin, and its text beside it.
func (p *printer) check(c Check) {
	const indent = 17
	margin := "      " + c.Name
	if c.Cost > 0 {
		margin = fmt.Sprintf("  -%d  %s", c.Cost, c.Name)
	}
	margin = fmt.Sprintf("%-*s", indent, margin)
	blank := strings.Repeat(" ", indent)
	if c.Mark == "good" || c.Mark == "unknown" {
		p.hanging(margin, c.Found)
		return
	}
	p.hanging(margin, sentence(c.Found)+" "+sentence(c.Why))
	if c.Help != "" {
		p.hanging(blank, c.Help)
	}
	for _, command := range c.Commands { // to be copied, so never folded
		p.line(blank + "  $ " + p.style(bold, command))
	}
}

// marked lists the findings with a mark, the costliest first.
func marked(all []Check, mark string) []Check {
	some := slices.DeleteFunc(slices.Clone(all), func(c Check) bool { return c.Mark != mark })
	slices.SortStableFunc(some, func(a, b Check) int { return b.Cost - a.Cost })
	return some
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// DoctorJSON prints the same as data: version 2 of the schema, in which
// numbers are numbers.
func DoctorJSON(w io.Writer, d Doctor) error {
	findings := each(d.Findings, func(c Check) Check {
		c.Commands = append([]string{}, c.Commands...) // [] rather than null
		return c
	})
	return encode(w, struct {
		Version     int            `json:"version"`
		Grade       string         `json:"grade"`
		Line        string         `json:"line"`
		Environment map[string]any `json:"environment"`
		Timing      DoctorTiming   `json:"timing"`
		Findings    []Check        `json:"findings"`
	}{2, d.Grade, d.Line, d.Environment, d.Timing, findings})
}
