package read

import (
	"errors"
	"strings"
	"testing"
)

// A benchmark that failed is complained about once, in whatever form Go's testing says it.
func TestFailedBenchmarks(t *testing.T) {
	const one, four = "BenchmarkX/workers=1-8 1 1000 ns/op\n", "BenchmarkX/workers=4-8 1 325 ns/op\n"
	for _, tt := range []struct{ name, text, want string }{
		{"below its name", one + "BenchmarkX/workers=2\n--- FAIL: BenchmarkX/workers=2\n    x_test.go:4: boom\n" + four + "--- FAIL: BenchmarkX\nFAIL\nexit status 1\nFAIL\tp\t0.1s\n",
			`<stdin>:3: the benchmark failed: boom: "--- FAIL: BenchmarkX/workers=2"`},
		{"without its name", one + "--- FAIL: BenchmarkX/workers=2-8\n    x_test.go:4: boom\n" + four,
			`<stdin>:2: the benchmark failed: boom: "--- FAIL: BenchmarkX/workers=2-8"`},
		{"behind its name", one + "BenchmarkX/workers=2-8  \t--- FAIL: BenchmarkX/workers=2-8\n    x_test.go:4: boom\n" + four,
			`<stdin>:2: the benchmark failed: boom: "--- FAIL: BenchmarkX/workers=2-8"`},
		{"a message in front", one + "BenchmarkX/workers=2-8\n    x_test.go:4: boom\n--- FAIL: BenchmarkX/workers=2-8\n" + four, `<stdin>:4: the benchmark failed: boom`},
		{"a panic", one + "BenchmarkX/workers=2-8  \tpanic: boom\n" + four, `<stdin>:2: the benchmark failed`},
		{"of CI", behind("2031-02-03T04:05:06.1234567Z ", one+"--- FAIL: BenchmarkX/workers=2-8\n"+four), `<stdin>:2: the benchmark failed`},
		{"a package", one + four + "FAIL\tp [build failed]\n", `<stdin>:3: a package failed, and has no results: "FAIL\tp [build failed]"`},
		{"go test -json", goEvents(one + "--- FAIL: BenchmarkX/workers=2-8\n    x_test.go:4: boom\n" + four), `the benchmark failed: boom`},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, errors.Join(s.Problems...), tt.want)
		}
		if got := sketch(s); got != "X workers strong: 1×1 4×1\n" {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	s, err := read(t, one+"BenchmarkX/workers=2-8  \t--- SKIP: BenchmarkX/workers=2-8\n    x_test.go:4: no\n"+four, Options{})
	if err != nil || len(s.Problems) > 0 || len(s.Skipped) != 1 || s.Skipped[0].Why != "no" {
		t.Errorf("a skip behind its name: got %v, %v, %v", s.Skipped, s.Problems, err)
	}
}
