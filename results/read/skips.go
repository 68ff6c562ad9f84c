package read

import (
	"bytes"
	"regexp"
	"strings"

	"amdahl/results"
)

// skips collects the skipped benchmarks of the input, and those that failed: Go's
// testing says FAIL instead of SKIP. It prints the reason in front of the line that says
// so, behind the benchmark's name, or behind that line:
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
	bad  bool          // open failed
	text string        // the line of open

	failed   []error // complaints about benchmarks that failed
	failures []string
}

const mostWhy = 1000 // bytes

// endMark is how Go's testing says that a benchmark was skipped or failed. A name in front of
// it is the same name.
var endMark = regexp.MustCompile(`^(?:Benchmark\S*\s+)?(--- (SKIP|FAIL): Benchmark(\S*).*)`)

// line takes the next line of a file.
func (s *skips) line(line []byte, file string, number int) {
	text := bytes.TrimSpace(line)
	switch m := endOf(text); {
	case m != nil:
		name := string(m[3])
		said := ""
		if string(bytes.TrimSpace(s.head)) == "Benchmark"+name {
			said = s.why
		}
		s.close()
		s.open = &results.Skip{Name: name, Why: said, File: file, Line: number}
		s.bad, s.text = string(m[2]) == "FAIL", string(m[1])
	case len(text) > 0 && (line[0] == ' ' || line[0] == '\t'):
		s.message(string(text))
	case bytes.HasPrefix(line, []byte("=== ")): // more of what go test -v says
	default:
		s.close()
		if bytes.HasPrefix(line, []byte("FAIL\t")) && bytes.HasSuffix(text, []byte(" failed]")) {
			s.failed = append(s.failed, &results.Complaint{File: file, Line: number, What: "a package failed, and has no results", Text: string(text)})
		}
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
		if s.bad {
			s.fail(k)
		} else if key := [2]string{k.Name, k.Why}; !s.seen[key] {
			if s.seen == nil {
				s.seen = map[[2]string]bool{}
			}
			s.seen[key] = true
			s.found = append(s.found, *k)
		}
	}
	s.open, s.why, s.head = nil, "", s.head[:0]
}

// fail keeps a complaint about a benchmark that failed, unless one below it did: it failed
// because of that.
func (s *skips) fail(k *results.Skip) {
	base, procs := suffix(k.Name)
	if procs == 0 {
		base = k.Name
	}
	for _, f := range s.failures {
		if strings.HasPrefix(f, base+"/") {
			return
		}
	}
	const most = 1000
	if len(s.failures) == most {
		return
	}
	s.failures = append(s.failures, k.Name)
	what := "the benchmark failed"
	if k.Why != "" {
		what += ": " + k.Why
	}
	s.failed = append(s.failed, &results.Complaint{File: k.File, Line: k.Line, What: what, Text: s.text})
}

// endOf is the match of [endMark] in a line, nil without one.
func endOf(line []byte) [][]byte {
	if !bytes.Contains(line, []byte("--- ")) {
		return nil
	}
	return endMark.FindSubmatch(line)
}
