package trial

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// spec is a module whose student file has this function.
func spec(body string) Spec {
	return Spec{
		Package: "p", Student: []string{"p.go"}, Yields: true, Seed: 1,
		Files: map[string][]byte{
			"go.mod": []byte("module lab\n\ngo 1.25\n"),
			"p.go":   []byte("package p\n\n" + body + "\n"),
			"p_test.go": []byte(`package p_test

import (
	"fmt"
	"os"
	"testing"

	p "lab"
)

var record func(cause, text string)

func TestOne(t *testing.T) {
	if got := p.F(); got != 1 {
		record("value", fmt.Sprintf("F() is %d", got))
		t.Fail()
	}
}

// TestReach tries what a student's code cannot import; here the test does it.
func TestReach(t *testing.T) {
	if _, err := os.ReadFile(fmt.Sprint(p.F())); err == nil {
		record("read", "a hidden test can be read")
		t.Fail()
	}
}

func TestSecret(t *testing.T) {
	found := ""
	for _, name := range []string{"../source/p_test.go", "../source", "../"} {
		if _, err := os.ReadDir(name); err == nil {
			found += name + " "
		} else if _, err := os.ReadFile(name); err == nil {
			found += name + " "
		}
	}
	if err := os.WriteFile("../lab.test", nil, 0o600); err == nil {
		found += "the test can be written"
	}
	if os.Geteuid() == 0 {
		found += "root"
	}
	if found != "" {
		record("secret", found)
		t.Fail()
	}
}

func TestEnvironment(t *testing.T) {
	for _, name := range []string{"AMDAHL_NONCE", "AMDAHL_RECORD", "AMDAHL_TRIAL_CANARY"} {
		if os.Getenv(name) != "" {
			record("environment", name)
			t.Fail()
		}
	}
}
`),
		},
	}
}

func run(t *testing.T, s Spec, test string, o Options) Outcome {
	t.Helper()
	o.Timeout = cmp.Or(o.Timeout, 5*time.Minute) // only what hangs takes that long
	trial, err := Open(t.Context(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
	}()
	out, err := trial.Run(t.Context(), test)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// How code can end, and what it is called.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, cause, text string
		line              int
	}{
		"right":     {"func F() int { return 1 }", "", "", 0},
		"wrong":     {"func F() int { return 2 }", "value", "F() is 2", 0},
		"panic":     {"func F() int {\n\tpanic(\"PASS\")\n}", "panic", "The program crashed: panic: PASS (p.go:4)", 4},
		"nil map":   {"func F() int {\n\tvar m map[int]int\n\tm[1] = 1\n\treturn 1\n}", "panic", "assignment to entry in nil map (p.go:5)", 5},
		"deadlock":  {"func F() int {\n\tselect {}\n}", "deadlock", "All goroutines wait", 4},
		"exit":      {"import \"os\"\n\nfunc F() int { os.Exit(0); return 1 }", "exit", "ended before the test did", 0},
		"fake pass": {"import (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc F() int { fmt.Println(\"--- PASS: TestOne\\nPASS\\nok\"); os.Exit(0); return 1 }", "exit", "ended before the test did", 0},
		"goexit":    {"import \"runtime\"\n\nfunc F() int { runtime.Goexit(); return 1 }", "panic", "runtime.Goexit", 5},
		"recursion": {"func F() int { return F() + 1 }", "panic", "stack overflow", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := run(t, spec(c.body), "TestOne", Options{})
			if o.Cause != c.cause || o.Passed != (c.cause == "") || !strings.Contains(o.Text, c.text) || c.line > 0 && (o.Line != c.line || o.File != "p.go") {
				t.Errorf("got %+v, want the cause %q, %q and line %d", o, c.cause, c.text, c.line)
			}
		})
	}
}

// A test that does not end is killed, and only it.
func TestTime(t *testing.T) {
	t.Parallel()
	o := run(t, spec("func F() int {\n\tfor {\n\t}\n}"), "TestOne", Options{Timeout: 300 * time.Millisecond})
	if o.Cause != "time" {
		t.Errorf("got %+v", o)
	}
}

func TestCompileError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"type":    {"func F() int {\n\tx := 1\n\treturn \"a\" + x\n}", "p.go:5:"},
		"missing": {"func G() int { return 1 }", "undefined: p.F"},
	} {
		_, err := Open(t.Context(), spec(c.body), Options{})
		if broken := (CompileError{}); !errors.As(err, &broken) || !strings.Contains(broken.Text, c.want) || strings.Contains(broken.Text, yieldName) {
			t.Errorf("%s: got %v, want a CompileError with %q", name, err, c.want)
		}
	}
	if _, err := Open(t.Context(), spec("func F() int { return 1 }"), Options{Go: "no-such-go"}); err == nil || !strings.Contains(err.Error(), "install Go") {
		t.Errorf("without Go: %v", err)
	}
}

// Where the caller is root, the process can neither read the tests nor change
// anything. The test tries with package os, which students cannot import.
func TestRights(t *testing.T) {
	t.Setenv("AMDAHL_TRIAL_CANARY", "secret")
	if o := run(t, spec("func F() int { return 1 }"), "TestEnvironment", Options{}); !o.Passed {
		t.Errorf("the environment of the grader is visible: %+v", o)
	}
	if os.Geteuid() != 0 {
		t.Skip("not root: there is no other user, and the list of imports keeps code from files")
	}
	if o := run(t, spec("func F() int { return 1 }"), "TestSecret", Options{}); !o.Passed {
		t.Errorf("got %+v", o)
	}
	if _, err := newGuard("no-such-user"); err == nil || !strings.Contains(err.Error(), "useradd") {
		t.Errorf("an unknown user: %v", err)
	}
}

// A race that yields find each time, and one that only the race detector finds.
func TestRaces(t *testing.T) {
	t.Parallel()
	counter := `import "sync"

func F() int {
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range 50 {
				n++
			}
		})
	}
	wg.Wait()
	return n / 100
}`
	for range 3 {
		if o := run(t, spec(counter), "TestOne", Options{}); o.Cause != "value" {
			t.Errorf("yields do not find the race: %+v", o)
		}
	}
	if !CanRace() {
		t.Skip("no C compiler: the race detector is not tried")
	}
	quiet := spec("import \"sync\"\n\nvar last int\n\nfunc F() int {\n\tvar wg sync.WaitGroup\n\tfor i := range 2 {\n\t\twg.Go(func() { last = i })\n\t}\n\twg.Wait()\n\treturn 1\n}")
	quiet.Yields, quiet.Race = false, true
	if o := run(t, quiet, "TestOne", Options{}); o.Cause != "race" || o.Line != 10 {
		t.Errorf("got %+v, want a race in line 10", o)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	trial, err := Open(t.Context(), spec("func F() int {\n\tfor {\n\t}\n}"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := trial.Run(ctx, "TestOne"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := trial.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(trial.dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
