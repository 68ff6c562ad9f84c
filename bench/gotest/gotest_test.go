package gotest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// write makes a module of these files and makes it the current directory.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module m\n\ngo 1.20\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// logged puts a go command in front of the real one that notes how it is
// called, and returns a function that gives the calls.
func logged(t *testing.T) func() []string {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"$*\" >> " + dir + "/log\nexec " + real + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	if path, err := exec.LookPath("go"); err != nil || filepath.Dir(path) != dir {
		t.Skip("no shell scripts as programs on this system")
	}
	return func() []string {
		text, err := os.ReadFile(filepath.Join(dir, "log"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(text)), "\n")
	}
}

// A test binary with a flag -why of its own is compiled once, and given it.
func TestOwnWhy(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	write(t, map[string]string{"a_test.go": "package a\n\nimport (\"flag\"; \"testing\")\n\nvar why = flag.Bool(\"why\", false, \"account for it\")\n\nfunc BenchmarkOwn(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n"})
	calls := logged(t)
	bs, err := Binaries(t.Context(), t.TempDir(), Request{Packages: []string{"."}, Bench: ".", Args: []string{"-test.short"}, Why: true})
	if err != nil || len(bs) != 1 || !slices.Equal(bs[0].Args, []string{"-why", "-test.short"}) {
		t.Fatalf("got %+v, %v, want the flag -why before the others", bs, err)
	}
	if n := strings.Count(strings.Join(calls(), "\n"), "test -c"); n != 1 {
		t.Errorf("compiled %d times, want once: %q", n, calls())
	}
	for _, tt := range []struct {
		args []string
		paid bool
	}{{nil, true}, {[]string{"-why"}, false}} {
		out, err := output(t.Context(), "", bs[0].Path, append([]string{"-test.bench", ".", "-test.benchtime", "2x"}, tt.args...)...)
		if err != nil || strings.Contains(out, " paid-ns/op") != tt.paid {
			t.Errorf("with %q: got %q, %v, want paid-ns/op: %t", tt.args, out, err, tt.paid)
		}
	}
}

func TestBinaries(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages; -short")
	}
	const index = "package a\n\nimport \"testing\"\n\nfunc BenchmarkIndex(b *testing.B) {}\n"
	write(t, map[string]string{
		"a/a_test.go": index,
		"b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc BenchmarkOther(b *testing.B) {}\n",
		"c/c.go":      "package c\n",
	})
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain.test")
	if _, err := output(t.Context(), "", "go", "test", "-c", "-o", plain, "./a"); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		request Request
		names   []string // of the binaries
		refused bool     // with a RequestError
		err     string
	}{
		{Request{Packages: []string{"./..."}, Bench: "."}, []string{"m/a", "m/b"}, false, ""},
		{Request{Packages: []string{"./..."}, Bench: "Ind"}, []string{""}, false, ""},
		{Request{Packages: []string{plain}, Bench: "."}, []string{""}, false, ""},
		{Request{Packages: []string{"./..."}, Bench: "X"}, nil, true, "no benchmark matches --bench X: there are BenchmarkIndex, BenchmarkOther"},
		{Request{Packages: []string{"./c"}, Bench: "."}, nil, true, "no benchmarks in ./c"},
		{Request{Packages: []string{plain, "./a"}, Bench: "."}, nil, true, "plain.test is a test binary: name only that, or packages"},
		{Request{Packages: []string{plain}, Bench: ".", Why: true}, nil, true, "plain.test is compiled and has no flag -why: name its package instead"},
		{Request{Packages: []string{"./d"}, Bench: "."}, nil, false, "go cannot list the tests of ./d: "},
	} {
		bs, err := Binaries(t.Context(), t.TempDir(), tt.request)
		var names []string
		for _, b := range bs {
			names = append(names, b.Name)
		}
		if !slices.Equal(names, tt.names) {
			t.Errorf("%+v: got %q, want %q", tt.request, names, tt.names)
		}
		if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.As(err, new(RequestError)) != tt.refused {
			t.Errorf("%+v: got %v, want %q, a refusal: %t", tt.request, err, tt.err, tt.refused)
		}
	}
}

func TestFingerprint(t *testing.T) {
	dir := t.TempDir()
	prints := map[string]bool{}
	for i, text := range []string{"one", "another", "one"} {
		path := filepath.Join(dir, string(rune('a'+i)))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		print, err := Fingerprint(path)
		if err != nil || !strings.HasPrefix(print, "sha256:") {
			t.Fatalf("got %q, %v", print, err)
		}
		prints[print] = true
	}
	if len(prints) != 2 {
		t.Errorf("got %v, want one for each text", prints)
	}
	if _, err := Fingerprint(dir + "/absent"); err == nil {
		t.Error("an absent file has a fingerprint")
	}
}
