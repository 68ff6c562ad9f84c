package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"amdahl/bench/labs"
)

// The unsolved exercise fails with a hint, which grows; the solution passes.
func TestLabCheckAndHint(t *testing.T) {
	t.Parallel()
	for _, name := range labs.Names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := started(t, name)
			l := secretLabs(t, name)
			status, stdout, stderr := amdahl(t, "lab", "check", "-C", dir)
			i := slices.IndexFunc(l.Tests, func(test labs.Test) bool { return strings.Contains(stdout, "failed      "+test.Title) })
			if status != 1 || i < 0 {
				t.Fatalf("unsolved: status %d, %q, %q", status, stdout, stderr)
			}
			first := l.Tests[i]
			for i, h := range first.Hints {
				args := []string{"lab", "hint", "-C", dir}
				if i > 0 { // without a name it compiles, to find the first test that fails
					args = append(args, first.Name)
				}
				if status, stdout, _ := amdahl(t, args...); status != 0 || !strings.Contains(stdout, h) || i+1 < len(first.Hints) && strings.Contains(stdout, first.Hints[i+1]) {
					t.Errorf("hint %d: status %d, %q", i+1, status, stdout)
				}
			}
			solve(t, name, dir)
			status, stdout, stderr = amdahl(t, "lab", "check", "-C", dir)
			if status != 0 || strings.Contains(stdout, "failed") {
				t.Errorf("solved: status %d, %q, %q", status, stdout, stderr)
			}
			for _, test := range l.Tests {
				if strings.Contains(stdout, test.Name) == test.Hidden {
					t.Errorf("%s, hidden %v: %q", test.Name, test.Hidden, stdout)
				}
			}
		})
	}
}

// Watch checks at the beginning and after each save, and ends with q.
func TestLabWatch(t *testing.T) {
	t.Parallel()
	dir := started(t, "third")
	f, err := openLabFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	keys, press := io.Pipe()
	var out lockedBuffer
	says := func(text string) {
		t.Helper()
		wait(t, text, func() bool { return strings.Contains(out.String(), text) })
	}
	ended := make(chan error, 1)
	go func() { ended <- f.watch(t.Context(), keys, &out, 10*time.Millisecond) }()
	says("h: hint")
	solve(t, "third", dir)
	says("All visible tests pass.")
	if _, err := press.Write([]byte("hq")); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "only the grader tests") {
		t.Errorf("h gave no hint: %q", out.String())
	}
}

// Dev check finds what is wrong with a lab, and nothing else: here a test without a hint, a
// wrong solution that fails at another test than it says, and a hidden test at which none
// fails. .ci/run checks the labs themselves.
func TestLabDevCheck(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles solutions")
	}
	t.Parallel()
	folder, from := t.TempDir(), filepath.Join(checkout(t), "bench", "labs")
	for _, name := range []string{"third", "rows"} {
		if err := os.CopyFS(filepath.Join(folder, name), os.DirFS(filepath.Join(from, name))); err != nil {
			t.Fatal(err)
		}
	}
	wrong := filepath.Join(folder, "third", "_wrong")
	list, err := os.ReadDir(wrong)
	if err != nil {
		t.Fatal(err)
	}
	kept := []string{"rest-lost", "racy-log", "shared"}
	for _, e := range list {
		if !slices.Contains(kept, e.Name()) {
			if err := os.RemoveAll(filepath.Join(wrong, e.Name())); err != nil {
				t.Fatal(err)
			}
		}
	}
	change := func(file, old, replacement string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil || bytes.Count(text, []byte(old)) != 1 {
			t.Fatalf("%s: %v, %d times %q, want it once", file, err, bytes.Count(text, []byte(old)), old)
		}
		if err := os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(replacement), 1), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	change(filepath.Join(wrong, "shared", "plans.go"), "// Fails: TestDynamic", "// Fails: TestStatic")
	change(filepath.Join(folder, "third", "lab.toml"), `hints = ["With 3 workers, worker 1 has rows 1, 4, 7 … Which number is added each time?"]`, "hints = []")
	l, err := labs.OpenIn(os.DirFS(folder), "third")
	if err != nil {
		t.Fatal(err)
	}
	problems, wrongs, err := devCheck(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the test TestCyclic has no hint",
		`the wrong solution shared fails at "TestDynamic", and says that it fails at "TestStatic": `,
		"no wrong solution fails at the hidden test TestTogether",
	}
	if wrongs != len(kept) || !slices.EqualFunc(problems, want, strings.HasPrefix) {
		t.Errorf("%d wrong solutions, problems %q, want %d and %q", wrongs, problems, len(kept), want)
	}
	for _, name := range labs.Names {
		if all, err := secretLabs(t, name).Wrong(); err != nil || len(all) < 6 {
			t.Errorf("%s: %d wrong solutions, %v: want 6 at least", name, len(all), err)
		}
	}
}

// A lockedBuffer may be written and read by two goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
