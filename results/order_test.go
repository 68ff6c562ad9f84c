package results

import "testing"

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
