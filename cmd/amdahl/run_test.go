package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// This test binary plays the programs that are measured, and the command in a
// process of its own.
const playing = "AMDAHL_TEST_PLAY"

func TestMain(m *testing.M) {
	os.Unsetenv("COLUMNS") // tables are as wide as in a pipe
	if mark := os.Getenv(watchEnv); mark != "" {
		watcherMain(mark)
		os.Exit(0)
	}
	if os.Getenv(playing) != "" && len(os.Args) > 1 {
		switch os.Args[1] {
		case "amdahl":
			watcherProgram = os.Args[0]
			os.Exit(run(context.Background(), os.Args[2:], os.Stdin, os.Stdout, os.Stderr))
		case "work": // waits as work with a serial half would
			var n int
			fmt.Sscan(os.Args[2], &n)
			time.Sleep(5*time.Millisecond + 5*time.Millisecond/time.Duration(n))
			os.Exit(0)
		case "fail":
			fmt.Println("no luck")
			os.Exit(7)
		}
	}
	os.Setenv(playing, "1")
	self = func() ([]string, error) { return []string{os.Args[0], "amdahl"}, nil }
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or a process takes a second to end
	status := m.Run()
	os.RemoveAll(binaries)
	os.Exit(status)
}

// amdahl runs the command in this process.
func amdahl(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}

// amdahlIn runs the command in a process of its own, in another directory.
func amdahlIn(t *testing.T, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"amdahl"}, args...)...)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestRunUsage(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full.txt")
	const begun = "run-seed: 4\nrun-plan: [\"-x\",\"n=1,2\",\"--\",\"true\",\"{n}\"]\n"
	for name, text := range map[string]string{full: begun, filepath.Join(dir, "other.txt"): "BenchmarkA 1 5 ns/op\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"run", 2, "nothing to measure: name a package"},
		{"run ./p", 2, "nothing is varied: add -x cpu=1,2,4"},
		{"run -- ls", 2, "nothing is varied: add -x threads=1,2,4"},
		{"run -x threads -- ls", 2, `-x "threads" has no values`},
		{"run -x a=b -- ls {a}", 2, "-x a=b: not numbers of workers, whole and from 1: write numbers, or vary the workers too"},
		{"run -x t=1-4 -- ls {t}", 2, "-x t=1-4: a range is written with two dots: -x t=1..4"},
		{"run -x t=7..2 -- ls {t}", 2, "7..2 is not a range: write the smaller number first"},
		{"run -x n=1 --name A ./p", 2, "--name is for commands"},
		{"run -x n=1 --against HEAD^ -- ls {n}", 2, "--against is for Go packages"},
		{"run -x n=1 --wait -5m -- ls {n}", 2, "0 or more"},
		{"run -x n=1 -- ls", 2, "write {n} in it"},
		{"run -x n=1 -- /no/such/program {n}", 2, "/no/such/program"},
		{"run -x n=1 --bench A -- ls {n}", 2, "--bench and --benchtime are for Go packages"},
		{"run -x n=1 --prepare ls ./p", 2, "--prepare, --shell and --ignore-failure are for commands"},
		{"run -x n=1 --rounds 0 -- ls {n}", 2, "--rounds 0: measure at least one"},
		{"run -x n=1 --rounds 3 --budget 5s -- ls {n}", 2, "leave out --precision and --budget"},
		{"run -x n=1 --budget -5s -- ls {n}", 2, "0 or more"},
		{"run -x n=1 --warmup -1 -- ls {n}", 2, "--warmup -1: it starts at 0"},
		{fmt.Sprintf("run -x cpu=1,%d ./p", runtime.NumCPU()+1), 2, "that compute cannot be measured here"},
		{"run -x n=1 -o " + full + " -- ls {n}", 2, "has something in it: go on with --resume"},
		{"run -x n=1 -o " + dir + "/no/x.txt -- ls {n}", 2, "there is no folder " + dir + "/no: make it with mkdir -p"},
		{"run --resume " + dir + "/absent.txt", 1, "no such file"},
		{"run --resume " + dir + "/other.txt", 1, "other.txt: rounds: no run-seed and run-plan lines"},
		{"run --resume " + full + " --seed 5", 2, "was begun with --seed 4"},
		{"run --resume " + full + " -o y.txt", 2, "leave out -o"},
		{"run --resume " + full + " -x n=1,2,4 -- true {n}", 2, "was begun with another plan"},
	} {
		status, _, stderr := amdahl(t, strings.Fields(tt.args)...)
		if status != tt.status || !strings.Contains(stderr, tt.want) {
			t.Errorf("%s: exit status %d, %q, want %d, %q", tt.args, status, stderr, tt.status, tt.want)
		}
	}
}

// A plan survives being written into the file, whatever is in its arguments.
func TestPlanText(t *testing.T) {
	for _, args := range [][]string{
		{"-x", "n=1,2", "--", "tool", "--flag", "a b", "it's \"{n}\"", "ü\n-x"},
		{"-x", "cpu=1", "-x", "workers=1,2", "--bench=A|B/<c>", "--why=true", "--benchtime=1x", "--setup=echo $HOME; true", "./p", "./q", "--", "-v"},
		{"-x", "n=1", "--prepare=sync", "--cleanup=rm -r 'x'", "--shell=true", "--ignore-failure=true", "--warmup=3", "--", "a | b {n}"},
	} {
		var p, q planFlags
		if err := p.parseArgs(args); err != nil {
			t.Fatal(err)
		}
		text := p.text()
		if err := q.parse(text); err != nil || strings.Contains(text, "\n") || !slices.Equal(q.args(), p.args()) || q.bench != p.bench || q.shell != p.shell || q.why != p.why || !slices.Equal(q.rest, p.rest) {
			t.Errorf("%q became %s and then %q, %v", args, text, q.args(), err)
		}
	}
}

func TestRunCommand(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "work.txt")
	status, stdout, stderr := amdahl(t, "run", "-x", "threads=1,2,4", "--rounds", "6", "--seed", "3", "-o", file, "--", os.Args[0], "work", "{threads}")
	if status != 0 || !strings.Contains(stdout, "Command/cmd=") || !strings.Contains(stdout, "amdahl") {
		t.Errorf("exit status %d, %q, want the fitted table", status, stdout)
	}
	for _, want := range []string{"measuring 3 levels in shuffled rounds, seed 3\n", "6 rounds in ", "24 results in " + file + ": as many as were asked for (σ ", "next: amdahl report -o " + strings.TrimSuffix(file, ".txt") + " " + file} {
		if !strings.Contains(stderr, want) {
			t.Errorf("got %q, want %q in it", stderr, want)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(string(text), "/threads=4\t1\t"); got != 6 {
		t.Errorf("%d results at 4 threads, want 6", got)
	}
	// Going on to more rounds keeps the plan and the seed.
	status, _, stderr = amdahl(t, "run", "--resume", file, "--rounds", "7", "--yes")
	again, err := os.ReadFile(file)
	if status != 0 || err != nil || !bytes.HasPrefix(again, text) || !strings.Contains(stderr, "seed 3\n") || !strings.Contains(stderr, "28 results in ") {
		t.Errorf("exit status %d, %v, %q, want a seventh round behind the others", status, err, stderr)
	}
	// A filed plan cannot be begun anew in the same file.
	if status, _, _ = amdahl(t, "run", "-x", "n=1", "-o", file, "--", os.Args[0], "work", "{n}"); status != 2 {
		t.Errorf("exit status %d, want 2", status)
	}
}

// Without -o the results are on standard output, and nothing else is.
func TestRunToStdout(t *testing.T) {
	status, stdout, stderr := amdahl(t, "run", "-q", "-x", "n=1,2", "--rounds", "1", "--", os.Args[0], "work", "{n}")
	if status != 0 || stderr != "" || strings.Count(stdout, "\nBenchmarkCommand/") != 3 || strings.Contains(stdout, "─") {
		t.Errorf("exit status %d, %q, %q, want three results alone", status, stdout, stderr)
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.txt")
	status, _, stderr := amdahl(t, "run", "-x", "n=1,2", "--rounds", "3", "-o", file, "--", os.Args[0], "fail", "{n}")
	if status != 1 || !strings.Contains(stderr, "n=2 failed in round 1: exit status 7\n  | no luck\n") || !strings.Contains(stderr, "amdahl: failed: ") || !strings.Contains(stderr, "n=2 1×") {
		t.Errorf("exit status %d, %q, want 1 and both failures", status, stderr)
	}
	if _, err := os.Stat(file); err == nil {
		t.Errorf("%s is left with nothing in it", file)
	}
	if status, _, stderr := amdahl(t, "run", "-x", "n=1,2", "--rounds", "1", "--ignore-failure", "--", os.Args[0], "fail", "{n}"); status != 0 {
		t.Errorf("--ignore-failure: exit status %d, %q, want 0", status, stderr)
	}
}

// A signal ends the run, which says where the results are and how to go on.
func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.txt")
	cmd := exec.Command(os.Args[0], "amdahl", "run", "-x", "n=1,2", "-o", file, "--budget", "10m", "--", os.Args[0], "work", "{n}")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait(t, "a result", func() bool { text, _ := os.ReadFile(file); return bytes.Contains(text, []byte("# done")) })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		cmd.Process.Kill()
		t.Skipf("no interrupts here: %v", err)
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 1 || !strings.Contains(stderr.String(), "amdahl: stopped in round ") || !strings.Contains(stderr.String(), "go on with: amdahl run --resume "+file) {
		t.Errorf("exit status %d, %q, want 1 and how to go on", got, &stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil || len(text) == 0 || text[len(text)-1] != '\n' {
		t.Errorf("the file ends in %q, %v, want whole lines", text[max(0, len(text)-40):], err)
	}
	if status, _, stderr := amdahl(t, "run", "--resume", file, "--rounds", "1", "--yes"); status != 0 {
		t.Errorf("resuming: exit status %d, %q", status, stderr)
	}
}

// A closed pipe and a full disk end it with one message.
func TestRunBrokenOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	cmd := exec.Command(os.Args[0], "amdahl", "run", "-q", "-x", "n=1,2", "--budget", "10m", "--", os.Args[0], "work", "{n}")
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	cmd.Run()
	w.Close()
	if got := cmd.ProcessState.ExitCode(); got != 1 || !strings.Contains(stderr.String(), "the results cannot be written") || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("closed pipe: exit status %d, %q, want 1 and one message", got, &stderr)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full on this system")
	}
	status, _, text := amdahl(t, "run", "-q", "-x", "n=1,2", "-o", "/dev/full", "--", os.Args[0], "work", "{n}")
	if status != 1 || !strings.Contains(text, "no space left") || strings.Count(text, "\n") != 1 {
		t.Errorf("full disk: exit status %d, %q, want 1 and one message", status, text)
	}
}

// A package is compiled, and its benchmarks run at GOMAXPROCS and at their
// own keys.
func TestRunPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module scaling\n\ngo 1.20\n",
		"a/a_test.go": `package a

import ("os"; "testing")

func BenchmarkIndex(b *testing.B) {
	if _, err := os.Stat("data"); err != nil { b.Fatal(err) }
	for _, name := range []string{"workers=1", "workers=2", "workers=20"} {
		b.Run(name, func(b *testing.B) { for i := 0; i < b.N; i++ {} })
	}
}

func TestNever(t *testing.T) { t.Fatal("a test ran") }
`,
		"a/data":      "",
		"b/b_test.go": "package b\n\nimport \"testing\"\n\nfunc BenchmarkOther(b *testing.B) {}\n",
		"c/c.go":      "package c\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		args   string
		status int
		want   []string // each once a round, and of the first level once more
		stderr string
	}{
		{"./... --bench Index -x workers=1,2", 0, []string{"BenchmarkIndex/workers=1", "BenchmarkIndex/workers=2"}, "measuring 2 levels"},
		{"./a --bench Index/workers=20 -x cpu=1", 0, []string{"BenchmarkIndex/workers=20-1 "}, "measuring 1 level "},
		{"./a ./b -x cpu=1", 0, []string{"BenchmarkIndex/workers=20-1 ", "BenchmarkOther-1 "}, "measuring 2 levels"},
		{"./c -x cpu=1", 2, nil, "no benchmarks in ./c"},
		{"./d -x cpu=1", 1, nil, "go cannot list the tests of ./d: "},
		{"./a -x workers=3", 1, nil, "no benchmark result"},
	} {
		args := append([]string{"run"}, strings.Fields(tt.args)...)
		status, stdout, stderr := amdahlIn(t, dir, append(args, "--rounds", "1", "--benchtime", "10x")...)
		if status != tt.status || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("%s: exit status %d, %q, want %d, %q", tt.args, status, stderr, tt.status, tt.stderr)
		}
		for _, want := range tt.want {
			if n := strings.Count(stdout, want); n < 1 || n > 2 {
				t.Errorf("%s: %s stands %d times in %q", tt.args, want, n, stdout)
			}
		}
		if strings.Contains(stdout, "workers=20") != strings.Contains(strings.Join(tt.want, " "), "workers=20") {
			t.Errorf("%s: got %q", tt.args, stdout)
		}
	}
}

// What was measured is read once a round, and never again from the file: the
// table is there even if the file is gone.
func TestRunTable(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "gone.txt")
	status, stdout, stderr := amdahl(t, "run", "-x", "n=1,2", "--rounds", "1", "-o", file, "--cleanup", "rm "+file, "--", os.Args[0], "work", "{n}")
	if status != 0 || !strings.Contains(stdout, "n=") && !strings.Contains(stdout, "cmd=") || !strings.Contains(stdout, "speedup") && !strings.Contains(stdout, "T(1)") {
		t.Errorf("exit status %d, %q, %q, want the table", status, stdout, stderr)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the file is still there: this test shows nothing")
	}
}

// Where the results cannot be fitted, the levels that failed are named all the
// same.
func TestRunFailuresOfUnreadable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	binary, file := filepath.Join(dir, "pkg.test"), filepath.Join(dir, "r.txt")
	const script = `#!/bin/sh
case "$*" in
*-test.list*) echo BenchmarkA ;;
*workers=2*) exit 7 ;;
*) echo "BenchmarkA 1 100 ns/op" ;; # without the key that is varied
esac
`
	if err := os.WriteFile(binary, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := exec.CommandContext(t.Context(), binary).Run(); err != nil {
		t.Skipf("no shell scripts as programs on this system: %v", err)
	}
	status, _, stderr := amdahl(t, "run", binary, "-x", "workers=1,2", "--rounds", "1", "-o", file)
	for _, want := range []string{"amdahl: failed: workers=2 1×", file + ":", `no benchmark has the key "workers"`} {
		if status != 1 || !strings.Contains(stderr, want) {
			t.Errorf("exit status %d, %q, want 1 and %q", status, stderr, want)
		}
	}
}
