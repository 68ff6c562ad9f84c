package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress draws one line about a run in rounds. It draws only when a result
// has come in, never while something is being timed. A nil Progress draws
// nothing.
type Progress struct {
	W     io.Writer
	Line  bool               // W is a terminal: redraw one line; else a line a round
	Guess map[string]float64 // by full benchmark name: about how many seconds it takes

	round, rounds int
	done          int                // results in this round
	seconds       map[string]float64 // by name, as the last round took
	last          time.Time
	width         int
	left          map[string]bool // not measured yet in this round
}

// Round says that a round begins.
func (p *Progress) Round(round, rounds int) {
	if p == nil {
		return
	}
	p.round, p.rounds, p.done, p.last = round, rounds, 0, time.Now()
	p.left = map[string]bool{}
	for name := range p.Guess {
		p.left[name] = true
	}
	if p.seconds == nil {
		p.seconds = map[string]float64{}
	}
	if !p.Line {
		fmt.Fprintf(p.W, "round %d of %d\n", round, rounds)
		return
	}
	p.draw("starting")
}

// Result takes a line of benchmark text.
func (p *Progress) Result(line string) {
	if p == nil {
		return
	}
	name := strings.Fields(line)[0]
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		name = name[:i]
	}
	now := time.Now()
	p.seconds[name] = now.Sub(p.last).Seconds()
	p.last = now
	p.done++
	delete(p.left, name)
	if p.Line {
		p.draw(short(name))
	}
}

// Done clears the line.
func (p *Progress) Done() {
	if p != nil && p.Line {
		fmt.Fprintf(p.W, "\r%*s\r", p.width, "")
	}
}

// TimeLeft adds up what every case still to come took when it was last
// measured. A case never measured counts with its guess, scaled by how the
// guesses of the measured ones turned out.
func (p *Progress) TimeLeft() time.Duration {
	measured, guessed := 0.0, 0.0
	for name, s := range p.seconds {
		if g, ok := p.Guess[name]; ok {
			measured += s
			guessed += g
		}
	}
	scale := 1.0
	if guessed > 0 {
		scale = measured / guessed
	}
	var left float64
	for name, g := range p.Guess {
		s, ok := p.seconds[name]
		if !ok {
			s = g * scale
		}
		left += s * float64(p.rounds-p.round)
		if p.left[name] {
			left += s
		}
	}
	return time.Duration(left * float64(time.Second))
}

func (p *Progress) draw(what string) {
	text := fmt.Sprintf("round %d/%d  %d/%d points  %s left  %s",
		p.round, p.rounds, p.done, len(p.Guess), clock(p.TimeLeft()), what)
	fmt.Fprintf(p.W, "\r%-*s", p.width, text)
	p.width = max(p.width, len(text))
}

// clock prints minutes and seconds.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// short names a point by the values of its keys.
func short(name string) string {
	var words []string
	for _, part := range strings.Split(name, "/") {
		key, value, ok := strings.Cut(part, "=")
		switch {
		case !ok:
			words = append(words, strings.ToLower(strings.TrimPrefix(key, "Benchmark")))
		case key == "workload" || key == "strategy":
			words = append(words, value)
		case key == "workers":
			words = append(words, "×"+value)
		}
	}
	return strings.Join(words, " ")
}
