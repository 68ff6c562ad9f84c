package read

import (
	"amdahl/results"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string, o Options) (*results.Set, error) {
	t.Helper()
	return Files(nil, strings.NewReader(text), o)
}

// sketch writes curves in one line each: series x kind: level×samples …
func sketch(s *results.Set) string {
	var b strings.Builder
	for _, c := range s.Curves {
		fmt.Fprintf(&b, "%s %s %s:", c.Name, c.X, c.Kind)
		for _, p := range c.Points {
			fmt.Fprintf(&b, " %g×%d", p.Workers, len(p.Samples))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestAxis(t *testing.T) {
	tests := []struct{ name, x, text, want string }{
		{"workers key", "", "BenchmarkA/workload=h/workers=1-4 1 9 ns/op\nBenchmarkA/workload=h/workers=2-4 1 5 ns/op\n", "A/workload=h workers strong: 1×1 2×1\n"},
		{"workers in the middle", "", "BenchmarkA/workers=1/k=v 1 9 ns/op\nBenchmarkA/workers=2/k=v 1 5 ns/op\n", "A/k=v workers strong: 1×1 2×1\n"},
		{"suffix", "", "BenchmarkA 1 9 ns/op\nBenchmarkA-2 1 5 ns/op\nBenchmarkA-2 1 5 ns/op\n", "A gomaxprocs strong: 1×1 2×2\n"},
		{"suffix beside a key", "gomaxprocs", "BenchmarkA/n=7 1 9 ns/op\nBenchmarkA/n=7-2 1 5 ns/op\n", "A/n=7 gomaxprocs strong: 1×1 2×1\n"},
		{"usual key", "", "BenchmarkA/threads=1 1 9 ns/op\nBenchmarkA/threads=8 1 5 ns/op\n", "A threads strong: 1×1 8×1\n"},
		{"workers before usual", "", "BenchmarkA/n=3/workers=1 1 9 ns/op\n", "A/n=3 workers strong: 1×1\n"},
		{"named key", "shards", "BenchmarkA/shards=1/workers=2 1 9 ns/op\nBenchmarkA/shards=2/workers=2 1 9 ns/op\n", "A/workers=2 shards strong: 1×1 2×1\n"},
		{"positional parts", "", "BenchmarkA/big/workers=1 1 9 ns/op\n", "A/big workers strong: 1×1\n"},
		{"weak by tasks", "", "BenchmarkA/workers=1 1 9 ns/op 10 tasks/op\nBenchmarkA/workers=2 1 9 ns/op 20 tasks/op\n", "A workers weak: 1×1 2×1\n"},
		{"two packages", "", "pkg: a\nBenchmarkA 1 9 ns/op\npkg: b\nBenchmarkA 1 9 ns/op\n", "a.A gomaxprocs strong: 1×1\nb.A gomaxprocs strong: 1×1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := read(t, tt.text, Options{X: tt.x})
			if err != nil {
				t.Fatal(err)
			}
			if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
				t.Errorf("got %q, problems %v, want %q", got, s.Problems, tt.want)
			}
		})
	}
}

func TestReadValues(t *testing.T) {
	s, err := read(t, `goos: linux
goarch: amd64
cpu: Fast CPU
cpu-count: 8
cpu-physical-count: 4
cpu-quota: 1.5
round: 1
BenchmarkStrong/workers=1-2   	 10	 5000000 ns/op	 7000000 cpu-ns/op	 50 tasks/op
ok  	amdahl/bench	1.2s
round: 2
BenchmarkStrong/workers=1-2   	 10	 6 ms/op	 50 tasks/op
`, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// ms/op is no time of the format: only the first line counts.
	want := &results.Set{
		Curves: []*results.Curve{{
			Name: results.ParseName("Strong"), X: "workers", Kind: results.Strong, File: "<stdin>", Line: 8,
			Machine: results.Machine{OS: "linux", Arch: "amd64", CPU: "Fast CPU", Logical: 8, Physical: 4, Quota: 1.5},
			Rounds:  results.Rounds{Total: 1, Kept: 1},
			Points: []results.Point{{Workers: 1, Tasks: 50, Samples: []results.Sample{{Time: 0.0001, Round: 1, Order: 1}},
				Extra: map[string][]float64{"cpu-sec/op": {0.007}}}},
		}},
		Config: []results.Setting{{Key: "goos", Value: "linux"}, {Key: "goarch", Value: "amd64"}, {Key: "cpu", Value: "Fast CPU"}, {Key: "cpu-count", Value: "8"}, {Key: "cpu-physical-count", Value: "4"}, {Key: "cpu-quota", Value: "1.5"}},
	}
	if len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Error(), "<stdin>:11: no ns/op on this line") {
		t.Errorf("problems %v, want one about line 11", s.Problems)
	}
	s.Problems = nil
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
}

func TestBadInput(t *testing.T) {
	const good = "BenchmarkOK-1 1 9 ns/op\n"
	tests := []struct{ name, text, want string }{
		{"no iterations", good + "BenchmarkX-2 oops\n", `<stdin>:2: no result on this line: a number of iterations and a time, as in 100 123.4 ns/op, are needed: "BenchmarkX-2 oops"`},
		{"cut line", good + "BenchmarkX-2 10 12", `<stdin>:2: the line is cut: the last number has no unit: "BenchmarkX-2 10 12"`},
		{"workers=0", good + "BenchmarkX/workers=0-2 1 9 ns/op\n", `<stdin>:2: workers=0 is not a number of workers: write a whole number from 1: "BenchmarkX/workers=0-2 1 9 ns/op"`},
		{"workers=-3", good + "BenchmarkX/workers=-3 1 9 ns/op\n", `is not a number of workers`},
		{"workers=two", good + "BenchmarkX/workers=two 1 9 ns/op\n", `<stdin>:2: workers=two is not a number of workers`},
		{"workers=1.5", good + "BenchmarkX/workers=1.5 1 9 ns/op\n", `<stdin>:2: workers=1.5 is not a number of workers`},
		{"workers=Inf", good + "BenchmarkX/workers=Inf 1 9 ns/op\n", `<stdin>:2: workers=Inf is not a number of workers`},
		{"NaN time", good + "BenchmarkX-2 1 NaN ns/op\n", `<stdin>:2: the time is NaN`},
		{"infinite time", good + "BenchmarkX-2 1 +Inf ns/op\n", `<stdin>:2: the time is +Inf`},
		{"negative time", good + "BenchmarkX-2 1 -5 ns/op\n", `<stdin>:2: the time is negative`},
		{"zero time", good + "BenchmarkX-2 1 0.0000 ns/op\n", `<stdin>:2: the time is 0`},
		{"no time", good + "BenchmarkX-2 1 5 MB/s\n", `<stdin>:2: no ns/op on this line`},
		{"no tasks", good + "BenchmarkX-2 1 5 ns/op 0 tasks/op\n", `<stdin>:2: tasks/op is 0`},
		{"tasks underflow", good + "BenchmarkX-2 1 5e-300 ns/op 1e300 tasks/op\n", `<stdin>:2: the time per task is 0`},
		{"bad round", "round: x\n" + good + good, `<stdin>:2: the configuration line "round: x"`},
		{"bad quota", "cpu-quota: lots\n" + good + good, `<stdin>:2: the configuration line "cpu-quota: lots"`},
		{"two quotas", "cpu-quota: none\n" + good + "cpu-quota: 2\n" + good, `(cpu-quota 0 and 2, 0 for none)`},
		{"two machines", "cpu: a\n" + good + "cpu: b\n" + good, `<stdin>:4: OK was measured on another machine than at <stdin>:2 (cpu "a" and "b")`},
		{"two processor counts", "cpu-count: 2\n" + good + "cpu-count: 4\n" + good, `(cpu-count 2 and 4)`},
		{"one level at two GOMAXPROCS", good + "BenchmarkX/workers=1-2 1 9 ns/op\nBenchmarkX/workers=2-2 1 9 ns/op\nBenchmarkX/workers=2-4 1 9 ns/op\n", `<stdin>:4: X at workers=2 ran at GOMAXPROCS 4 here and at 2 before`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := read(t, tt.text, Options{})
			if err == nil {
				err = errors.Join(s.Problems...)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want one with %s", err, tt.want)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "hello\n", "PASS\nok\n", "BenchmarkX-1 1 -5 ns/op\n", "\x00\xff\n"} {
		if _, err := read(t, text, Options{}); !errors.Is(err, ErrNothing) {
			t.Errorf("%q: got %v, want ErrNothing", text, err)
		}
	}
}

func TestUnknownKey(t *testing.T) {
	_, err := read(t, "BenchmarkX/workload=h/workers=2-2 1 9 ns/op\n", Options{X: "thread"})
	want := `<stdin>:1: no benchmark has the key "thread"; this one has workload, workers, gomaxprocs: amdahl fit -x workers, or amdahl fit -x gomaxprocs: "BenchmarkX/workload=h/workers=2-2"`
	if !errors.As(err, new(*KeyError)) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	s, err := read(t, "BenchmarkX/k=1 1 9 ns/op\nBenchmarkY 1 9 ns/op\nBenchmarkZ 1 9 ns/op\n", Options{X: "k"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `<stdin>:2: left out 2 of the lines: they have no key "k", first here`; len(s.Problems) != 1 || !strings.HasPrefix(s.Problems[0].Error(), want) {
		t.Errorf("got %v, want %s", s.Problems, want)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "a.txt")
	zipped := filepath.Join(dir, "b.gz")
	var z bytes.Buffer
	zw := gzip.NewWriter(&z)
	zw.Write([]byte("BenchmarkA-2 1 5 ns/op\n"))
	zw.Close()
	write := func(name string, b []byte) {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(plain, []byte("BenchmarkA 1 9 ns/op\n"))
	write(zipped, z.Bytes())
	cut := filepath.Join(dir, "cut.gz")
	write(cut, z.Bytes()[:z.Len()-6])
	notgz := filepath.Join(dir, "not.gz")
	write(notgz, []byte{0x1f, 0x8b, 0, 0})
	long := filepath.Join(dir, "long.txt")
	write(long, []byte("BenchmarkA 1 9 ns/op\n"+strings.Repeat("x", 1<<17)+"\nBenchmark"+strings.Repeat("x", 1<<17)+"\nBenchmarkA-2 1 5 ns/op\n"))

	s, err := Files([]string{plain, zipped}, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sketch(s), "A gomaxprocs strong: 1×1 2×1\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	s, err = Files([]string{long}, nil, Options{})
	if err != nil || sketch(s) != "A gomaxprocs strong: 1×1 2×1\n" || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Error(), "long.txt:3: this line is longer than 64 KiB") {
		t.Errorf("a long line: got %+v, %v, want the lines around them, and a complaint about the one that may be a result", s, err)
	}
	for _, tt := range []struct{ path, want string }{
		{filepath.Join(dir, "absent.txt"), "absent.txt: no such file"},
		{dir, dir + ": is a directory"},
		{cut, "cut.gz:2: unexpected EOF"},
		{notgz, "not.gz: looks like gzip but is not"},
	} {
		s, err := Files([]string{tt.path}, nil, Options{})
		if err == nil {
			err = errors.Join(s.Problems...) // what stands before the fault is read
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

// The text of a complaint is right however far into the input it stands.
func TestComplaintText(t *testing.T) {
	var b strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&b, "BenchmarkGood/i=%d-1 1 %d ns/op\n", i%7, i+1)
		if i == 123 || i == 9999 || i == 19999 {
			fmt.Fprintf(&b, "BenchmarkBad%d-1 1 x ns/op\n", i)
		}
	}
	s, err := read(t, b.String(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range s.Problems {
		got = append(got, p.Error())
	}
	want := []string{
		`<stdin>:125: a measurement on this line is not a number: "BenchmarkBad123-1 1 x ns/op"`,
		`<stdin>:10002: a measurement on this line is not a number: "BenchmarkBad9999-1 1 x ns/op"`,
		`<stdin>:20003: a measurement on this line is not a number: "BenchmarkBad19999-1 1 x ns/op"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
