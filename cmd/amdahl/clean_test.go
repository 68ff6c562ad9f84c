package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCleanWriter(t *testing.T) {
	for _, tt := range []struct {
		in   []string
		want string
	}{
		{[]string{"a\x1b[31mb\x07\x08\u202e\x00\xffc\n"}, "a\uFFFD[31mb\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDc\n"},
		{[]string{"\x1b[1mhead\x1b[0m  a::b\r\n"}, "\x1b[1mhead\x1b[0m  a::b\n"},
		{[]string{"::set-output name=x::y\n  ::error::z\nA ::warning::\n"}, ": :set-output name=x::y\n  : :error::z\nA ::warning::\n"},
		{[]string{"ok\n", " :", ":error::x\n"}, "ok\n : :error::x\n"},
		{[]string{"a ", "::b\n"}, "a ::b\n"},
		{[]string{"x ##[error]y\n"}, "x # #[error]y\n"},
		{[]string{"one\rtwo\n"}, "one\uFFFDtwo\n"},
	} {
		var b bytes.Buffer
		c := &cleanWriter{w: &b}
		for _, s := range tt.in {
			if n, err := c.Write([]byte(s)); n != len(s) || err != nil {
				t.Fatal(n, err)
			}
		}
		if b.String() != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, &b, tt.want)
		}
	}
}

// No command prints what steers a terminal, or begins a line with ::, whatever the
// names of others are.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := curve("::set-output\x1b[2J\x07\u202e", 1, 2, 4)
	path := filepath.Join(dir, "x.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"fit", path}, {"compare", path, path}, {"check", "--min-speedup", "3@4", "--github", path}, {"predict", "--at", "8", path},
		{"report", "-o", filepath.Join(dir, "r"), path}, {"fit", "-x", "none", path}, {"check", "--max-sigma", "0.01", path}, {"why", path},
	} {
		_, stdout, stderr := amdahl(t, args...)
		for l := range strings.Lines(stdout + stderr) {
			if strings.ContainsAny(l, "\x1b\x07\u202e\x00") || strings.HasPrefix(strings.TrimSpace(l), "::set-output") {
				t.Errorf("%q printed %q", args, l)
			}
		}
		if stdout+stderr == "" {
			t.Errorf("%q printed nothing", args)
		}
	}
	status, _, stderr := amdahl(t, "run", "-x", "n=1,2", "--rounds", "1", "--shell", "--", `printf '::error::x\033[2J\n'; exit {n}`)
	if status != 1 || strings.Contains(stderr, "\x1b") || !strings.Contains(stderr, "  | ::error::x\uFFFD[2J") {
		t.Errorf("a failed command: exit status %d, %q, want its output without what steers a terminal", status, stderr)
	}
}
