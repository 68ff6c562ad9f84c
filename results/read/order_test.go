package read

import (
	"fmt"
	"strings"
	"testing"
)

// Rounds are measured in a shuffled order, so only names can order curves.
func TestOrder(t *testing.T) {
	const b, a = "BenchmarkB 1 5 ns/op\n", "BenchmarkA 1 5 ns/op\n"
	for _, tt := range []struct{ name, text, want string }{
		{"as it comes", b + a, "B gomaxprocs strong: 1×1\nA gomaxprocs strong: 1×1\n"},
		{"rounds", "round: 1\n" + b + a, "A gomaxprocs strong: 1×1\nB gomaxprocs strong: 1×1\n"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := sketch(s); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The tasks of a level are the median of its samples', whether they differ or
// not.
func TestTasks(t *testing.T) {
	const line = "BenchmarkA/workers=1 1 9 ns/op %s tasks/op\n"
	for _, tt := range []struct {
		tasks string
		want  float64
	}{{"5 5 5", 5}, {"5 7 9", 7}, {"5 5 9", 5}, {"5 9", 7}} {
		var text strings.Builder
		for _, n := range strings.Fields(tt.tasks) {
			fmt.Fprintf(&text, line, n)
		}
		s, err := read(t, text.String(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Curves[0].Points[0].Tasks; got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.tasks, got, tt.want)
		}
	}
}
