package read

import (
	"cmp"
	"fmt"
	"slices"

	"amdahl/results"
)

// locate finds the series and the level of every record, in the order of the
// records. A record whose names cannot say it is complained about.
func (s *session) locate() []located {
	var all []located
	var named []*record
	for _, r := range s.builder.order {
		if r.kind == placed {
			all = append(all, located{r, results.ParseName(r.series), r.x, r.workers, 1})
		} else {
			named = append(named, r)
		}
	}
	for _, f := range families(named, s.options.X) {
		all = append(all, s.locateFamily(f)...)
	}
	number := make(map[*record]int, len(s.builder.order))
	for i, r := range s.builder.order {
		number[r] = i
	}
	slices.SortFunc(all, func(a, b located) int { return cmp.Compare(number[a.record], number[b.record]) })
	return all
}

// locateFamily finds the levels of names of one shape.
func (s *session) locateFamily(f *family) []located {
	first := f.members[0].record
	a, ok := f.axisOf(s.options.X)
	switch {
	case !ok:
		for _, m := range f.members {
			s.missing.add(m.record, f)
		}
		return nil
	case a.ask != nil:
		s.ask = append(s.ask, &ColumnError{fmt.Sprintf("%s:%d: several numbers of the names can be the workers (%s): choose the x axis: %s",
			first.file, first.line, first.text, s.options.choices("x", a.ask))})
		return nil
	}
	if a.note != "" {
		s.note("%s", a.note)
	}
	var all []located
	for _, m := range f.members {
		l := located{m.record, results.Name{}, a.name, m.value(a.at), m.procs}
		switch {
		case a.size != "":
			text := m.text
			if a.at < 0 && a.name == GOMAXPROCS {
				text = m.record.text
			}
			if !s.sizes[a.size] {
				s.sizes[a.size] = true
				s.refused = append(s.refused, fmt.Sprintf("%s: if they count workers, type %s", a.size, s.options.command(func(o *Options) { o.X = f.sizeFlag() })))
			}
			l.workers, l.procs, l.x = float64(m.procs), m.procs, GOMAXPROCS
			if text == m.record.text {
				l.workers, l.procs = 1, 1
			}
			l.name = goNameOf(text)
		case a.at < 0:
			l.name = goNameOf(m.text)
		default:
			if v := l.workers; v < 1 || v > 1<<31 {
				s.bad(&results.Complaint{File: m.file, Line: m.line, Text: m.record.text, What: fmt.Sprintf("%s=%g is not a number of workers: write a whole number from 1", a.name, v)})
				continue
			}
			if l.name = without(m.text, m.numbers[a.at], m.kind); l.name.String() == "" {
				l.name = goNameOf(tableName(m.file))
			}
		}
		all = append(all, l)
	}
	return all
}

func goNameOf(text string) results.Name { return results.ParseName(text) }

// sizeFlag is the value of -x that takes the number that was refused after all.
func (f *family) sizeFlag() string {
	for i := range f.numbers {
		if f.varies(i) {
			return f.flag(i)
		}
	}
	return GOMAXPROCS
}

// missingKey counts the records whose names lack the key that the user named.
type missingKey struct {
	lines int
	first *results.Complaint
	have  []string // the keys of the first of these names
	try   []string // those of them that -x can name
}

func (k *missingKey) add(r *record, f *family) {
	k.lines += len(r.samples) + len(r.repeats)
	if k.first == nil {
		prefix := ""
		if r.kind == goName {
			prefix = "Benchmark"
		}
		k.first = &results.Complaint{File: r.file, Line: r.line, Text: prefix + r.text}
		k.have, k.try = f.keys()
	}
}
