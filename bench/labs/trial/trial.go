// Package trial compiles a student's files together with the tests of a lab, and
// runs each test in a process of its own. A deadlock, a panic or an early end of one
// process takes no other test with it.
//
//	t, err := trial.Open(ctx, spec, options)
//	defer t.Close()
//	outcome := t.Run(ctx, "TestOrder")
//
// A test counts as passed only if the process says so in a record that holds a number
// drawn for this run; an exit status of 0 proves nothing. Where the caller is
// root on a Unix system, the processes run as another user (student, else nobody), who can
// neither read the tests nor write anything but the record's folder, which is
// read before anything else can run. Elsewhere they run as the caller, and the list of
// imports ([Screen]) is what keeps them from files.
package trial

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// A Spec is what to compile.
type Spec struct {
	Files   map[string][]byte // the whole module, by slash-separated path: go.mod, tests and all
	Student []string          // the files among them that the student wrote
	Package string            // the name of the package of the student's files
	Yields  bool              // put seeded yields into the student's files
	Seed    uint64            // of the yields
	Race    bool              // compile with the race detector, which needs a C compiler
	Trim    bool              // compile so that packages are found again in the build cache, whatever the folder is called (-trimpath); Go's library is then compiled for that, too
}

// Options say how. The zero value is useful.
type Options struct {
	Go      string        // the go command; "" is go on the PATH
	Cache   string        // the build cache; "" is the user's
	Cold    bool          // nothing is in the build cache: compile without inlining, in a quarter less time
	Timeout time.Duration // of one test; 0 is 10 s
	User    string        // run tests as this user, where the caller is root; "" is student, else nobody
}

// A CompileError is the student's: the code does not compile.
type CompileError struct{ Text string }

func (e CompileError) Error() string { return e.Text }

// A Trial is a compiled test. Close removes it. Run may not be called from several
// goroutines at the same time.
type Trial struct {
	dir    string
	binary string
	spec   Spec
	o      Options
	guard  guard
	Took   time.Duration // of compiling
}

// CanRace reports whether the race detector works here: there is a C compiler.
func CanRace() bool {
	if runtime.GOOS == "windows" {
		return false
	}
	for _, cc := range []string{"gcc", "clang", "cc"} {
		if _, err := exec.LookPath(cc); err == nil {
			return true
		}
	}
	return false
}

// Open compiles. The error is a [CompileError] where the student's code is at fault.
func Open(ctx context.Context, spec Spec, o Options) (_ *Trial, err error) {
	if o.Go == "" {
		o.Go = "go"
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	dir, err := os.MkdirTemp("", "amdahl-trial")
	if err != nil {
		return nil, fmt.Errorf("trial: no folder for temporary files: %w", err)
	}
	t := &Trial{dir: dir, spec: spec, o: o, binary: filepath.Join(dir, "lab.test")}
	if runtime.GOOS == "windows" {
		t.binary += ".exe"
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, t.Close())
		}
	}()
	if t.guard, err = newGuard(o.User); err != nil {
		return nil, fmt.Errorf("trial: %w", err)
	}
	source := filepath.Join(dir, "source") // closed to the user who runs the tests
	if err := os.Mkdir(source, 0o700); err != nil {
		return nil, err
	}
	if err := t.write(source); err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { // others can pass, not list
		return nil, err
	}
	return t, t.compile(ctx, source)
}

// write writes the module.
func (t *Trial) write(source string) error {
	files := map[string][]byte{"amdahl_record_test.go": []byte(strings.ReplaceAll(recorder, "PACKAGE", t.spec.Package))}
	for name, text := range t.spec.Files {
		files[name] = text
	}
	if t.spec.Yields {
		for _, name := range t.spec.Student {
			text, err := withYields(name, files[name])
			if err != nil {
				return CompileError{err.Error()}
			}
			files[name] = text
		}
		files["amdahl_yield.go"] = yields(t.spec.Package, t.spec.Seed)
	}
	for name, text := range files {
		path := filepath.Join(source, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (t *Trial) compile(ctx context.Context, source string) error {
	args := []string{"test", "-c", "-vet=off", "-ldflags=-s -w", "-o", t.binary}
	cgo := "0"
	if t.spec.Race {
		args, cgo = append(args, "-race"), "1"
	}
	if t.spec.Trim {
		args = append(args, "-trimpath")
	}
	if t.o.Cold {
		args = append(args, "-gcflags=all=-l")
	}
	cmd := exec.CommandContext(ctx, t.o.Go, append(args, ".")...)
	cmd.Dir = source
	// The garbage collector of the compiler runs more rarely: a cold build takes about a
	// tenth less time, and at most 420 MB with the files that the system keeps.
	cmd.Env = append(os.Environ(), "GOGC=400", "GOFLAGS=", "GOPROXY=off", "GOTOOLCHAIN=local", "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED="+cgo, "PWD="+source)
	if t.o.Cache != "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+t.o.Cache)
	}
	begin := time.Now()
	out, err := cmd.CombinedOutput()
	t.Took = time.Since(begin)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("trial: there is no go command %q: install Go, or name it", t.o.Go)
	case err != nil:
		for _, name := range t.spec.Student {
			if bytes.Contains(out, []byte(name+":")) {
				return CompileError{compilerText(string(out))}
			}
		}
		// A missing function shows in the tests.
		if bytes.Contains(out, []byte("undefined: ")) || bytes.Contains(out, []byte("_test.go:")) {
			return CompileError{compilerText(string(out))}
		}
		return fmt.Errorf("trial: go test -c failed: %w: %s", err, head(string(out)))
	}
	return os.Chmod(t.binary, 0o755)
}

// compilerText is what the compiler says, without its heading and the calls of
// amdahlYield.
func compilerText(out string) string {
	var lines []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "# ") && len(lines) < 10 {
			lines = append(lines, strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(line), "./"), yieldName+"();", ""))
		}
	}
	return strings.Join(lines, "\n")
}

// Close removes what was compiled.
func (t *Trial) Close() error { return os.RemoveAll(t.dir) }

// A record is what a test process writes.
type record struct {
	Nonce  string `json:"nonce"`
	Passed bool   `json:"passed"`
	Cause  string `json:"cause"`
	Text   string `json:"text"`
}

// Run runs one test.
func (t *Trial) Run(ctx context.Context, test string) (Outcome, error) {
	random := make([]byte, 16)
	rand.Read(random)
	nonce := hex.EncodeToString(random)
	dir, err := os.MkdirTemp(t.dir, "run")
	if err != nil {
		return Outcome{}, fmt.Errorf("trial: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := t.guard.own(dir); err != nil {
		return Outcome{}, fmt.Errorf("trial: %w", err)
	}
	path := filepath.Join(dir, "record")
	limited, cancel := context.WithTimeout(ctx, t.o.Timeout)
	defer cancel()
	cmd := exec.CommandContext(limited, t.binary, "-test.run", "^"+regexp.QuoteMeta(test)+"$", "-test.timeout", "0", "-test.count", "1")
	cmd.Dir = dir
	cmd.Env = append(systemEnv(), "HOME="+dir, "TMPDIR="+dir, "GOMAXPROCS=1", "GOTRACEBACK=all", "GOMEMLIMIT=400MiB", "GORACE=atexit_sleep_ms=0", "AMDAHL_RECORD="+path, "AMDAHL_NONCE="+nonce)
	var out capped
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.WaitDelay = time.Second
	t.guard.restrict(cmd)
	err = cmd.Run()
	if ctx.Err() != nil {
		return Outcome{}, ctx.Err()
	}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) && limited.Err() == nil {
		return Outcome{}, fmt.Errorf("trial: the test cannot be run: %w", err)
	}
	var r record
	if text, err := os.ReadFile(path); err == nil {
		if json.Unmarshal(text, &r) != nil || r.Nonce != nonce {
			r = record{}
		}
	}
	o := t.judge(r, out.String(), limited.Err() != nil)
	o.Test = test
	return o, nil
}

// systemEnv is what a program needs of the environment to start at all.
func systemEnv() []string {
	var env []string
	for _, name := range []string{"SYSTEMROOT", "PATH"} {
		if v := os.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// headBytes is how much is kept of what a test prints.
const headBytes = 4 << 10

func head(s string) string {
	if len(s) > headBytes {
		return strings.ToValidUTF8(s[:headBytes], "") + " …"
	}
	return s
}

// capped keeps the first megabyte, and drops the rest.
type capped struct{ bytes.Buffer }

func (c *capped) Write(p []byte) (int, error) {
	if room := 1<<20 - c.Len(); room > 0 {
		c.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
