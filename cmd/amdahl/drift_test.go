package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// contest is text of two methods and six repeats: the first finds a little too
// much, the second about so many times that, in other repeats.
func contest(times float64) string {
	b := strings.Builder{}
	b.WriteString("drift-weather: storm\n")
	for repeat := 1; repeat <= 6; repeat++ {
		for i, method := range []string{"a", "b"} {
			off := 0.002 * float64(repeat)
			if i == 1 {
				off = 0.002 * times * float64((repeat*repeat)%7) // 1 4 2 2 4 1
			}
			fmt.Fprintf(&b, "BenchmarkP/serial=0.05/method=%s/repeat=%d 1 1000000 ns/op\n", method, repeat)
			fmt.Fprintf(&b, "BenchmarkP/serial=0.05/method=%s/repeat=%d-2 1 %g ns/op\n", method, repeat, 1e6*(0.5+(0.05+off)/2))
		}
	}
	return b.String()
}

func TestDriftCommand(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name, text, args string
		status           int
		stdout, stderr   string
	}{
		{"holds", contest(20), "", 0, "The error of a is 0.0875 ", ""},
		{"wrong", contest(1), "", 1, "The error of a is 1.75 ", ""},
		{"cannot tell", contest(2.5), "", 3, "The error of a is 0.7 ", "cannot tell"},
		{"one method", strings.ReplaceAll(contest(1), "method=b", "method=a"), "", 1, "", "two methods are compared, there are 1"},
		{"drawn", contest(20), "-o " + dir + "/x.svg", 0, "weather: storm", "wrote " + dir + "/x.svg"},
		{"no such kind", contest(20), "-o x.doc", 2, "", "x.doc"},
	} {
		path := filepath.Join(dir, "drift.txt")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		status, stdout, stderr := amdahl(t, append(strings.Fields("drift "+tt.args), path)...)
		if status != tt.status || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("%s: exit status %d, %q, %q, want %d, %q, %q", tt.name, status, stdout, stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	if _, stdout, _ := amdahl(t, "-h"); strings.Contains(stdout, "  drift ") {
		t.Errorf("got %q, want help without it", stdout)
	}
}
