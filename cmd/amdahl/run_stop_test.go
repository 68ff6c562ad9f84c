package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/machine"
)

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
