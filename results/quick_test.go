package results

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// describe is what a parsed block holds, in words that can be compared.
func describe(p parsed) string {
	var b strings.Builder
	for _, l := range p.lines {
		fmt.Fprintf(&b, "%d %v", l.line, l.wrong)
		if l.wrong == nil {
			fmt.Fprintf(&b, " %s %x %x %v", p.names[l.name], l.time, l.tasks, l.extra)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// sameBothWays reads a block quickly, if that can be, and with benchfmt.
func sameBothWays(t *testing.T, text string) (quick bool) {
	t.Helper()
	b := block{text: []byte(text), line: 7, lines: strings.Count(text, "\n") + 1, pure: true}
	out := parsed{block: b}
	if !out.quick() {
		return false
	}
	p := parser{file: "f"}
	if diff := cmp.Diff(describe(p.thorough(b, nil, parsed{block: b})), describe(out)); diff != "" {
		t.Errorf("%q (-benchfmt +quick):\n%s", text, diff)
	}
	return true
}

func TestQuick(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool // is of the plainest form
	}{
		{"BenchmarkA-2 \t 100 \t 12.50 ns/op\nBenchmarkB-2 1 7 ns/op\nBenchmarkA-2 3 0.0001 ns/op", true},
		{"BenchmarkA 1 123456789012.345 ns/op \r\n", true},
		{"BenchmarkA 1 1234567890123.456 ns/op\n", false}, // 16 digits
		{"BenchmarkA 1 5 ns/op 3 B/op\n", false},
		{"BenchmarkA 1 5 ms/op\n", false},
		{"BenchmarkA 1 5 ns/opx\n", false},
		{"BenchmarkA 1 0 ns/op\n", false},
		{"BenchmarkA 1 -5 ns/op\n", false},
		{"BenchmarkA 1 NaN ns/op\n", false},
		{"BenchmarkA 1 1e5 ns/op\n", false},
		{"BenchmarkA 1.5 5 ns/op\n", false},
		{"BenchmarkA 1 .5 ns/op\n", false},
		{"BenchmarkA 1 5. ns/op\n", false},
		{"BenchmarkA\n", false},
		{"BenchmarkA 1\n", false},
		{"BenchmarkA 1 5 ns/op\nBenchmark", false},
		{"BenchmarkAé 1 5 ns/op\n", false},
		{"BenchmarkA 1 5 ns/op\nBenchmarkAB 1 5 ns/op\n", true}, // one name begins with the other
	} {
		if got := sameBothWays(t, tt.text); got != tt.want {
			t.Errorf("%q: quick is %v, want %v", tt.text, got, tt.want)
		}
	}
	text := bytes.SplitAfterN(sweep(3), []byte("pkg: p\n"), 2)[1]
	if !sameBothWays(t, string(text)) {
		t.Error("a sweep is not of the plainest form")
	}
}

func FuzzQuick(f *testing.F) {
	f.Add("BenchmarkA-2 \t 100 \t 12.50 ns/op\nBenchmarkB-2 1 7 ns/op\n")
	f.Add("BenchmarkA 1 0.00000000000001 ns/op\nBenchmarkA 007 00.10 ns/op")
	f.Fuzz(func(t *testing.T, text string) {
		for l := range strings.Lines(text) {
			if !strings.HasPrefix(l, "Benchmark") {
				return
			}
		}
		sameBothWays(t, text)
	})
}
