package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// patience is how long tests wait for what must happen: a machine that does much else may be
// slower than this one by a factor of 30.
const patience = 3 * time.Minute

// wait waits until something is true, and fails the test after patience.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begin := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > patience {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// One file has one writer: another run, and another resume, are refused with the
// process that has it.
func TestOneWriter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.txt")
	first := exec.Command(os.Args[0], "amdahl", "run", "-x", "n=1,2", "-o", path, "--budget", "10m", "--", os.Args[0], "work", "{n}")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { first.Process.Signal(os.Interrupt); first.Wait() }()
	wait(t, "results", func() bool { text, _ := os.ReadFile(path); return bytes.Contains(text, []byte("# done")) })
	who := "is being written by another amdahl run"
	if _, err := os.Stat("/proc/locks"); err == nil {
		who = fmt.Sprintf("process %d has it", first.Process.Pid)
	}
	for _, args := range [][]string{
		{"run", "-x", "n=1,2", "-o", path, "--", os.Args[0], "work", "{n}"},
		{"run", "--resume", path, "--yes"},
	} {
		if status, _, stderr := amdahl(t, args...); status != 1 || !strings.Contains(stderr, who) {
			t.Errorf("%q: exit status %d, %q, want 1 and %q", args, status, stderr, who)
		}
	}
	if text, err := os.ReadFile(path); err != nil || bytes.Count(text, []byte("run-seed:")) != 1 {
		t.Errorf("got %q, %v, want one run in the file", text, err)
	}
}

// What a file would run is printed, and runs only with --yes where nobody can be asked.
func TestResumeAsks(t *testing.T) {
	dir := t.TempDir()
	path, marker := filepath.Join(dir, "x.txt"), filepath.Join(dir, "ran")
	plan := fmt.Sprintf("run-seed: 4\nrun-plan: [\"-x\",\"n=1,2\",\"--setup=touch %s\",\"--shell=true\",\"--\",\"true\\u001b[2J {n}\"]\n", marker)
	if err := os.WriteFile(path, []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, stderr := amdahl(t, "run", "--resume", path, "--rounds", "1")
	for _, want := range []string{"runs these commands:\n", "setup: touch " + marker, "shell: true [2J {n}", "add --yes"} {
		if status != 2 || !strings.Contains(stderr, want) {
			t.Errorf("exit status %d, %q, want 2 and %q", status, stderr, want)
		}
	}
	if _, err := os.Stat(marker); err == nil || strings.Contains(stderr, "\x1b") {
		t.Errorf("it ran, or printed what steers a terminal: %q", stderr)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(plan, `\u001b[2J`, "")), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := amdahl(t, "run", "--resume", path, "--rounds", "1", "--yes"); status != 0 {
		t.Errorf("with --yes: exit status %d, %q", status, stderr)
	}
	if _, err := os.Stat(marker); err != nil {
		t.Error("with --yes it did not run")
	}
	// Who types the command line again need not say more; a hidden secret must be typed.
	if err := os.WriteFile(path, []byte("run-seed: 4\nrun-plan: [\"-x\",\"n=1,2\",\"--\",\"true\",\"--token=***\",\"{n}\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := amdahl(t, "run", "--resume", path, "--rounds", "1", "--yes"); status != 2 || !strings.Contains(stderr, "hides a secret") {
		t.Errorf("a masked plan: exit status %d, %q", status, stderr)
	}
	if status, _, stderr := amdahl(t, "run", "--resume", path, "--rounds", "1", "-x", "n=1,2", "--", "true", "--token=abc", "{n}"); status != 0 {
		t.Errorf("the same command line: exit status %d, %q", status, stderr)
	}
}

// A file says how to read it: nobody has to name the axis, and the complete command
// is in it and below the table.
func TestFileSaysAxis(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.txt")
	status, stdout, stderr := amdahl(t, "run", "-x", "jobs=1,2", "--rounds", "4", "--seed", "5", "-o", path, "--", os.Args[0], "work", "{jobs}", "--password=hunter2")
	if status != 0 || strings.Contains(stdout+stderr, "hunter2") {
		t.Fatalf("exit status %d, %q, %q, want 0, and no secret", status, stdout, stderr)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "hunter2") {
		t.Errorf("%v, or a secret in %q", err, text)
	}
	command := "amdahl run -x jobs=1,2 --rounds 4 --seed 5 -o x.txt -- " + os.Args[0] + " work '{jobs}' '--password=***'"
	for _, want := range []string{"run-x: jobs\n", "run-command: " + command + "\n", "run-date: 20", "run-grade: environment ", "run-judged-by: "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got %q, want %q in the file", text, want)
		}
	}
	for _, args := range [][]string{{"fit", path}, {"plot", "-o", filepath.Join(dir, "x.svg"), path}, {"check", "--min-speedup", "0.1@2", path}, {"compare", path, path}, {"report", "-o", filepath.Join(dir, "r"), path}} {
		if status, stdout, stderr := amdahl(t, args...); status != 0 && status != 3 && args[0] != "compare" || strings.Contains(stderr, "no key") || strings.Contains(stderr, "has only") {
			t.Errorf("%q: exit status %d, %q, %q, want no question for the axis", args, status, stdout, stderr)
		}
	}
	_, stdout, _ = amdahl(t, "fit", path)
	lines := strings.Split(strings.TrimSpace(strings.Join(strings.Fields(stdout), " ")), "measured 20")
	if len(lines) != 2 || !strings.Contains(lines[1], "of 4 rounds kept") || !strings.Contains(lines[1], "amdahl run -x jobs=1,2 --rounds 4") {
		t.Errorf("got %q, want date, rounds and command in the last line", stdout)
	}
	_, stdout, _ = amdahl(t, "fit", "--json", path)
	var doc struct {
		Runs []struct{ Date, Grade, Command string }
	}
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil || len(doc.Runs) != 1 || doc.Runs[0].Command != command || doc.Runs[0].Date == "" || doc.Runs[0].Grade == "" {
		t.Errorf("got %+v, %v, want the run", doc, err)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "r", "index.html")); err != nil || !strings.Contains(string(page), "--rounds 4 --seed 5") || strings.Contains(string(page), "hunter2") {
		t.Errorf("%v: the page lacks the command, or has the secret", err)
	}
}

// Two commands, and two plans, are never one curve; --name names them.
func TestTwoPlans(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all []byte
	for i, args := range [][]string{{"work"}, {"work", "other"}} {
		path := filepath.Join(dir, fmt.Sprintf("%d.txt", i))
		line := append([]string{"run", "-q", "-x", "n=1,2", "--rounds", "3", "-o", path, "--", os.Args[0], args[0], "{n}"}, args[1:]...)
		if status, _, stderr := amdahl(t, line...); status != 0 {
			t.Fatal(stderr)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	both := filepath.Join(dir, "both.txt")
	if err := os.WriteFile(both, all, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, files := range [][]string{{filepath.Join(dir, "0.txt"), filepath.Join(dir, "1.txt")}, {both}} {
		_, stdout, stderr := amdahl(t, append([]string{"fit", "--json"}, files...)...)
		var doc struct{ Curves []struct{ Series string } }
		if err := json.Unmarshal([]byte(stdout), &doc); err != nil || len(doc.Curves) != 2 || doc.Curves[0].Series == doc.Curves[1].Series {
			t.Errorf("%q: got %+v, %v, %s, want two curves of two names", files, doc.Curves, err, stderr)
		}
	}
	_, stdout, _ := amdahl(t, "run", "-q", "-x", "n=1,2", "--rounds", "1", "--name", "half serial", "--", os.Args[0], "work", "{n}")
	if !strings.Contains(stdout, "BenchmarkCommand/cmd=half_serial/n=2\t") || strings.Contains(regexp.MustCompile(`(?m)^run-command.*`).FindString(stdout), " work ") {
		t.Errorf("got %q, want the name, and no command line", stdout)
	}
}

// auto is every power of two up to the processors, and them.
func TestAuto(t *testing.T) {
	var p planFlags
	if err := p.parseArgs([]string{"-x", "cpu=auto", "./p"}); err != nil {
		t.Fatal(err)
	}
	axes, err := p.parsed()
	if err != nil || len(axes) != 1 || axes[0].Values[0] != "1" || p.axes[0] != "cpu="+strings.Join(axes[0].Values, ",") {
		t.Errorf("got %v, %q, %v, want the levels themselves", axes, p.axes, err)
	}
	if n, err := strconv.Atoi(axes[0].Values[len(axes[0].Values)-1]); err != nil || canMeasure(n) != nil {
		t.Errorf("got %v: the largest cannot be measured", axes[0].Values)
	}
}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ in, want []string }{
		{[]string{"--password=hunter2", "-n", "3"}, []string{"--password=***", "-n", "3"}},
		{[]string{"--token", "abc", "--api-key", "def"}, []string{"--token", "***", "--api-key", "***"}},
		{[]string{"DB_PASSWORD=x", "curl", "-H", "Authorization: Bearer abc.def"}, []string{"DB_PASSWORD=***", "curl", "-H", "Authorization: ***"}},
		{[]string{"postgres://me:secret@host/db?token=1&a=2"}, []string{"postgres://me:***@host/db?token=***&a=2"}},
		{[]string{"login --secret abc && run -j {n}"}, []string{"login --secret *** && run -j {n}"}},
		{[]string{"-x", "n=1,2", "--author=me", "monkey=3", "--tokens-per-s=5"}, []string{"-x", "n=1,2", "--author=me", "monkey=3", "--tokens-per-s=5"}},
		{[]string{"--password", "--verbose"}, []string{"--password", "--verbose"}},
	} {
		if got := mask(tt.in); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// What a killed run left is swept by the next one; what a living one uses is not.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if os.TempDir() != dir {
		t.Skip("TMPDIR does not say where temporary files go here")
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"amdahl-run1", "amdahl-run2", "amdahl-run3", "other"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"amdahl-run1/lock": "", "amdahl-run1/0.test": "x", "amdahl-run2/0.test": "x", "amdahl-run3/notes.txt": "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	os.Chtimes(filepath.Join(dir, "amdahl-run2"), old, old)
	os.Chtimes(filepath.Join(dir, "amdahl-run3"), old, old)
	living, err := newTemporary()
	if err != nil {
		t.Fatal(err)
	}
	second, err := newTemporary()
	if err != nil {
		t.Fatal(err)
	}
	left, _ := os.ReadDir(dir)
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	want := []string{filepath.Base(living.dir), filepath.Base(second.dir), "amdahl-run3", "other"}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if err := living.remove(); err != nil {
		t.Error(err)
	}
	second.remove()
	t.Setenv("TMPDIR", filepath.Join(dir, "absent"))
	if _, err := newTemporary(); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("got %v, want TMPDIR named", err)
	}
}

// A file that ends in the middle of a line, or behind a result whose process is not said
// to have ended, goes on from the last process that has: each level is there once a round.
func TestResumeCut(t *testing.T) {
	t.Parallel()
	whole := filepath.Join(t.TempDir(), "whole.txt")
	if status, _, stderr := amdahl(t, "run", "-x", "n=1,2", "--rounds", "2", "-o", whole, "--", os.Args[0], "work", "{n}"); status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	text, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	lastDone := bytes.LastIndex(text[:bytes.LastIndex(text, []byte("# ended round"))], []byte("# done "))
	result := bytes.LastIndex(text[:lastDone], []byte("\nBenchmark")) + 1
	for _, end := range []int{result + 5, (result + lastDone) / 2, lastDone, lastDone + 3} {
		path := filepath.Join(t.TempDir(), "cut.txt")
		if err := os.WriteFile(path, text[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		if status, _, stderr := amdahl(t, "run", "--resume", path, "--rounds", "2", "--yes"); status != 0 {
			t.Errorf("cut at %d: exit status %d: %s", end-result, status, stderr)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		results := func(text []byte) (n int) {
			for line := range bytes.Lines(text) {
				if bytes.HasPrefix(line, []byte("BenchmarkCommand")) {
					n++
				}
			}
			return n
		}
		if want := results(text); results(got) != want || bytes.Count(got, []byte("BenchmarkCommand")) != bytes.Count(text, []byte("BenchmarkCommand")) {
			t.Errorf("cut at %d: %d results, want %d:\n%s", end-result, results(got), want, got)
		}
	}
}
