package rounds

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"amdahl/bench/contract"
)

// A writer writes benchmark text: whole lines, and every result under exactly
// the configuration that held when it was measured.
type writer struct {
	out     io.Writer
	all     bytes.Buffer      // what was written, with the resumed text before it
	holds   map[string]string // the configuration at the end of the text
	base    map[string]string // the configuration of the machine, which holds unless a program prints another
	units   map[string]bool   // metadata lines and skipped benchmarks that were written
	results int
	err     error // of the first Write that failed; all later ones return it too
}

func newWriter(out io.Writer) *writer {
	return &writer{out: out, holds: map[string]string{}, base: map[string]string{}, units: map[string]bool{}}
}

// line writes one line.
func (w *writer) line(format string, args ...any) error {
	if w.err != nil {
		return w.err
	}
	text := fmt.Sprintf(format, args...) + "\n"
	if _, err := io.WriteString(w.out, text); err != nil {
		w.err = fmt.Errorf("rounds: the results cannot be written: %w", err)
		return w.err
	}
	w.all.WriteString(text)
	return nil
}

// set writes a configuration line if it changes anything. An empty value
// takes the key away, as benchfmt reads it.
func (w *writer) set(key, value string) error {
	if w.holds[key] == value {
		return w.err
	}
	if value == "" {
		delete(w.holds, key)
		return w.line("%s:", key)
	}
	w.holds[key] = value
	return w.line("%s: %s", key, value)
}

// environment writes the configuration lines of a text. Those of
// [contract.RunKeys], which this package writes itself, and all other lines are
// dropped.
func (w *writer) environment(text string) error {
	for l := range strings.Lines(text) {
		if key, value, ok := configLine(l); ok && !slices.Contains(contract.RunKeys, key) {
			w.base[key] = value
			if err := w.set(key, value); err != nil {
				return err
			}
		}
	}
	return w.err
}

// A sample takes the text of one process.
type sample struct {
	w       *writer
	config  []string // keys, in the order in which the program set them
	values  map[string]string
	results int
	skipped string       // the line of a skipped benchmark whose reason follows
	other   io.Writer    // gets what is not benchmark text
	result  func(string) // is called with the name of each benchmark

	procs int    // see [Point.Procs]
	key   string // see [Point.Key]
}

// renamed is the name of a result with the level and the key that the driver knows.
func (s *sample) renamed(name string) string {
	suffix := ""
	switch {
	case s.procs == 1:
		suffix = "-1"
	case s.procs > 1:
		suffix = "-" + strconv.Itoa(s.procs)
		name = strings.TrimSuffix(name, suffix)
	case s.key != "":
		// Without -test.cpu the suffix is that of the default.
		if d := "-" + strconv.Itoa(runtime.GOMAXPROCS(0)); runtime.GOMAXPROCS(0) > 1 && strings.HasSuffix(name, d) {
			name, suffix = strings.TrimSuffix(name, d), d
		}
	}
	if s.key != "" {
		name += "/" + s.key
	}
	return name + suffix
}

// take takes one line of the program's output.
func (s *sample) take(line string) error {
	if name, ok := resultLine(line); ok {
		if err := s.settle(); err != nil {
			return err
		}
		if err := s.w.line("%s", strings.TrimRight(s.renamed(name)+line[len(name):], "\r\n")); err != nil {
			return err
		}
		s.results++
		s.w.results++
		s.result(name)
		return nil
	}
	if key, value, ok := configLine(line); ok {
		if !slices.Contains(contract.RunKeys, key) {
			if _, seen := s.values[key]; !seen {
				s.config = append(s.config, key)
			}
			s.values[key] = value
		}
		return nil
	}
	text := strings.TrimRight(line, "\r\n")
	if why, ok := strings.CutPrefix(text, "    "); ok && s.skipped != "" {
		return s.skip(strings.TrimSpace(why))
	}
	s.skipped = ""
	if strings.HasPrefix(text, "--- SKIP: ") {
		s.skipped = text
		return nil
	}
	if strings.HasPrefix(text, "Unit ") {
		return s.once(text)
	}
	if text != "PASS" && text != "" && !strings.HasPrefix(text, "ok  \t") {
		io.WriteString(s.other, line)
	}
	return nil
}

// skip writes a skipped benchmark with its reason.
func (s *sample) skip(why string) error {
	text := s.skipped + "\n    " + why
	s.skipped = ""
	return s.once(text)
}

// once writes a text that stands in the output once, however often it comes.
func (s *sample) once(text string) error {
	if s.w.units[text] {
		return nil
	}
	s.w.units[text] = true
	return s.w.line("%s", text)
}

// settle writes the lines after which the configuration is the machine's, with
// what this program has set: what another program set does not hold any more.
func (s *sample) settle() error {
	for _, key := range s.config {
		if err := s.w.set(key, s.values[key]); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.w.holds)) {
		if _, set := s.values[key]; set || slices.Contains(contract.RunKeys, key) {
			continue
		}
		if err := s.w.set(key, s.w.base[key]); err != nil {
			return err
		}
	}
	return nil
}

// resultLine returns the name of the benchmark if a line is a result: a name, a
// count, and pairs of a number and a unit.
func resultLine(line string) (name string, ok bool) {
	f := strings.Fields(line)
	if len(f) < 4 || len(f)%2 != 0 || !strings.HasPrefix(f[0], "Benchmark") || !strings.HasPrefix(line, "Benchmark") {
		return "", false
	}
	if _, err := strconv.Atoi(f[1]); err != nil {
		return "", false
	}
	for i := 2; i < len(f); i += 2 {
		if _, err := strconv.ParseFloat(f[i], 64); err != nil {
			return "", false
		}
	}
	return f[0], true
}

// configLine splits "key: value" as benchfmt does. A key begins with a lower
// case letter and has no spaces and no capitals.
func configLine(line string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(strings.TrimRight(line, "\r\n"), ":")
	if !ok || key == "" || value != "" && value[0] != ' ' && value[0] != '\t' {
		return "", "", false
	}
	for i, r := range key {
		if i == 0 && !unicode.IsLower(r) || unicode.IsSpace(r) || unicode.IsUpper(r) {
			return "", "", false
		}
	}
	return key, strings.TrimSpace(value), true
}
