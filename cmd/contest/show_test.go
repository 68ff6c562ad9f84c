package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// contestText is text of two methods and six repeats: the first finds a little
// too much, the second about this many times as much too much.
func contestText(times float64) string {
	b := strings.Builder{}
	b.WriteString("contest-load: heavy\n")
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

func TestShow(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name, text, args string
		status           int
		stdout, stderr   string
	}{
		{"holds", contestText(20), "", 0, "The error of a is 0.0875 ", ""},
		{"wrong", contestText(1), "", 1, "The error of a is 1.75 ", ""},
		{"cannot tell", contestText(2.5), "", 3, "The error of a is 0.7 ", "cannot tell"},
		{"one method", strings.ReplaceAll(contestText(1), "method=b", "method=a"), "", 1, "", "two methods are compared, there are 1"},
		{"drawn", contestText(20), "-o " + dir + "/x.svg", 0, "load: heavy", "wrote " + dir + "/x.svg"},
		{"no such kind", contestText(20), "-o x.doc", 2, "", "x.doc"},
		{"no such flag", "", "-x", 2, "", "flag provided but not defined"},
	} {
		path := filepath.Join(dir, "contest.txt")
		if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), append(strings.Fields("show "+tt.args), path), nil, &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, %q, %q, want %d, %q, %q", tt.name, status, &stdout, &stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	var stderr bytes.Buffer
	if status := run(t.Context(), []string{"shwo"}, nil, io.Discard, &stderr); status != usage || !strings.Contains(stderr.String(), "contest measure > FILE") {
		t.Errorf("exit status %d, %q, want 2 and what to type", status, &stderr)
	}
}
