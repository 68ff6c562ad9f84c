// Package read turns files that people have into curves.
//
// A file is opened, and unpacked if it is gzip; the first format of [All] that
// recognises its beginning reads it into measurements; a builder groups the
// measurements of all files into one [results.Curve] a series. To add a format,
// write one file with its literal and one line in [All].
package read

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// Options say how to read. The zero value finds everything by itself. Columns
// are those of tables of any format; a column is named by the text of its
// header, or by #N for the Nth.
type Options struct {
	// X names the x axis: a key or a word of the benchmark names, "gomaxprocs"
	// for the -N suffix, "#N" for the Nth number of a name, a column of a table, a
	// parameter of hyperfine or JMH. Empty means what [All] says of each format.
	X string

	// Time, Throughput, Latency and Speedup name the column that is measured:
	// time per task, tasks per time, the time that each of X clients waits for a
	// task, and the ratio of times. Time may name several columns.
	Time       []string
	Throughput string
	Latency    string
	Speedup    string

	// Metric names the metric of benchmark text that is measured instead of the
	// time: a rate, as in "req/s", is a throughput.
	Metric string

	// Unit is the unit of the measured column, "" for what the file says:
	// ns, us, ms, s, min, h.
	Unit string

	// Comma says what a comma in the numbers of a table is, [CommaDecimal] or
	// [CommaThousands]; "" for what the table says.
	Comma string

	// Series names columns whose values tell the series apart.
	Series []string

	// WorkPerWorker says that every worker does operations of its own, so that
	// an operation at level n is n tasks.
	WorkPerWorker bool

	// Join says that the levels which a series has in several files, or in several
	// parts of one, are repeats of one measurement.
	Join bool

	// Open opens a path that is not "-"; nil is [os.Open].
	Open func(path string) (io.ReadCloser, error)

	// Command is the command that the user typed, for messages: "amdahl fit" by
	// default. Args are its arguments that are not flags, by default the paths.
	Command string
	Args    []string
}

// ErrNothing is wrapped by the error for input without a single benchmark
// result.
var ErrNothing = errors.New("no benchmark results")

// A KeyError says that no benchmark name has the key that was asked for.
type KeyError struct {
	Key   string
	Have  []string // the keys that the first name has
	Where *results.Complaint
	Try   string // complete commands
}

func (e *KeyError) Error() string {
	c := *e.Where
	c.What = fmt.Sprintf("no benchmark has the key %q; this one has %s: %s", e.Key, strings.Join(e.Have, ", "), e.Try)
	return c.Error()
}

// A ColumnError says that a column, a parameter or an axis is missing, or must
// be named.
type ColumnError struct{ what string }

func (e *ColumnError) Error() string { return e.what }

// Files reads the files, or stdin for "-" or where there are no files, and
// groups what they hold into curves. Lines, curves and files that cannot be used
// become Problems of the set, each with its place; what was taken for what
// becomes its Notes. An error means that there is no set: nothing was read
// ([ErrNothing]), an x axis that nothing has ([*KeyError]), a column that nothing
// has or a choice that only the user can make ([*ColumnError]). It may be called
// concurrently.
func Files(paths []string, stdin io.Reader, o Options) (*results.Set, error) {
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	if o.Args == nil && paths[0] != "-" {
		o.Args = paths
	}
	s := newSession(paths, o)
	for i, path := range paths {
		if j := slices.Index(paths[:i], path); j >= 0 {
			return nil, &ColumnError{fmt.Sprintf("%s is named twice: its samples would count twice: name it once", path)}
		}
		if err := s.file(path, stdin); err != nil {
			s.failed = append(s.failed, err)
		}
	}
	return s.finish()
}

// A session is one call of [Files]: what all its files have given so far.
type session struct {
	options Options
	paths   []string
	builder *builder
	set     results.Set
	skips   skips
	tables  []*tableGuess // files that were read by guesses
	formats []Format      // of the files that gave something

	missing missingKey
	failed  []error         // why files gave nothing
	ask     []error         // choices that only the user can make
	noted   map[string]bool // the notes of the set
	sizes   map[string]bool // the texts of refused
	refused []string        // numbers that were not taken for workers

	configKnown bool // the set has the configuration of the first result
}

func newSession(paths []string, o Options) *session {
	s := &session{options: o, paths: paths, builder: newBuilder(), noted: map[string]bool{}, sizes: map[string]bool{}}
	s.builder.files = len(paths)
	return s
}

// An input is one file on its way into curves, as a [Format] sees it.
type input struct {
	*session
	text  lineReader
	head  []byte // the part of the file in which its format was recognised, at most [sniffed] bytes
	name  string // of the file, for messages
	block *block // of the file that is being read

	benchstatBlocks map[string]*block // the columns of tables of benchstat, by name
}

// peek is the part of the file in which its format was recognised, or its beginning.
func (in *input) peek() []byte {
	if in.head == nil {
		in.head, _ = in.text.r.Peek(sniffed)
		in.head = slices.Clone(in.head)
	}
	return in.head
}

// newBlock begins another block of the file.
func (in *input) newBlock(title string) {
	in.block = &block{file: in.block.file, path: in.block.path, title: title, table: in.block.table}
}

// add takes a measurement with its label at a line.
func (in *input) add(l label, line int, m *Measurement) {
	if l.kind == placed && !stats.Positive(l.workers) {
		in.complain(line, l.series, "%s=%g is not a number of workers: a number above 0 is needed", l.x, l.workers)
		return
	}
	r, err := in.builder.record(recordKey{block: in.block, label: l}, 1, origin{in.name, line})
	if err != nil {
		if !errors.Is(err, errFull) {
			in.complain(line, l.text+l.series, "%s", err)
		}
		return
	}
	r.add(in.builder, m)
}

// file reads one file with the format that recognises it.
func (s *session) file(path string, stdin io.Reader) error {
	r, name, closeFile, err := open(path, stdin, s.options.Open)
	if err != nil {
		return err
	}
	before := s.builder.count
	complaints := len(s.set.Problems) + len(s.ask)
	format, head, r := chooseFormat(r, name, s.options)
	in := &input{session: s, text: lineReader{r: r}, head: head, name: name, block: &block{file: slices.Index(s.paths, path), path: path, table: format.Table}}
	if err = s.options.unused(format, name); err == nil {
		err = format.Read(in)
	}
	if e := closeFile(); err == nil {
		err = e
	}
	if s.builder.count > before {
		s.formats = append(s.formats, format)
	} else if err == nil && len(s.set.Problems)+len(s.ask) == complaints && len(s.paths) > 1 {
		err = fmt.Errorf("%s: %w: it was read as %s", name, ErrNothing, format.Name)
	}
	return err
}

// bad keeps a complaint about the input.
func (s *session) bad(err error) { s.set.Problems = append(s.set.Problems, err) }

// note keeps what was taken for what, once.
func (s *session) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !s.noted[text] {
		s.noted[text] = true
		s.set.Notes = append(s.set.Notes, errors.New(text))
	}
}

// complain keeps a complaint about a line of the file and shows its text.
func (in *input) complain(line int, text, format string, args ...any) {
	in.bad(&results.Complaint{File: in.name, Line: line, What: fmt.Sprintf(format, args...), Text: text})
}

// finish makes the set of what all files gave.
func (s *session) finish() (*results.Set, error) {
	b, set := s.builder, &s.set
	set.Skipped = s.skips.found
	if b.rounds {
		slices.SortStableFunc(set.Skipped, func(s, t results.Skip) int { return strings.Compare(s.Name, t.Name) })
	}
	s.refuseGuesses()
	records := s.locate()
	if s.missing.lines > 0 {
		if len(records) == 0 {
			return nil, &KeyError{s.options.X, s.missing.have, s.missing.first, s.options.choices("x", s.missing.try)}
		}
		c := *s.missing.first
		c.What = fmt.Sprintf("left out %d of the lines: they have no key %q, first here", s.missing.lines, s.options.X)
		s.bad(&c)
	}
	set.Problems = append(append(set.Problems, s.failed...), s.ask...)
	drafts := s.drafts(records)
	if b.rounds {
		inOrder(drafts, set.Config)
	}
	for _, d := range drafts {
		c, err := b.curve(d)
		if err != nil {
			s.bad(err)
			continue
		}
		s.workPerWorker(c, d)
		set.Curves = append(set.Curves, c)
	}
	set.Spoilt = b.left
	if len(records) == 0 {
		return nil, s.nothing()
	}
	for _, why := range s.refused {
		set.Refused = append(set.Refused, errors.New(why))
	}
	return set, nil
}

// workPerWorker divides by the workers where the user says so, and asks where a
// curve looks as if it were needed.
func (s *session) workPerWorker(c *results.Curve, d *draft) {
	if !s.options.WorkPerWorker {
		question := asksForTasks(c, d.procs)
		if why := d.records[0].eachThread; why != "" && question == "" {
			question = asksForThreads(c, why)
		}
		if question != "" {
			s.note("%s: %s", question, s.options.command(func(o *Options) { o.WorkPerWorker = true }))
		}
		return
	}
	for i := range c.Points {
		p := &c.Points[i]
		if p.Tasks != 1 {
			s.bad(&results.Complaint{File: c.File, Line: c.Line, What: c.Name.String() + " says its tasks/op itself: leave --work-per-worker away"})
			return
		}
	}
	for i := range c.Points {
		p := &c.Points[i]
		p.Tasks = p.Workers
		for j := range p.Samples {
			p.Samples[j].Time /= p.Workers
		}
	}
	c.Kind = kindOf(c.Points)
}

// nothing explains why no line could be used.
func (s *session) nothing() error {
	set, problems := &s.set, s.set.Problems
	if len(s.ask) > 0 {
		return s.ask[0]
	}
	if len(s.failed) > 0 {
		return errors.Join(s.failed...)
	}
	if n := len(set.Skipped); n > 0 {
		s := set.Skipped[0]
		return fmt.Errorf("%w: %d skipped, %s (%s:%d): %s", ErrNothing, n, s.Name, s.File, s.Line, s.Why)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w (%s %s wrong): %w", ErrNothing, words.Count(len(problems), "line"), words.Is(len(problems)), problems[0])
	}
	where := strings.Join(s.paths, ", ")
	if where == "-" {
		where = "standard input"
	}
	return fmt.Errorf("%w in %s: pipe in the output of: go test -bench . -cpu 1,2,4 -count 10 (amdahl formats lists what else can be read)", ErrNothing, where)
}
