package results

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Options say how to read. The zero value finds everything by itself.
type Options struct {
	// X names the x axis: a key of the benchmark names, or "gomaxprocs" for
	// the -N suffix. Empty means the first of workers, threads, procs, n, p,
	// goroutines that a name has, else the suffix. In CSV it names the column,
	// in hyperfine's JSON the parameter.
	X string

	// Time or Throughput names the column of CSV that is measured: seconds
	// per task, or tasks per second. With either, all input is CSV.
	Time, Throughput string

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
	Where *Complaint
}

func (e *KeyError) Error() string {
	c := *e.Where
	c.What = fmt.Sprintf("no benchmark has the key %q; this one has %s", e.Key, strings.Join(e.Have, ", "))
	return c.Error()
}

// Read reads benchmark text, CSV or hyperfine's JSON, plain or gzip, from the
// files, or from stdin for "-" or where there are no files, and groups it into
// curves. Lines and
// curves that cannot be used become Problems of the set, each with its place;
// an error means that there is no set: a file that cannot be read, input
// without results ([ErrNothing]), an x axis that nothing has ([*KeyError]).
func Read(paths []string, stdin io.Reader, o Options) (*Set, error) {
	if len(paths) == 0 {
		paths = []string{"-"}
	}
	set := &Set{}
	b := newBuilder()
	bad := func(err error) { set.Problems = append(set.Problems, err) }
	t := &textReader{key: o.X, to: b, bad: bad}
	where := ""
	for _, path := range paths {
		r, name, done, err := open(path, stdin)
		if err != nil {
			return nil, err
		}
		switch formatOf(r, path, o) {
		case csvFormat:
			err = readCSV(r, name, o, b.add, bad)
		case hyperfineFormat:
			err = readHyperfine(r, name, o, b.add, bad)
		default:
			if len(paths) > 1 {
				where = " of " + name
			}
			err = t.read(r, name, where)
		}
		if e := done(); err == nil {
			err = e
		}
		if err != nil {
			return nil, err
		}
	}
	seen := len(b.order) > 0
	if !seen && t.lacking > 0 {
		return nil, &KeyError{o.X, t.keys, t.first}
	}
	if t.lacking > 0 {
		c := *t.first
		c.What = fmt.Sprintf("left out %d of the lines: they have no key %q, first here", t.lacking, o.X)
		bad(&c)
	}
	set.Config, set.Canaries, set.Skipped = t.config, t.watch, t.skips.found
	if b.rounds {
		slices.SortStableFunc(set.Skipped, func(s, t Skip) int { return strings.Compare(s.Name, t.Name) })
	}
	var problems []error
	set.Curves, problems = b.finish()
	set.Spoilt = b.spoilt
	set.Problems = append(set.Problems, problems...)
	if !seen {
		return nil, nothing(paths, set)
	}
	return set, nil
}

// nothing explains why no line could be used.
func nothing(paths []string, set *Set) error {
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
