package results

import (
	"errors"
	"io"
	"runtime"

	"golang.org/x/perf/benchfmt"
)

// A textReader turns Go benchmark text into measurements. Blocks without
// configuration lines are parsed side by side; what they say is put together
// in the order of the file.
type textReader struct {
	key string // the x axis that the user named, "" if none
	to  *builder
	bad func(error) // gets a complaint for every line that cannot be used

	env    environment
	skips  skips
	spoilt map[int]bool // rounds of the file that is read
	watch  []Sample     // of canaries

	config []Setting       // of the first result
	seats  map[string]seat // by benchmark name, for the environment that holds

	keys    []string // of names that lacked the user's key
	lacking int      // how many lines lacked it
	first   *Complaint
}

// A seat is what a name means, worked out once.
type seat struct {
	place
	slot
}

// read returns an error only if r cannot be read to its end. where is what a
// warning about rounds says to tell this file from others.
func (t *textReader) read(r io.Reader, file, where string) error {
	t.env, t.seats, t.spoilt = environment{}, map[string]seat{}, nil
	t.to.begin()
	workers := runtime.GOMAXPROCS(0)
	pure := make(chan job, workers)
	queue := make(chan job, 2*workers) // in the order of the file
	for range workers {
		go func() {
			p := parser{file: file}
			for j := range pure {
				j.done <- p.parse(j.block, nil)
			}
		}()
	}
	failed := make(chan error, 1)
	go func() {
		failed <- blocks(r, file, func(b block) bool {
			j := job{block: b}
			if b.pure {
				j.done = make(chan parsed, 1)
				pure <- j
			}
			queue <- j
			return true
		})
		close(pure)
		close(queue)
	}()
	here := parser{file: file}
	var config []string
	for j := range queue {
		t.beside(j.block, file)
		if j.block.pure {
			t.take(<-j.done, file)
			continue
		}
		p := here.parse(j.block, config)
		t.take(p, file)
		config = p.config
	}
	t.skips.close()
	t.to.mark(t.spoilt, where)
	return <-failed
}

// A job is a block on its way; done gets it parsed, if it is pure.
type job struct {
	block block
	done  chan parsed
}

// take puts the lines of a block where they belong.
func (t *textReader) take(p parsed, file string) {
	m := Measurement{File: file}
	seats := make([]seat, len(p.names)) // of the environment that holds
	for i := range p.lines {
		l := &p.lines[i]
		if l.env != nil {
			t.configure(l.env)
			clear(seats)
		}
		err := l.wrong
		switch {
		case err != nil:
		case t.env.canary:
			if err = t.canary(p.names[l.name], l); err == nil {
				continue
			}
		default:
			m.Line, m.Time, m.Tasks, m.Extra, m.Round = l.line, l.time, l.tasks, l.extra, t.env.round
			s := &seats[l.name]
			if s.draft == nil {
				*s, err = t.seat(p.names[l.name], m)
			}
			if err == nil {
				if m.Workers = s.n; t.env.sentinel {
					s.sentinel(&m)
				} else {
					s.add(&m)
				}
				continue
			}
		}
		c := &Complaint{File: file, Line: l.line, Text: p.block.lineOf(l.line)}
		if missing := (*errNoKey)(nil); errors.As(err, &missing) {
			if t.lacking++; t.first == nil {
				t.first, t.keys = c, missing.have
			}
			continue
		}
		c.What = err.Error()
		t.bad(c)
	}
	clear(p.lines)
	spare.Put(&p.lines)
	p.block.free()
}

// canary keeps a result that tells how fast the machine is, and nothing else.
func (t *textReader) canary(name benchfmt.Name, l *parsedLine) error {
	if base, _ := name.Parts(); string(base) != "Canary" {
		return errors.New("this stands under canary: true, which marks BenchmarkCanary only: write canary: where that ends")
	}
	t.watch = append(t.watch, Sample{Time: l.time, Round: t.env.round})
	return nil
}

// configure takes a configuration that holds from now on.
func (t *textReader) configure(e *environment) {
	if t.env.pkg != e.pkg || t.env.machine != e.machine {
		clear(t.seats)
	}
	t.env = *e
	t.to.rounds = t.to.rounds || e.round > 0
}

// seat finds where measurements of this name go; m is the first of them.
func (t *textReader) seat(name benchfmt.Name, m Measurement) (seat, error) {
	if s, ok := t.seats[string(name)]; ok {
		return s, nil
	}
	p, err := locate(name, t.key)
	if err != nil {
		return seat{}, err
	}
	if t.config == nil {
		t.config = t.env.config
	}
	m.Series, m.X, m.Workers, m.Procs = p.series, p.x, p.n, p.procs
	m.Package, m.Machine = t.env.pkg, t.env.machine
	s := seat{p, t.to.find(&m)}
	t.seats[string(name)] = s
	return s, nil
}
