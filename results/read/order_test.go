package read

import (
	"fmt"
	"strings"
	"testing"

	"amdahl/bench/contract"
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

// Curves of rounds stand in the order that their text asks for, and then by name.
func TestSeriesOrder(t *testing.T) {
	text := func(order string) string {
		s := order
		for round := 1; round <= 3; round++ {
			s += fmt.Sprintf("round: %d\n", round)
			for _, w := range []string{"aaa", "hash", "zeta", "sleep"} {
				for _, n := range []int{1, 2} {
					s += fmt.Sprintf("BenchmarkStrong/workload=%s/workers=%d 1 %d ns/op\n", w, n, 100/n+round)
				}
			}
		}
		return s
	}
	for order, want := range map[string]string{
		"": "aaa hash sleep zeta",
		contract.KeyOrder + ": workload=zeta workload=hash workload=none\n": "zeta hash aaa sleep",
	} {
		set, err := read(t, text(order), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range set.Curves {
			got = append(got, c.Name.Value("workload"))
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%q: %s, want %s", order, got, want)
		}
	}
}
