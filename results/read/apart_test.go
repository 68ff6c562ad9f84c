package read

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// notes joins the notes of a reading.
func notes(list []error) string { return fmt.Sprint(errors.Join(list...)) }

// write writes files into a folder and returns their paths.
func write(t *testing.T, files ...string) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, filepath.FromSlash(files[i]))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// Parts of one text that repeat names are told apart, however little they
// differ; repeats of a loop are not.
func TestParts(t *testing.T) {
	const a, b = "BenchmarkA 1 90 ns/op\nBenchmarkA-2 1 50 ns/op\n", "BenchmarkA 1 80 ns/op\nBenchmarkA-2 1 42 ns/op\n"
	const both = "A/%s gomaxprocs strong: 1×1 2×1\nA/%s gomaxprocs strong: 1×1 2×1\n"
	for _, tt := range []struct{ name, text, want string }{
		{"fences with titles", "before:\n```\n" + a + "```\nafter:\n```\n" + b + "```\n", fmt.Sprintf(both, "before", "after")},
		{"fences", "```\n" + a + "```\n```\n" + b + "```\n", fmt.Sprintf(both, "1", "2")},
		{"titles", "Before\n" + a + "PASS\nok  \tp\t1.2s\n\nAfter\n" + b, fmt.Sprintf(both, "Before", "After")},
		{"headings", "## With a mutex\n\n" + a + "\n## With atomics\n\n" + b, fmt.Sprintf(both, "With a mutex", "With atomics")},
		{"commands", "$ go test -bench A\n" + a + "$ go test -bench A -tags fast\n" + b, fmt.Sprintf(both, "go test -bench A", "go test -bench A -tags fast")},
		{"one command twice", "$ go test -bench A\n" + a + "$ go test -bench A\n" + b, "A gomaxprocs strong: 1×2 2×2\n"},
		{"a loop", a + "PASS\n" + b, "A gomaxprocs strong: 1×2 2×2\n"},
		{"other levels", "```\nBenchmarkA 1 90 ns/op\n```\n```\nBenchmarkA-2 1 50 ns/op\n```\n", "A gomaxprocs strong: 1×1 2×1\n"},
		{"other names", "before:\nBenchmarkA 1 9 ns/op\nafter:\nBenchmarkB 1 9 ns/op\n", "A gomaxprocs strong: 1×1\nB gomaxprocs strong: 1×1\n"},
		{"a log line", "Loading data:\n" + a + "Loading data:\n" + b + "Loading data:\n" + b, "A gomaxprocs strong: 1×3 2×3\n"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, s.Problems, tt.want)
		}
		if got, want := strings.Contains(notes(s.Notes), "told apart"), strings.Count(tt.want, "A/") > 0; got != want {
			t.Errorf("%s: got notes %v", tt.name, s.Notes)
		}
	}
}

// Samples of a level that lie far apart, at two places of a file, are of
// different things.
func TestMixed(t *testing.T) {
	level := func(ns ...float64) string {
		var b strings.Builder
		for _, v := range ns {
			fmt.Fprintf(&b, "BenchmarkA 1 %g ns/op\nBenchmarkA-2 1 50 ns/op\n", v)
		}
		return b.String()
	}
	for _, tt := range []struct {
		name, text, want string
	}{
		{"13 times", level(90, 1170), `<stdin>:1: A at gomaxprocs=1: the file has this level 2 times, and the samples differ 13 times (90 ns and 1.17 µs)`},
		{"twice", level(90, 180), ""},
		{"a loop with a bad round", level(90, 91, 1000, 90, 92), ""},
		{"a spread within one place", "BenchmarkA 1 90 ns/op\nBenchmarkA 1 900 ns/op\nBenchmarkA-2 1 50 ns/op\n", ""},
		{"rounds", "round: 1\n" + level(90) + "round: 2\n" + level(900), ""},
		{"a table", "threads,time\n1,10\n2,5\n1,100\n2,5\n", "the file has this level 2 times"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := errors.Join(s.Problems...); (got == nil) != (tt.want == "") || got != nil && !strings.Contains(got.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSeveralFiles(t *testing.T) {
	const a = "BenchmarkA 1 90 ns/op\nBenchmarkA-2 1 50 ns/op\n"
	const table = "threads,time\n1,90\n2,50\n"
	for _, tt := range []struct {
		name          string
		files         []string
		want, problem string
	}{
		{"the same levels", []string{"old.txt", a, "new.txt", a}, "A/file=old.txt gomaxprocs strong: 1×1 2×1\nA/file=new.txt gomaxprocs strong: 1×1 2×1\n", ""},
		{"the same names of files", []string{"x/r.txt", a, "y/r.txt", a}, "A/file=x gomaxprocs strong: 1×1 2×1\nA/file=y gomaxprocs strong: 1×1 2×1\n", ""},
		{"a level a file", []string{"1.txt", "BenchmarkA 1 90 ns/op\n", "2.txt", "BenchmarkA-2 1 50 ns/op\n"}, "A gomaxprocs strong: 1×1 2×1\n", ""},
		{"two tables", []string{"x/t.csv", table, "y/t.csv", table}, "t.csv/file=x threads strong: 1×1 2×1\nt.csv/file=y threads strong: 1×1 2×1\n", ""},
		{"a table and benchmarks", []string{"t.csv", table, "a.txt", a}, "A gomaxprocs strong: 1×1 2×1\n", "t.csv:1: left out: it is a table"},
		{"nothing in one", []string{"n.txt", "hello\n", "a.txt", a}, "A gomaxprocs strong: 1×1 2×1\n", "n.txt: no benchmark results: it was read as Go benchmark text"},
		{"wrong lines in one", []string{"n.txt", "BenchmarkX-2 oops\n", "a.txt", a}, "A gomaxprocs strong: 1×1 2×1\n", "n.txt:1: no result on this line"},
		{"a question in one", []string{"q.csv", "a,b\n1.5,2.5\n2.5,3.5\n", "t.csv", table}, "t.csv threads strong: 1×1 2×1\n", `q.csv:1: which column counts the workers? The columns are "a", "b"`},
	} {
		paths := write(t, tt.files...)
		s, err := Files(paths, nil, Options{})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		got := errors.Join(s.Problems...)
		if sketch(s) != tt.want || (got == nil) != (tt.problem == "") || got != nil && !strings.Contains(got.Error(), tt.problem) {
			t.Errorf("%s: got %q, %v, want %q, %q", tt.name, sketch(s), got, tt.want, tt.problem)
		}
	}
	paths := write(t, "a.txt", a)
	if _, err := Files([]string{paths[0], paths[0]}, nil, Options{}); err == nil || !strings.Contains(err.Error(), "a.txt is named twice") {
		t.Errorf("one file twice: got %v", err)
	}
	s, err := Files([]string{paths[0] + ".absent", paths[0]}, nil, Options{})
	if err != nil || len(s.Curves) != 1 || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Error(), "no such file") {
		t.Errorf("a missing file: got %v, %v", s, err)
	}
}
