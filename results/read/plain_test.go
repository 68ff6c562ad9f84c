package read

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
)

// samePlain reads a line with plainResult and, if it has the plain form, holds
// that against benchfmt.
func samePlain(t *testing.T, line string) (plain bool) {
	t.Helper()
	name, seconds, ok := plainResult([]byte(line))
	if !ok {
		return false
	}
	r := benchfmt.NewReader(strings.NewReader(line), "f")
	if !r.Scan() {
		t.Fatalf("%q: benchfmt reads nothing: %v", line, r.Err())
	}
	res, ok := r.Result().(*benchfmt.Result)
	if !ok {
		t.Fatalf("%q: benchfmt reads %v", line, r.Result())
	}
	m := Measurement{Tasks: 1}
	if err := m.values(res.Values, ""); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if d := cmp.Diff([]any{res.Name.String(), m.Time, len(m.Extra)}, []any{string(name), seconds, 0}); d != "" {
		t.Errorf("%q (-benchfmt +plain):\n%s", line, d)
	}
	return true
}

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		line  string
		plain bool
	}{
		{"BenchmarkA-2 \t 100 \t 12.50 ns/op\n", true},
		{"BenchmarkA 1 123456789012.345 ns/op \r\n", true},
		{"BenchmarkA-2 3 0.0001 ns/op", true},
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
		{"Benchmark", false},
		{"BenchmarkAé 1 5 ns/op\n", false},
	} {
		if got := samePlain(t, tt.line); got != tt.plain {
			t.Errorf("%q: plain is %v, want %v", tt.line, got, tt.plain)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("BenchmarkA-2 \t 100 \t 12.50 ns/op\n")
	f.Add("BenchmarkA 1 0.00000000000001 ns/op")
	f.Add("BenchmarkA 007 00.10 ns/op\r\n")
	f.Fuzz(func(t *testing.T, line string) {
		if i := strings.IndexByte(line, '\n'); i < 0 || i == len(line)-1 {
			samePlain(t, line)
		}
	})
}
