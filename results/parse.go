package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// A parser reads blocks of benchmark text. It is used by one goroutine.
type parser struct {
	file string
	br   benchfmt.Reader
}

// parsed is what stands in one block.
type parsed struct {
	block block
	names []benchfmt.Name // each name once
	lines []parsedLine
	// config is what the configuration lines up to the end of the block say,
	// as benchfmt takes it: key, value, key, value. Only of a block that is
	// not pure.
	config []string
}

// A parsedLine is a result, or a complaint.
type parsedLine struct {
	line  int
	name  int // index of names
	time  float64
	tasks float64
	extra []Metric
	env   *environment // holds from this line on; nil where nothing changed
	wrong error
}

// spare keeps the lists of lines that were dealt with.
var spare sync.Pool

// endMark is put behind a block to see the configuration at its end.
const endMark = "\nBenchmarkEnd 1 1 ns/op\n"

// parse reads a block. The configuration is the one at its beginning.
func (p *parser) parse(b block, config []string) parsed {
	out := parsed{block: b}
	if kept, ok := spare.Get().(*[]parsedLine); ok {
		out.lines = *kept
	}
	out.lines = slices.Grow(out.lines[:0], b.lines+1)
	if b.pure && out.quick() {
		return out
	}
	out.names, out.lines = nil, out.lines[:0]
	return p.thorough(b, config, out)
}

// thorough reads a block with benchfmt.
func (p *parser) thorough(b block, config []string, out parsed) parsed {
	var text io.Reader = bytes.NewReader(b.text)
	if !b.pure {
		text = io.MultiReader(text, bytes.NewReader([]byte(endMark)))
	}
	p.br.Reset(text, p.file, config...)
	index := map[string]int{}
	last, next := -1, -1
	for p.br.Scan() {
		l := parsedLine{}
		switch res := p.br.Result().(type) {
		case *benchfmt.SyntaxError:
			l.line = res.Line + b.line - 1
			l.wrong = errors.New(res.Msg)
		case *benchfmt.Result:
			_, line := res.Pos()
			l.line = line + b.line - 1
			// Only a line that is no result can change the configuration.
			if !b.pure && line != last+1 {
				l.env, l.wrong = newEnvironment(res.Config)
			}
			if last = line; l.wrong != nil {
				last = -1 // the next line stands under the same configuration
			}
			// Names mostly follow one another as they did before.
			if next++; next >= len(out.names) {
				next = 0
			}
			if len(out.names) == 0 || !bytes.Equal(out.names[next], res.Name) {
				i, ok := index[string(res.Name)]
				if !ok {
					i = len(out.names)
					out.names = append(out.names, slices.Clone(res.Name))
					index[string(res.Name)] = i
				}
				next = i
			}
			l.name = next
			if l.wrong == nil {
				l.wrong = l.values(res.Values)
			}
			if !b.pure {
				out.config = out.config[:0]
				for _, c := range res.Config {
					out.config = append(out.config, c.Key, string(c.Value))
				}
			}
		default:
			continue // metadata of a unit
		}
		out.lines = append(out.lines, l)
	}
	if !b.pure {
		out.lines = out.lines[:len(out.lines)-1] // the endMark
	}
	return out
}

// values takes the time, per task, and the other metrics of a line.
func (l *parsedLine) values(vs []benchfmt.Value) error {
	l.tasks = 1
	found := false
	for _, v := range vs {
		unit := v.Unit
		if v.OrigUnit == "" { // benchfmt keeps the unit of a number that scaling does not change: 0 ns
			_, unit = benchunit.Tidy(1, unit)
		}
		switch unit {
		case "sec/op":
			l.time, found = v.Value, true
		case "tasks/op":
			l.tasks = v.Value
			if !(v.Value > 0) || math.IsInf(v.Value, 0) {
				return fmt.Errorf("tasks/op is %v: a number above 0 is needed", v.Value)
			}
		default:
			l.extra = append(l.extra, Metric{unit, v.Value})
		}
	}
	switch {
	case !found:
		return errors.New("no ns/op on this line: a time is needed")
	case math.IsNaN(l.time) || math.IsInf(l.time, 0):
		return fmt.Errorf("the time is %v: a finite number is needed", l.time)
	case l.time < 0:
		return errors.New("the time is negative")
	case l.time == 0:
		return errors.New("the time is 0: the compiler removed the work, or the clock is too coarse")
	}
	l.time /= l.tasks
	if l.time == 0 || math.IsInf(l.time, 0) {
		return fmt.Errorf("the time per task is %v: ns/op and tasks/op do not fit together", l.time)
	}
	return nil
}
