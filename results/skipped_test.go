package results

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSkipped(t *testing.T) {
	const ok = "BenchmarkOK 1 5 ns/op\n"
	const after = "--- SKIP: BenchmarkA/k=v\n    a_test.go:12: no server\n"
	tests := []struct {
		name, text string
		want       []Skip
	}{
		{"none", ok, nil},
		{"reason behind", ok + after, []Skip{{"A/k=v", "no server", "<stdin>", 2}}},
		{"reason in front", ok + "BenchmarkA\n    a_test.go:3: no such thing\n--- SKIP: BenchmarkA\n" + ok, []Skip{{"A", "no such thing", "<stdin>", 4}}},
		{"the last message, folded", ok + "BenchmarkA\n    a_test.go:7: first\n    a_test.go:7: reason:\n        more: of it\n--- SKIP: BenchmarkA\n", []Skip{{"A", "reason: more: of it", "<stdin>", 6}}},
		{"no reason", ok + "--- SKIP: BenchmarkA\n--- SKIP: BenchmarkB\n" + ok, []Skip{{"A", "", "<stdin>", 2}, {"B", "", "<stdin>", 3}}},
		{"no place", ok + "--- SKIP: BenchmarkA\r\n    there is no python3: install it\r\n", []Skip{{"A", "there is no python3: install it", "<stdin>", 2}}},
		{"what another said", ok + "--- BENCH: BenchmarkB\n    b_test.go:1: hello\n--- SKIP: BenchmarkA\n", []Skip{{"A", "", "<stdin>", 4}}},
		{"a test", ok + "--- SKIP: TestA (0.00s)\n    a_test.go:1: no\n", nil},
		{"once in all rounds, by name", "round: 1\n" + ok + "--- SKIP: BenchmarkZ\n" + after + "round: 2\n" + ok + after + "--- SKIP: BenchmarkA/k=v\n    a_test.go:12: another\n",
			[]Skip{{"A/k=v", "no server", "<stdin>", 4}, {"A/k=v", "another", "<stdin>", 10}, {"Z", "", "<stdin>", 3}}},
	}
	for _, tt := range tests {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, s.Skipped); d != "" || len(s.Problems) > 0 {
			t.Errorf("%s: problems %v, (-want +got):\n%s", tt.name, s.Problems, d)
		}
	}
	_, err := read(t, after, Options{})
	if want := "no benchmark results: 1 skipped, A/k=v (<stdin>:1): no server"; !errors.Is(err, ErrNothing) || err.Error() != want {
		t.Errorf("all skipped: got %v, want %s", err, want)
	}
}

// A reason may stand in another block than the line that it belongs to.
func TestSkippedAcrossBlocks(t *testing.T) {
	const line = "BenchmarkOK 1 5 ns/op\n"
	name := "BenchmarkA/" + strings.Repeat("x", 20) + "\n"
	for before := range 5 {
		var b strings.Builder
		for b.Len()+len(line) < blockSize-before*10 {
			b.WriteString(line)
		}
		b.WriteString(name + "    a_test.go:3: far away\n--- SKIP: " + name)
		s, err := read(t, b.String(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Skipped) != 1 || s.Skipped[0].Why != "far away" || s.Skipped[0].Line != strings.Count(b.String(), "\n") {
			t.Errorf("%d: got %+v, want one that is far away, in line %d", before, s.Skipped, strings.Count(b.String(), "\n"))
		}
	}
}
