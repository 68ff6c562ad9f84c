package rounds

import (
	"strings"
	"testing"
)

// A skipped benchmark and its reason are written once; an indented line that
// belongs to none is no benchmark text.
func TestSkippedAreKept(t *testing.T) {
	var out, other strings.Builder
	w := newWriter(&out)
	for range 2 { // as two rounds
		s := &sample{w: w, values: map[string]string{}, other: &other, result: func(string) {}}
		for _, line := range []string{
			"--- SKIP: BenchmarkA/variant=b\n", "    no server: set X\n", "    set_test.go:3: more\n", "PASS\n",
		} {
			if err := s.take(line); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got, want := out.String(), "--- SKIP: BenchmarkA/variant=b\n    no server: set X\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := other.String(), strings.Repeat("    set_test.go:3: more\n", 2); got != want {
		t.Errorf("set aside %q, want %q", got, want)
	}
}
