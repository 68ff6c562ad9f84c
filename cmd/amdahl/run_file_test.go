package main

import (
	"bytes"
	"context"
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

	"github.com/spf13/cobra"

	"amdahl/bench/machine"
)

// wait fails the test unless something becomes true soon.
func wait(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begin := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("%s: not within 30 s", what)
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

// A killed run leaves no grandchild and no folder behind.
func TestKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("the watcher is for Linux")
	}
	t.Parallel()
	dir := t.TempDir()
	pids := filepath.Join(dir, "pids")
	cmd := exec.Command(os.Args[0], "amdahl", "run", "-q", "-x", "n=1", "-o", filepath.Join(dir, "x.txt"), "--shell", "--",
		"(sleep 300 & echo $! >> "+pids+"; setsid sleep 300 & echo $! >> "+pids+"; sleep 300); true {n}")
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var list []string
	wait(t, "grandchildren", func() bool {
		text, _ := os.ReadFile(pids)
		list = strings.Fields(string(text))
		return len(list) == 2
	})
	cmd.Process.Kill()
	cmd.Wait()
	for _, pid := range list {
		wait(t, "the end of "+pid, func() bool {
			text, err := os.ReadFile("/proc/" + pid + "/stat")
			return err != nil || strings.Contains(string(text), ") Z ") // ended, and nobody waited for it
		})
	}
	wait(t, "no folder", func() bool {
		left, _ := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
		return len(left) == 0
	})
}

// A link to a file that was not there stays as it was if there are no results.
func TestDanglingLink(t *testing.T) {
	dir := t.TempDir()
	link, target := filepath.Join(dir, "link"), filepath.Join(dir, "target")
	if err := os.Symlink(target, link); err != nil {
		t.Skip(err)
	}
	status, _, _ := amdahl(t, "run", "-q", "-x", "n=1,2", "--rounds", "1", "-o", link, "--", os.Args[0], "fail", "{n}")
	_, linkErr := os.Lstat(link)
	_, targetErr := os.Stat(target)
	if status != 1 || linkErr != nil || targetErr == nil {
		t.Errorf("exit status %d, link %v, target %v, want the link alone", status, linkErr, targetErr)
	}
}

// --wait waits until the machine gives what a canary asks for, says what it waits for,
// and measures all the same when the time is over.
func TestWaitQuiet(t *testing.T) {
	busy := machine.Given{Threads: 2, Pieces: 1, Wall: 100, CPU: 57}
	for _, tt := range []struct {
		name   string
		given  machine.Given
		limit  time.Duration
		sleeps int
		say    string
	}{
		{"quiet", machine.Given{Threads: 2, Pieces: 1, Wall: 100, CPU: 99}, time.Hour, 0, ""},
		{"unknown", machine.Given{Threads: 2, Pieces: 1, Wall: 100}, time.Hour, 0, ""},
		{"no time left", busy, 0, 0, "still busy after 0s (2 processors gave 1.1): measuring all the same"},
		{"stopped", busy, time.Hour, 1, "waiting for a quiet machine, 1h0m0s at most: 2 processors gave 1.1, and 90 % of that are needed"},
	} {
		var stderr bytes.Buffer
		cmd := &cobra.Command{}
		cmd.SetErr(&stderr)
		sleeps := 0
		s := &surroundings{threads: 2, given: tt.given}
		err := s.waitQuiet(cmd, tt.limit, func(time.Duration) error { sleeps++; return context.Canceled })
		if sleeps != tt.sleeps || (err != nil) != (tt.sleeps > 0) || !strings.Contains(stderr.String(), tt.say) || tt.say == "" && stderr.Len() > 0 {
			t.Errorf("%s: slept %d times, %v, %q, want %d, %q", tt.name, sleeps, err, &stderr, tt.sleeps, tt.say)
		}
	}
}

// Names that end in -digits stay whole: three series of two levels.
func TestDigitNames(t *testing.T) {
	var b strings.Builder
	b.WriteString("run-seed: 1\nrun-plan: [\"-x\",\"cpu=1,2\",\".\"]\nrun-x: gomaxprocs\n")
	for r := 1; r <= 6; r++ {
		fmt.Fprintf(&b, "round: %d\n", r)
		for _, n := range []int{1, 2, 4} {
			for _, p := range []int{1, 2} {
				fmt.Fprintf(&b, "BenchmarkSizes/buf-%d-%d 100 %d ns/op\n", n, p, 1000*n/p+r)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	_, stdout, stderr := amdahl(t, "fit", "--json", file)
	var doc struct {
		Curves []struct {
			Series string
			Points []struct{ N float64 }
		}
	}
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil || len(doc.Curves) != 3 {
		t.Fatalf("%v, %s, %s, want three series", err, stdout, stderr)
	}
	for i, want := range []string{"Sizes/buf-1", "Sizes/buf-2", "Sizes/buf-4"} {
		if c := doc.Curves[i]; c.Series != want || len(c.Points) != 2 || c.Points[1].N != 2 {
			t.Errorf("got %+v, want %s at 1 and 2", c, want)
		}
	}
}

// A line that is longer than any result, among others, refuses nothing.
func TestLongLine(t *testing.T) {
	text := curve("A", 1, 2, 4) + strings.Repeat("x", 1<<20) + "\n" + "log line\n"
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, stdout, stderr := amdahl(t, "fit", path); status != 0 || !strings.Contains(stdout, "amdahl") {
		t.Errorf("exit status %d, %q, %q, want the table", status, stdout, stderr)
	}
}

// A benchmark that ends the process with status 0 is a failure, and flags for TestMain
// reach the listing of benchmarks too.
func TestExit0AndFlags(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a package; -short")
	}
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":    "module m\n\ngo 1.20\n",
		"a_test.go": "package m\n\nimport (\n\t\"flag\"\n\t\"os\"\n\t\"testing\"\n)\n\nvar n = flag.Int(\"n\", 0, \"needed\")\n\nfunc TestMain(m *testing.M) {\n\tflag.Parse()\n\tif *n == 0 {\n\t\tos.Stderr.WriteString(\"need -n\\n\")\n\t\tos.Exit(2)\n\t}\n\tos.Exit(m.Run())\n}\n\nfunc BenchmarkExit(b *testing.B) { os.Exit(0) }\n\nfunc BenchmarkGood(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, _, stderr := amdahlIn(t, dir, "run", ".", "-x", "cpu=1", "--benchtime", "2x", "--rounds", "1", "--", "-n", "3")
	if status != 1 || !strings.Contains(stderr, "os.Exit(0)") || !strings.Contains(stderr, "failed: cpu=1 1×") {
		t.Errorf("os.Exit(0): exit status %d, %q, want a failure", status, stderr)
	}
	if status, stdout, stderr := amdahlIn(t, dir, "run", ".", "--bench", "Good", "-x", "cpu=1", "--benchtime", "2x", "--rounds", "1", "--", "-n", "{round}"); status != 0 || !strings.Contains(stdout, "BenchmarkGood-1") {
		t.Errorf("a flag of TestMain: exit status %d, %q, %q", status, stdout, stderr)
	}
}

// A run that is stopped says where: in the setup, too, and names no file that is gone.
func TestStoppedInSetup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	started := filepath.Join(dir, "started")
	cmd := exec.Command(os.Args[0], "amdahl", "run", "-x", "n=1,2", "-o", filepath.Join(dir, "x.txt"), "--setup", "touch "+started+"; sleep 300", "--cleanup", "rm "+started, "--", os.Args[0], "work", "{n}")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wait(t, "the setup", func() bool { _, err := os.Stat(started); return err == nil })
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if text := stderr.String(); cmd.ProcessState.ExitCode() != 1 || !strings.Contains(text, "amdahl: stopped in the setup: 0 results\n") {
		t.Errorf("exit status %d, %q, want where it was stopped", cmd.ProcessState.ExitCode(), text)
	}
	if _, err := os.Stat(started); err == nil {
		t.Error("the cleanup did not run")
	}
}
