package read

import (
	"amdahl/results"
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
		want       []results.Skip
	}{
		{"none", ok, nil},
		{"reason behind", ok + after, []results.Skip{{Name: "A/k=v", Why: "no server", File: "<stdin>", Line: 2}}},
		{"reason in front", ok + "BenchmarkA\n    a_test.go:3: no such thing\n--- SKIP: BenchmarkA\n" + ok, []results.Skip{{Name: "A", Why: "no such thing", File: "<stdin>", Line: 4}}},
		{"the last message, folded", ok + "BenchmarkA\n    a_test.go:7: first\n    a_test.go:7: reason:\n        more: of it\n--- SKIP: BenchmarkA\n", []results.Skip{{Name: "A", Why: "reason: more: of it", File: "<stdin>", Line: 6}}},
		{"no reason", ok + "--- SKIP: BenchmarkA\n--- SKIP: BenchmarkB\n" + ok, []results.Skip{{Name: "A", Why: "", File: "<stdin>", Line: 2}, {Name: "B", Why: "", File: "<stdin>", Line: 3}}},
		{"no place", ok + "--- SKIP: BenchmarkA\r\n    there is no python3: install it\r\n", []results.Skip{{Name: "A", Why: "there is no python3: install it", File: "<stdin>", Line: 2}}},
		{"what another said", ok + "--- BENCH: BenchmarkB\n    b_test.go:1: hello\n--- SKIP: BenchmarkA\n", []results.Skip{{Name: "A", Why: "", File: "<stdin>", Line: 4}}},
		{"a test", ok + "--- SKIP: TestA (0.00s)\n    a_test.go:1: no\n", nil},
		{"once in all rounds, by name", "round: 1\n" + ok + "--- SKIP: BenchmarkZ\n" + after + "round: 2\n" + ok + after + "--- SKIP: BenchmarkA/k=v\n    a_test.go:12: another\n",
			[]results.Skip{{Name: "A/k=v", Why: "no server", File: "<stdin>", Line: 4}, {Name: "A/k=v", Why: "another", File: "<stdin>", Line: 10}, {Name: "Z", Why: "", File: "<stdin>", Line: 3}}},
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
		for b.Len()+len(line) < 64<<10-before*10 {
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
