package machine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The commit says when the code is not what was committed: a changed file, or
// a source file that is not tracked, wherever in the checkout one measures.
func TestCommit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here")
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	for _, key := range []string{"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"} {
		t.Setenv(key, "test")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("pkg/a.go", "package a\n")
	write("results/runs/old.txt", "old\n")
	t.Chdir(dir)
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	if got := commit(); got != "" {
		t.Errorf("outside a checkout: got %q, want nothing", got)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"commit", "-qm", "first"}} {
		if out, err := git(args...); err != nil {
			t.Fatalf("git %q: %v %s", args, err, out)
		}
	}
	t.Chdir(filepath.Join(dir, "pkg"))
	for _, tt := range []struct {
		name  string
		do    func()
		dirty bool
	}{
		{"as committed", func() {}, false},
		{"a result beside the code", func() { write("index.txt", "BenchmarkA 1 1 ns/op\n") }, false},
		{"a stored run", func() { write("results/runs/old.txt", "new\n") }, false},
		{"a new package", func() { write("other/b.go", "package b\n") }, true},
		{"gone again", func() { os.RemoveAll(filepath.Join(dir, "other")) }, false},
		{"a changed file", func() { write("pkg/a.go", "package a // changed\n") }, true},
	} {
		tt.do()
		got := commit()
		if hash, dirty := strings.CutSuffix(got, "-dirty"); len(hash) != 12 || dirty != tt.dirty {
			t.Errorf("%s: got %q, want a commit, dirty: %t", tt.name, got, tt.dirty)
		}
	}
}
