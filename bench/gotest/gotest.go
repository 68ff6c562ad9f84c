// Package gotest turns Go packages into test binaries that can be measured.
//
//	binaries, err := gotest.Binaries(ctx, dir, gotest.Request{Packages: []string{"./pkg"}, Bench: "Index"})
//
// It lists the packages, compiles their tests, leaves out what has no benchmark
// of the pattern, and compiles with package [amdahl/bench/overlay] where the
// benchmarks are to account for the time of their workers. All of it is done by
// the go command that is on the PATH, in the current directory.
package gotest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"amdahl/bench/overlay"
	"amdahl/bench/rounds"
)

// A Request says which benchmarks are measured, and how.
type Request struct {
	Packages  []string // patterns as go list takes them, or the path of one test binary
	Bench     string   // pattern of -test.bench
	Benchtime string   // of -test.benchtime; "" is testing's own
	Args      []string // further arguments of the test binary
	Dir       string   // where the go command runs; "" is here
	Trim      bool     // compile without the paths of the sources, so that one revision makes one binary wherever it is

	// Why makes the benchmarks account for the time of their workers. A test
	// binary with a boolean flag -why of its own is given that flag instead.
	Why bool
	// Note gets the reason why the benchmarks cannot say what they were given of the
	// processors. nil drops it.
	Note func(error)
	// Axis is the x axis of the measurement: rounds.CPU, or the key of the
	// benchmarks' names that says how many workers Why accounts for. "" takes
	// the usual keys, see [overlay.Keys].
	Axis string
}

// A RequestError says that the request cannot be met as it is, in contrast to
// a program that failed.
type RequestError struct{ error }

func (e RequestError) Unwrap() error { return e.error }

func requestErrorf(format string, args ...any) error {
	return RequestError{fmt.Errorf(format, args...)}
}

// Binaries compiles the tests of the packages into dir, or takes the test
// binary that is named, and returns those that have a benchmark of the
// pattern: at least one, or an error.
func Binaries(ctx context.Context, dir string, r Request) ([]rounds.Binary, error) {
	all, compiled, err := r.binaries(ctx, dir)
	if err != nil {
		return nil, err
	}
	var found []rounds.Binary
	var benchmarks []string
	for _, b := range all {
		list, err := output(ctx, b.Dir, b.Path, append([]string{"-test.list", "."}, listArgs(r.Args)...)...)
		if err != nil {
			return nil, err
		}
		selected := false
		for name := range strings.Lines(list) {
			if name = strings.TrimSpace(name); strings.HasPrefix(name, "Benchmark") {
				benchmarks = append(benchmarks, name)
				selected = selected || rounds.Selects(r.Bench, name)
			}
		}
		if !selected {
			continue
		}
		b.Bench, b.Benchtime, b.Args = r.Bench, r.Benchtime, r.Args
		switch own := r.Why && hasFlag(ctx, b, whyFlag); {
		case own:
			b.Args = append([]string{"-why"}, b.Args...)
		case r.Why && !compiled:
			return nil, requestErrorf("--why compiles the tests itself, and %s is compiled and has no flag -why: name its package instead", r.Packages[0])
		}
		found = append(found, b)
	}
	switch {
	case len(benchmarks) == 0:
		return nil, requestErrorf("no benchmarks in %s", strings.Join(r.Packages, " "))
	case len(found) == 0:
		return nil, requestErrorf("no benchmark matches --bench %s: there are %s", r.Bench, strings.Join(benchmarks, ", "))
	case len(found) == 1:
		found[0].Name = ""
	}
	return found, nil
}

// listArgs are the further arguments as the listing gets them: TestMain may need
// them. There is no round yet, and no seed.
func listArgs(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = strings.NewReplacer("{round}", "1", "{seed}", "1").Replace(a)
	}
	return out
}

// binaries are the test binaries of the request, and whether they were
// compiled here.
func (r Request) binaries(ctx context.Context, dir string) (all []rounds.Binary, compiled bool, err error) {
	first := r.Packages[0]
	if info, err := os.Stat(first); err != nil || !info.Mode().IsRegular() || strings.HasSuffix(first, ".go") {
		all, err = r.compile(ctx, dir)
		return all, true, err
	}
	if len(r.Packages) > 1 {
		return nil, false, requestErrorf("%s is a test binary: name only that, or packages", first)
	}
	path, err := filepath.Abs(first)
	return []rounds.Binary{{Path: path}}, false, err
}

// compile makes a test binary of every package that has tests. It replaces the
// package testing that they are compiled with; the replacement does nothing in a
// program that was given a flag -why of its own.
func (r Request) compile(ctx context.Context, dir string) ([]rounds.Binary, error) {
	args := []string{"list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}\t{{.Dir}}{{end}}"}
	list, err := output(ctx, r.Dir, "go", append(args, r.Packages...)...)
	if failed := (*programError)(nil); errors.As(err, &failed) {
		return nil, fmt.Errorf("go cannot list the tests of %s: %s: name packages of a module, as in ./... for all or ./pkg for one", strings.Join(r.Packages, " "), failed.said())
	} else if err != nil {
		return nil, err
	}
	build := []string{"test", "-c"}
	if r.Trim {
		build = append(build, "-trimpath")
	}
	switch file, err := r.overlay(ctx, dir); {
	case err == nil:
		build = append(build, "-overlay", file)
	case r.Why || ctx.Err() != nil:
		return nil, err
	case r.Note != nil:
		r.Note(err)
	}
	var all []rounds.Binary
	for l := range strings.Lines(list) {
		path, where, ok := strings.Cut(strings.TrimRight(l, "\r\n"), "\t")
		if !ok {
			continue
		}
		b := rounds.Binary{Name: path, Dir: where, Path: filepath.Join(dir, fmt.Sprintf("%d.test", len(all)))}
		if _, err := output(ctx, r.Dir, "go", append(build[:len(build):len(build)], "-o", b.Path, path)...); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// overlay writes the file of go build's -overlay that the tests are compiled with.
func (r Request) overlay(ctx context.Context, dir string) (string, error) {
	env, err := output(ctx, r.Dir, "go", "env", "GOROOT", "GOVERSION")
	if err != nil {
		return "", err
	}
	root, version, _ := strings.Cut(strings.TrimSpace(env), "\n")
	dir = filepath.Join(dir, "testing")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	keys := []string{r.Axis}
	switch r.Axis {
	case "":
		keys = overlay.Keys
	case rounds.CPU:
		keys = nil // GOMAXPROCS
	}
	return overlay.Write(dir, overlay.Go{Root: strings.TrimSpace(root), Version: version}, overlay.Options{Why: r.Why, Keys: keys})
}

// The flags by which a test binary does itself what amdahl run's --why and
// --trace ask for, as its -h lists them: a bool, and the name of a file.
var (
	whyFlag      = regexp.MustCompile(`(?m)^  -why$`)
	timelineFlag = regexp.MustCompile(`(?m)^  -timeline string$`)
)

// hasFlag reports whether a test binary's -h lists a flag. It waits 10 s at
// most, after which the answer is no.
func hasFlag(ctx context.Context, b rounds.Binary, flag *regexp.Regexp) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, b.Path, "-h")
	var text bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = b.Dir, &text, &text, time.Second
	_ = cmd.Run() // -h ends with 0 or 2, by the program's choice
	return flag.Match(text.Bytes())
}

// output runs a program and returns its standard output. The error has what
// the program printed.
func output(ctx context.Context, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		words := strings.Join(append([]string{filepath.Base(program)}, args...), " ")
		return "", &programError{words, err, string(bytes.TrimSpace(append(stderr.Bytes(), stdout.Bytes()...)))}
	}
	return stdout.String(), nil
}

// A programError is a program that ended with another status than 0.
type programError struct {
	command string
	err     error
	text    string // that it printed
}

func (e *programError) Error() string { return fmt.Sprintf("%s: %v\n%s", e.command, e.err, e.text) }

func (e *programError) Unwrap() error { return e.err }

// said is what the program printed, on one line where it has one.
func (e *programError) said() string {
	if e.text == "" {
		return e.err.Error()
	}
	return strings.TrimRight(e.text, ".:\n ")
}

// Fingerprint is a short hash of a program: two versions of it differ.
func Fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", errors.Join(fmt.Errorf("%s cannot be read", path), err)
	}
	return fmt.Sprintf("sha256:%x", h.Sum(nil)[:8]), nil
}
