package rounds

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// A Command is a program to measure. {name} in its arguments and in Prepare
// stands for the value of the axis of that name.
type Command struct {
	Args    []string // program and arguments, at least one
	Prepare string   // for the shell, before every run; "" is nothing
	Shell   bool     // give Args to the shell, joined by spaces
	Name    string   // of the series; "" is the program's
	Account bool     // write the time paid for the workers of the last axis, and context switches
}

// Points lists the levels of the axes. The first is the sentinel, if there is
// more than one. An axis that is neither in Args nor in Prepare is an error.
func (c Command) Points(axes []Axis) ([]Point, error) {
	text := strings.Join(c.Args, " ")
	for _, a := range axes {
		if !strings.Contains(text+c.Prepare, "{"+a.Name+"}") {
			return nil, fmt.Errorf("the command does not say where %s goes: write {%s} in it", a.Name, a.Name)
		}
	}
	var points []Point
	levels := Levels(axes)
	for i, l := range levels {
		p := Point{Name: l.String(), Sentinel: i == 0 && len(levels) > 1, Line: c.line(l)}
		if c.Shell {
			p.Args = Shell(l.expand(text))
		} else {
			for _, a := range c.Args {
				p.Args = append(p.Args, l.expand(a))
			}
		}
		if c.Account {
			p.Paid = l.workers()
		}
		if c.Prepare != "" {
			p.Prepare = Shell(l.expand(c.Prepare))
		}
		points = append(points, p)
	}
	return points, nil
}

// workers is the value of the last axis, 1 without one.
func (l Level) workers() float64 {
	if len(l) > 0 {
		if n, err := strconv.Atoi(l[len(l)-1].Value); err == nil && n > 0 {
			return float64(n)
		}
	}
	return 1
}

// suffixed matches names whose end would be read as GOMAXPROCS.
var suffixed = regexp.MustCompile(`-\d+$`)

// line is the name of the benchmark at a level.
func (c Command) line(l Level) string {
	program := c.Args[0]
	if words := strings.Fields(program); c.Shell && len(words) > 0 {
		program = words[0]
	}
	program = filepath.Base(program)
	if c.Name != "" {
		program = c.Name
	}
	name := "BenchmarkCommand/cmd=" + strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != '/' {
			return r
		}
		return '_'
	}, program)
	for _, s := range l {
		name += "/" + s.Name + "=" + s.Value
	}
	if suffixed.MatchString(name) {
		name += "-1" // GOMAXPROCS=1 means the same as no suffix
	}
	return name
}

// TellsRound reports whether arguments have {round}: a program that knows the
// round can put its levels into an order of its own.
func TellsRound(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return strings.Contains(a, "{round}") })
}
