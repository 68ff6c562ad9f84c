package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
)

const ironText = `goos: linux
perf-counters: user+kernel
BenchmarkStrong/workload=hash/strategy=fixed/workers=1-1 1 2500000 ns/op 2500000 cpu-ns/op 5000000 cycles/op 10000000 instructions/op 10 tasks/op
BenchmarkStrong/workload=hash/strategy=fixed/workers=2-2 1 1300000 ns/op 2600000 cpu-ns/op 5200000 cycles/op 10000000 instructions/op 10 tasks/op
BenchmarkStrong/workload=hash/strategy=fixed/workers=8-8 1 750000 ns/op 4500000 cpu-ns/op 9000000 cycles/op 10100000 instructions/op 10 tasks/op
BenchmarkStrong/workload=hash/strategy=process/workers=1-1 1 2600000 ns/op 2700000 cpu-ns/op 10 tasks/op
BenchmarkStrong/workload=hash/strategy=process/workers=2-2 1 1400000 ns/op 2800000 cpu-ns/op 10 tasks/op
BenchmarkSort/workers=1-1 1 100 ns/op
`

func ironOf(t *testing.T, text string, o Options) string {
	t.Helper()
	set, err := read.Files(nil, strings.NewReader(text), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	o.Environment = set.Config
	if err := IronLaw(&b, alone(set.Curves...), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// alone are analyses of which only the curve is known.
func alone(curves ...*results.Curve) []*laws.Analysis {
	var as []*laws.Analysis
	for _, c := range curves {
		as = append(as, &laws.Analysis{Curve: c})
	}
	return as
}

func TestIronLaw(t *testing.T) {
	golden(t, "ironlaw.golden", ironOf(t, ironText, Options{}))

	// A machine without counters says why once.
	none := ironOf(t, strings.NewReplacer("user+kernel", "no: a virtual machine", "cycles/op", "x/op", "instructions/op", "y/op").Replace(ironText), Options{})
	for want, times := range map[string]int{"no counters: a virtual machine": 1, "2.500 ms": 0, "250.0 µs": 2, "A task takes 1.80× the CPU time at 8 workers.": 1, "0.80": 0} {
		if got := strings.Count(none, want); got != times {
			t.Errorf("without counters: got %d times %q, want %d:\n%s", got, want, times, none)
		}
	}
	if brief := ironOf(t, ironText, Options{Brief: true}); strings.Contains(brief, "A task takes") || !strings.Contains(brief, "1.80×") {
		t.Errorf("brief: got\n%s\nwant the table alone", brief)
	}
	for line := range strings.Lines(ironOf(t, ironText, Options{Color: true})) {
		if trimmed := strings.TrimSuffix(line, "\n"); strings.TrimRight(trimmed, " ") != trimmed {
			t.Errorf("trailing space: %q", line)
		}
	}
}

func TestIronLawErrors(t *testing.T) {
	if err := IronLaw(io.Discard, nil, Options{}); !errors.Is(err, ErrNoAnalysis) {
		t.Errorf("no curve: got %v, want %v", err, ErrNoAnalysis)
	}
	c := curve("S\x1b[31m", map[float64]float64{1: 1, 2: 0.5})
	full := errors.New("disk full")
	if err := IronLaw(broken{full}, alone(c), Options{}); !errors.Is(err, full) {
		t.Errorf("broken writer: got %v, want %v", err, full)
	}
	var b bytes.Buffer
	if err := IronLaw(&b, alone(c, nil), Options{Environment: []results.Setting{{Key: "perf-counters", Value: "no: \x1b[2J"}}}); err == nil {
		if i := strings.IndexFunc(b.String(), func(r rune) bool { return unicode.IsControl(r) && r != '\n' }); i >= 0 {
			t.Errorf("a control character in %q", b.String()[i:])
		}
	} else {
		t.Error(err)
	}
}
