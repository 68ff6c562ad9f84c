package results

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// A textReader turns Go benchmark text into measurements.
type textReader struct {
	key     string // the x axis that the user named, "" if none
	places  map[string]place
	env     environment
	keys    []string // of names that lacked the user's key
	lacking int      // how many lines lacked it
	first   *Complaint
}

// environment is what the configuration lines say at one line.
type environment struct {
	pkg     string
	round   int
	machine Machine
	config  []Setting
}

// read calls add for every measurement in r and bad for every line that
// cannot be one. It returns an error only if r cannot be read to its end.
func (t *textReader) read(r io.Reader, file string, add func(*Measurement), bad func(error)) error {
	rec := &recorder{r: r}
	br := benchfmt.NewReader(rec, file)
	var m Measurement
	last := -1
	for br.Scan() {
		switch res := br.Result().(type) {
		case *benchfmt.SyntaxError:
			bad(&Complaint{File: file, Line: res.Line, What: res.Msg, Text: rec.line(res.Line)})
		case *benchfmt.Result:
			_, line := res.Pos()
			complain := func(format string, args ...any) {
				bad(&Complaint{File: file, Line: line, What: fmt.Sprintf(format, args...), Text: rec.line(line)})
			}
			// Only a line that is no result can change the configuration.
			if line != last+1 {
				if err := t.env.read(res); err != nil {
					complain("%v", err)
					continue
				}
			}
			last = line
			p, ok := t.places[string(res.Name)]
			if !ok {
				var err error
				p, err = locate(res.Name, t.key)
				if missing := (*errNoKey)(nil); errors.As(err, &missing) {
					t.lacks(missing, &Complaint{File: file, Line: line, Text: rec.line(line)})
					continue
				} else if err != nil {
					complain("%v", err)
					continue
				}
				t.places[string(res.Name)] = p
			}
			m = Measurement{
				Series: p.series, X: p.x, Workers: p.n, Procs: p.procs,
				Round: t.env.round, Package: t.env.pkg, Machine: t.env.machine,
				File: file, Line: line, Extra: m.Extra[:0],
			}
			if err := m.values(res.Values); err != nil {
				complain("%v", err)
				continue
			}
			add(&m)
		}
	}
	if err := br.Err(); err != nil {
		return fmt.Errorf("%w: the file was read up to this line", err)
	}
	return nil
}

func (t *textReader) lacks(e *errNoKey, c *Complaint) {
	t.lacking++
	if t.first == nil {
		t.first, t.keys = c, e.have
	}
}

// values takes the time and the other metrics of a line.
func (m *Measurement) values(vs []benchfmt.Value) error {
	m.Tasks = 1
	found := false
	for _, v := range vs {
		unit := v.Unit
		if v.OrigUnit == "" { // benchfmt keeps the unit of a number that scaling does not change: 0 ns
			_, unit = benchunit.Tidy(1, unit)
		}
		switch unit {
		case "sec/op":
			m.Time, found = v.Value, true
		case "tasks/op":
			m.Tasks = v.Value
			if !(v.Value > 0) || math.IsInf(v.Value, 0) {
				return fmt.Errorf("tasks/op is %v: a number above 0 is needed", v.Value)
			}
		default:
			m.Extra = append(m.Extra, Metric{unit, v.Value})
		}
	}
	switch {
	case !found:
		return errors.New("no ns/op on this line: a time is needed")
	case math.IsNaN(m.Time) || math.IsInf(m.Time, 0):
		return fmt.Errorf("the time is %v: a finite number is needed", m.Time)
	case m.Time < 0:
		return errors.New("the time is negative")
	case m.Time == 0:
		return errors.New("the time is 0: the compiler removed the work, or the clock is too coarse")
	}
	m.Time /= m.Tasks
	if m.Time == 0 || math.IsInf(m.Time, 0) {
		return fmt.Errorf("the time per task is %v: ns/op and tasks/op do not fit together", m.Time)
	}
	return nil
}

// read takes what is needed from the configuration that holds at res.
func (e *environment) read(res *benchfmt.Result) error {
	*e = environment{config: e.config[:0:0]}
	for _, c := range res.Config {
		if !c.File {
			continue
		}
		var err error
		v := string(c.Value)
		switch c.Key {
		case "pkg":
			e.pkg = v
		case "goos":
			e.machine.OS = v
		case "goarch":
			e.machine.Arch = v
		case "cpu":
			e.machine.CPU = v
		case "cpu-count":
			e.machine.Logical, err = count(c.Key, v)
		case "cpu-physical-count":
			e.machine.Physical, err = count(c.Key, v)
		case "round":
			e.round, err = count(c.Key, v)
		}
		if err != nil {
			return err
		}
		if c.Key != "round" && c.Key != "pkg" {
			e.config = append(e.config, Setting{c.Key, v})
		}
	}
	return nil
}

func count(key, value string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(value))
	if err != nil || n < 1 {
		return 0, fmt.Errorf("the configuration line %q above this line is wrong: a whole number from 1 is needed", key+": "+value)
	}
	return n, nil
}
