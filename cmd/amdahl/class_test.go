package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/results/grade"
)

// classRun is a run of a student, as benchmark text.
func classRun(id int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "goos: linux\ncpu: Test CPU\ncpu-count: 4\nrun-x: workers\n")
	for round := 1; round <= 6; round++ {
		fmt.Fprintf(&b, "round: %d\n", round)
		for n := 1; n <= 8; n *= 2 {
			fmt.Fprintf(&b, "BenchmarkLab/workers=%d-4 1 %d ns/op\n", n, (1e6+9e6/n)*(1000+id*7+round)/1000)
		}
	}
	return b.String()
}

// Runs and submissions become one page without names; with --names they have them.
func TestClassMerge(t *testing.T) {
	dir := t.TempDir()
	for i := range 6 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("student%d.txt", i)), []byte(classRun(i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := &grade.Submission{Schema: grade.Schema, Lab: "law", Student: "grace", Run: classRun(7)}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "grace.json"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "class.html")
	merge := func(more ...string) string {
		t.Helper()
		args := append([]string{"class", "merge", filepath.Join(dir, "*.txt"), filepath.Join(dir, "grace.json"), "-o", out}, more...)
		if status, _, stderr := amdahl(t, args...); status != 0 || !strings.Contains(stderr, "7 runs on 1 kind of machine") {
			t.Fatalf("status %d: %s", status, stderr)
		}
		page, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
	if page := merge(); strings.Contains(page, "student") || strings.Contains(page, "grace") {
		t.Error("the page has names")
	}
	if page := merge("--names", "--title", "Monday"); !strings.Contains(page, "student3.txt") || !strings.Contains(page, "<h1>Monday</h1>") {
		t.Error("the page has no names or no title")
	}
}

// A file that cannot be read is named, and the others go on; what is typed wrongly is said
// with what to type.
func TestClassMistakes(t *testing.T) {
	dir := t.TempDir()
	good, bad, out := filepath.Join(dir, "good.txt"), filepath.Join(dir, "bad.txt"), filepath.Join(dir, "class.html")
	for file, text := range map[string]string{good: classRun(1), bad: "no run\n"} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, stderr := amdahl(t, "class", "merge", good, bad, "-o", out); status != failed || !strings.Contains(stderr, "bad.txt") || !strings.Contains(stderr, "1 run on") {
		t.Errorf("status %d: %s", status, stderr)
	}
	for _, c := range []struct{ args, want string }{
		{"class merge", "add -o"},
		{"class merge -o x.html", "name their files"},
		{"class merge nothing*.txt -o x.html", "no file has such a name"},
		{"class mrege", "amdahl class merge runs/*.txt"},
	} {
		if status, _, stderr := amdahl(t, strings.Fields(c.args)...); status != usage || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, want %q in it", c.args, status, stderr, c.want)
		}
	}
}

// The sheet is written, and what does not go with it is said.
func TestDrawUnplugged(t *testing.T) {
	dir := t.TempDir()
	if status, _, stderr := amdahl(t, "draw", "--unplugged", "-o", filepath.Join(dir, "sheet.svg")); status != 0 || !strings.Contains(stderr, "sheet-cards.svg") {
		t.Errorf("status %d: %s", status, stderr)
	}
	for _, c := range []struct{ args, want string }{
		{"draw --unplugged", "sheet.pdf"},
		{"draw --unplugged -o x.json", "sheet.pdf"},
		{"draw --unplugged --sigma 0.1 -o x.pdf", "leave out --sigma"},
		{"draw --seed 3 -o x.pdf", "--unplugged"},
	} {
		if status, _, stderr := amdahl(t, strings.Fields(c.args)...); status != usage || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, want %q in it", c.args, status, stderr, c.want)
		}
	}
}
