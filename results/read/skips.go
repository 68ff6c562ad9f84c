package read

import (
	"bytes"
	"strings"

	"amdahl/results"
)

// skips collects the skipped benchmarks of the input. Go's testing prints the
// reason in front of the line that says so, behind the benchmark's name, or
// behind that line:
//
//	BenchmarkA/k=v             --- SKIP: BenchmarkA/k=v
//	    a_test.go:7: reason        a_test.go:7: reason
//	--- SKIP: BenchmarkA/k=v
type skips struct {
	found []results.Skip
	seen  map[[2]string]bool // name and reason

	head []byte        // the last line that is neither indented nor about a skip
	why  string        // the last message behind head or open
	open *results.Skip // its reason may follow
}

const (
	skipMark = "--- SKIP: Benchmark"
	mostWhy  = 1000 // bytes
)

// line takes the next line of a file.
func (s *skips) line(line []byte, file string, number int) {
	text := bytes.TrimSpace(line)
	switch {
	case bytes.HasPrefix(text, []byte(skipMark)):
		name, _, _ := strings.Cut(string(text[len(skipMark):]), " ")
		said := ""
		if string(bytes.TrimSpace(s.head)) == "Benchmark"+name {
			said = s.why
		}
		s.close()
		s.open = &results.Skip{Name: name, Why: said, File: file, Line: number}
	case len(text) > 0 && (line[0] == ' ' || line[0] == '\t'):
		s.message(string(text))
	case bytes.HasPrefix(line, []byte("=== ")): // more of what go test -v says
	default:
		s.close()
		s.head = append(s.head[:0], line[:min(len(line), mostWhy)]...)
	}
}

// message takes an indented line: a new message if it names a place in the
// source, else more of the last one.
func (s *skips) message(text string) {
	if place, rest, ok := strings.Cut(text, ": "); ok && !strings.ContainsAny(place, " \t") {
		if _, line, ok := strings.Cut(place, ":"); ok && line != "" && strings.Trim(line, "0123456789") == "" {
			s.why = rest
			return
		}
	}
	if len(s.why)+len(text) < mostWhy {
		s.why = strings.TrimLeft(s.why+" "+text, " ")
	}
}

// close says that no more is said about the open skip.
func (s *skips) close() {
	if k := s.open; k != nil {
		if s.why != "" {
			k.Why = s.why
		}
		if key := [2]string{k.Name, k.Why}; !s.seen[key] {
			if s.seen == nil {
				s.seen = map[[2]string]bool{}
			}
			s.seen[key] = true
			s.found = append(s.found, *k)
		}
	}
	s.open, s.why, s.head = nil, "", s.head[:0]
}
