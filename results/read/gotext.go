package read

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"amdahl/bench/contract"
	"amdahl/results"
)

// GoText is what go test -bench prints, from anywhere.
var GoText = Format{
	Name:  "Go benchmark text",
	Doc:   "what `go test -bench` prints; the x axis is a key of the names, or the `-N` suffix",
	Sniff: func([]byte, string) bool { return true },
	Read:  readGoText,
}

// A goReader turns Go benchmark text into measurements. Package benchfmt parses
// the results and the configuration lines. It asks for its input with Read,
// which gives one line at a time: so the line that a result came from is always
// the last one that was read, and lines that benchfmt does not know are seen
// here on their way.
type goReader struct {
	*input
	bench  *benchfmt.Reader
	line   []byte       // the last line that was read
	rest   []byte       // what of it benchfmt has not taken yet
	spoilt map[int]bool // the rounds that the file calls spoilt

	env     environment
	changed bool            // a line that can change env was read since the last result
	envErr  error           // what is wrong with the configuration that holds
	series  map[string]cell // where results go, by benchmark name, while env holds
	extra   []Metric        // of the last result
}

// readGoText reads a file; the error is about reading, not about the text.
func readGoText(in *input) error {
	g := &goReader{input: in, series: map[string]cell{}, changed: true}
	g.bench = benchfmt.NewReader(g, in.name)
	for g.bench.Scan() {
		switch r := g.bench.Result().(type) {
		case *benchfmt.SyntaxError:
			g.complainHere(errors.New(r.Msg))
		case *benchfmt.Result:
			if err := g.result(r); err != nil {
				g.complainHere(err)
			}
		}
	}
	g.session.skips.close()
	in.builder.markSpoilt(g.spoilt, in.fileSuffix())
	return in.text.failure(in.name)
}

// fileSuffix tells this file from others at the end of a warning.
func (in *input) fileSuffix() string {
	if in.files == 1 {
		return ""
	}
	return " of " + in.name
}

var benchmarkPrefix = []byte("Benchmark")

// Read gives benchfmt the next line, or what is left of it. It implements
// io.Reader.
func (g *goReader) Read(p []byte) (int, error) {
	for len(g.rest) == 0 {
		line, ok := g.text.next()
		if !ok {
			return 0, io.EOF // readGoText reports what ended the file
		}
		g.line = line
		if g.text.tooLong {
			g.complain(g.text.number, string(line), "this line is longer than 64 KiB, and was left out")
			continue
		}
		if !bytes.HasPrefix(line, benchmarkPrefix) {
			g.changed = true
			g.otherLine(line)
		} else if !g.changed && g.plain(line) {
			continue
		}
		g.session.skips.line(line, g.name, g.text.number)
		g.rest = line
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// otherLine reads what benchfmt does not: which rounds were spoilt.
func (g *goReader) otherLine(line []byte) {
	value, ok := bytes.CutPrefix(line, []byte(contract.KeySpoiltRounds+":"))
	if !ok {
		return
	}
	rounds, err := parseRounds(string(value))
	if err != nil {
		g.complainHere(err)
		return
	}
	g.spoilt = rounds
}

// complainHere complains about the last line that was read.
func (g *goReader) complainHere(err error) {
	text := string(bytes.TrimRight(g.line, "\r\n"))
	if missing := (*errNoKey)(nil); errors.As(err, &missing) {
		if g.missing.lines++; g.missing.first == nil {
			g.missing.first = &results.Complaint{File: g.name, Line: g.text.number, Text: text}
			g.missing.have = missing.have
		}
		return
	}
	g.complain(g.text.number, text, "%s", err)
}

// plain takes a line of the plainest form to where it belongs, and reports
// whether it did. The configuration that holds must be known.
func (g *goReader) plain(line []byte) bool {
	name, seconds, ok := plainResult(line)
	if !ok {
		return false
	}
	g.session.skips.close()
	if err := g.add(name, g.measurement(seconds)); err != nil {
		g.complainHere(err)
	}
	return true
}

// measurement is one of the line that was read last.
func (g *goReader) measurement(seconds float64) Measurement {
	return Measurement{Time: seconds, Tasks: 1, Round: g.env.round, File: g.name, Line: g.text.number}
}

// result takes one result of benchfmt to where it belongs.
func (g *goReader) result(r *benchfmt.Result) error {
	if g.changed {
		g.configure(r.Config)
	}
	m := g.measurement(0)
	m.Extra = g.extra[:0]
	if err := m.values(r.Values); err != nil && g.envErr == nil {
		return err
	}
	g.extra = m.Extra
	return g.add(r.Name, m)
}

// add takes a measurement to the series of its name.
func (g *goReader) add(name benchfmt.Name, m Measurement) error {
	switch {
	case g.envErr != nil:
		return g.envErr
	case g.env.canary:
		return g.canary(name, &m)
	}
	c, ok := g.series[string(name)]
	if !ok {
		var err error
		if c, err = g.cell(name, m); err != nil {
			return err
		}
		g.series[string(name)] = c
	}
	m.Workers = c.workers
	if g.env.sentinel {
		c.addSentinel(&m)
	} else {
		c.add(&m)
	}
	return nil
}

// configure takes the configuration that holds from now on.
func (g *goReader) configure(config []benchfmt.Config) {
	g.changed = false
	var env environment
	if env, g.envErr = newEnvironment(config); g.envErr != nil {
		return
	}
	if env.pkg != g.env.pkg || env.machine != g.env.machine {
		clear(g.series)
	}
	g.env = env
	g.builder.rounds = g.builder.rounds || env.round > 0
}

// canary keeps a result that tells how fast the machine is, and nothing else.
func (g *goReader) canary(name benchfmt.Name, m *Measurement) error {
	if base, _ := name.Parts(); string(base) != "Canary" {
		return errors.New("this stands under canary: true, which marks BenchmarkCanary only: write canary: where that ends")
	}
	g.set.Canaries = append(g.set.Canaries, results.Sample{Time: m.Time, Round: m.Round})
	return nil
}

// cell finds where results of this name go; m is the first of them.
func (g *goReader) cell(name benchfmt.Name, m Measurement) (cell, error) {
	at, err := locate(name, g.options.X)
	if err != nil {
		return cell{}, err
	}
	if !g.configKnown {
		g.set.Config, g.configKnown = g.env.config, true
	}
	m.Name, m.X, m.Workers, m.Procs = at.name, at.x, at.workers, at.procs
	m.Package, m.Machine = g.env.pkg, g.env.machine
	return g.builder.cell(&m), nil
}

// values takes the numbers of a result: the time, which is needed, the tasks,
// and the other metrics.
func (m *Measurement) values(vs []benchfmt.Value) error {
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
