// Package read turns files that people have into curves.
//
// A file is opened, and unpacked if it is gzip; the first format of [All] that
// recognises its beginning reads it into measurements; a builder groups the
// measurements of all files into one [results.Curve] a series. To add a format,
// write one file with its literal and one line in [All].
package read

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"amdahl/results"
)

// Options say how to read. The zero value finds everything by itself.
type Options struct {
	// X names the x axis: a key of the benchmark names, or "gomaxprocs" for
	// the -N suffix. Empty means the first of workers, threads, procs, n, p,
	// goroutines that a name has, else the suffix. In CSV it names the column,
	// in hyperfine's JSON the parameter.
	X string

	// Time or Throughput names the column of CSV that is measured: seconds
	// per task, or tasks per second. Speedup names a column of speedups, whose
	// curves are relative: S(1) is 1 by definition. With any of these, all input
	// is CSV.
	Time, Throughput, Speedup string

	// Series names a column of CSV whose values tell the series apart.
	Series string
}

// ErrNothing is wrapped by the error for input without a single benchmark
// result.
var ErrNothing = errors.New("no benchmark results")

// A KeyError says that no benchmark name has the key that was asked for.
type KeyError struct {
	Key   string
	Have  []string // the keys that the first name has
	Where *results.Complaint
}

func (e *KeyError) Error() string {
	c := *e.Where
	c.What = fmt.Sprintf("no benchmark has the key %q; this one has %s", e.Key, strings.Join(e.Have, ", "))
	return c.Error()
}

// A ColumnError says that a column or parameter is missing, or must be named.
type ColumnError struct{ what string }

func (e *ColumnError) Error() string { return e.what }

// Files reads the files, or stdin for "-" or where there are no files, and
// groups what they hold into curves. Lines and curves that cannot be used
// become Problems of the set, each with its place. An error means that there is
// no set: a file that cannot be read, input without results ([ErrNothing]), an
// x axis that nothing has ([*KeyError]), a column that nothing has
// ([*ColumnError]). It may be called concurrently.
func Files(paths []string, stdin io.Reader, o Options) (*results.Set, error) {
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	s := &session{options: o, files: len(paths), builder: newBuilder()}
	for _, path := range paths {
		if err := s.file(path, stdin); err != nil {
			return nil, err
		}
	}
	set, err := s.finish(paths)
	if set != nil && o.Speedup != "" {
		for _, c := range set.Curves {
			relative(c)
		}
	}
	return set, err
}

// relative marks a curve of speedups, and adds the level at 1 where the input
// leaves it out.
func relative(c *results.Curve) {
	c.Relative = true
	one := results.Point{Workers: 1, Tasks: 1, Samples: []results.Sample{{Time: 1}}}
	i, found := slices.BinarySearchFunc(c.Points, 1.0, func(p results.Point, n float64) int { return cmp.Compare(p.Workers, n) })
	switch {
	case !found:
		c.Points = slices.Insert(c.Points, i, one)
	default:
		if s := 1 / c.Points[i].Samples[0].Time; math.Abs(s-1) > 0.01 {
			c.Warnings = append(c.Warnings, fmt.Errorf("%s:%d: the speedup at 1 is %.3g in the input: it is 1 by definition, and taken so", c.File, c.Line, s))
		}
		c.Points[i] = one
	}
}

// A session is one call of [Files]: what all its files have given so far.
type session struct {
	options Options
	files   int // in all
	builder *builder
	set     results.Set
	missing missingKey
	skips   skips

	configKnown bool // the set has the configuration of the first result
}

// missingKey counts the lines whose names lack the key that the user named.
type missingKey struct {
	lines int
	first *results.Complaint
	have  []string // the keys of the first of these names
}

// An input is one file on its way into curves, as a [Format] sees it.
type input struct {
	*session
	text lineReader
	name string // of the file, for messages
}

// file reads one file with the format that recognises it.
func (s *session) file(path string, stdin io.Reader) error {
	r, name, closeFile, err := open(path, stdin)
	if err != nil {
		return err
	}
	head, _ := r.Peek(sniffed) // an error shows again when the file is read
	s.builder.beginFile()
	err = formatOf(head, name, s.options).Read(&input{s, lineReader{r: r}, name})
	if e := closeFile(); err == nil {
		err = e
	}
	return err
}

// bad keeps a complaint about the input.
func (s *session) bad(err error) { s.set.Problems = append(s.set.Problems, err) }

// complain keeps a complaint about a line of the file and shows its text.
func (in *input) complain(line int, text, format string, args ...any) {
	in.bad(&results.Complaint{File: in.name, Line: line, What: fmt.Sprintf(format, args...), Text: text})
}

// finish makes the set of what all files gave.
func (s *session) finish(paths []string) (*results.Set, error) {
	b, set, missing := s.builder, &s.set, &s.missing
	set.Skipped = s.skips.found
	seen := len(b.order) > 0
	if missing.lines > 0 {
		if !seen {
			return nil, &KeyError{s.options.X, missing.have, missing.first}
		}
		c := *missing.first
		c.What = fmt.Sprintf("left out %d of the lines: they have no key %q, first here", missing.lines, s.options.X)
		s.bad(&c)
	}
	if b.rounds {
		slices.SortStableFunc(set.Skipped, func(s, t results.Skip) int { return strings.Compare(s.Name, t.Name) })
	}
	curves, problems := b.finish()
	set.Curves, set.Spoilt = curves, b.left
	set.Problems = append(set.Problems, problems...)
	if !seen {
		return nil, nothing(paths, set)
	}
	return set, nil
}

// nothing explains why no line could be used.
func nothing(paths []string, set *results.Set) error {
	problems := set.Problems
	if n := len(set.Skipped); n > 0 {
		s := set.Skipped[0]
		return fmt.Errorf("%w: %d skipped, %s (%s:%d): %s", ErrNothing, n, s.Name, s.File, s.Line, s.Why)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%w (%d lines are wrong): %w", ErrNothing, len(problems), problems[0])
	}
	where := strings.Join(paths, ", ")
	if where == "-" {
		where = "standard input"
	}
	return fmt.Errorf("%w in %s: pipe in the output of: go test -bench . -cpu 1,2,4 -count 10", ErrNothing, where)
}
