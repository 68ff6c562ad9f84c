package rounds

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// Progress shows one line about a run. It draws only when a process ends or
// prints a result: a ticker would run inside what is being timed. A nil Progress
// draws nothing.
type Progress struct {
	W       io.Writer
	Line    bool // W is a terminal: redraw one line; else a line a round
	Columns int  // of the terminal; 0 is 80

	width int       // of what is drawn
	last  time.Time // drawn
}

// A position is what the progress line shows of a run.
type position struct {
	round, rounds int // rounds is 0 where their number is not fixed
	step, steps   int
	results       int // of this process so far
	name          string
	verdict       *Verdict
	begin         time.Time     // of the process
	remaining     time.Duration // of the run, when the process began
	timed         bool          // remaining is known
}

// String is the part of the line before the name.
func (p position) String() string {
	if p.round == 0 {
		return ""
	}
	text := fmt.Sprintf("round %d", p.round)
	if p.rounds > 0 {
		text += fmt.Sprintf("/%d", p.rounds)
	}
	if p.steps > 1 {
		text += fmt.Sprintf("  %d/%d", p.step, p.steps)
	}
	if p.verdict != nil {
		text += "  " + p.verdict.String()
	}
	if p.timed {
		text += "  " + clock(p.remaining) + " left"
	}
	return text + "  "
}

// unknownAt is the half width of an interval of σ, a number from 0 to 1, from
// which on it says nothing.
const unknownAt = 0.5

// String says how well σ is known, in a few words: "σ 0.052 ± 0.013 of Index".
func (v Verdict) String() string {
	of := ""
	if v.Series != "" {
		of = " of " + graphic(v.Series)
	}
	if !(v.Within() < unknownAt) {
		return "σ" + of + " not known yet"
	}
	return fmt.Sprintf("σ %.4g ± %.2g%s", v.Sigma, v.Within(), of)
}

// graphic is a text of others without the characters that steer a terminal.
func graphic(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return '?'
		}
		return r
	}, s)
}

const redraw = 50 * time.Millisecond // the shortest time between two drawings inside a process

// draw draws the line anew.
func (p *Progress) draw(at position, now time.Time) {
	if p == nil || !p.Line {
		return
	}
	if at.results > 0 {
		if now.Sub(p.last) < redraw {
			return
		}
		at.remaining = max(0, at.remaining-now.Sub(at.begin))
	}
	p.last = now
	columns := p.Columns
	if columns <= 0 {
		columns = 80
	}
	text := []rune(at.String() + graphic(at.name))
	if len(text) > columns-1 {
		text = append(text[:max(columns-2, 0)], '…')
	}
	fmt.Fprintf(p.W, "\r%-*s", p.width, string(text))
	p.width = len(text)
}

// ended prints a line for a finished round, where the line is not redrawn.
func (p *Progress) ended(at position) {
	if p == nil || p.Line {
		return
	}
	at.steps = 0
	fmt.Fprintln(p.W, strings.TrimSpace(at.String()))
}

// clear removes the line.
func (p *Progress) clear() {
	if p != nil && p.Line && p.width > 0 {
		fmt.Fprintf(p.W, "\r%s\r", strings.Repeat(" ", p.width))
		p.width = 0
	}
}

// clock prints minutes and seconds.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
