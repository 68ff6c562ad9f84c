package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a repository of two commits with one benchmark, and a clone of it
// that has only the last one.
func repository(t *testing.T) (whole, shallow string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on this system")
	}
	dir := t.TempDir()
	whole, shallow = filepath.Join(dir, "whole"), filepath.Join(dir, "shallow")
	do := func(in string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Dir = in
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	do(dir, "init", "-q", whole)
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.20\n", "sub/data": "",
		"sub/a_test.go": "package sub\n\nimport (\n\t\"os\"\n\t\"testing\"\n\t\"time\"\n)\n\nfunc BenchmarkWait(b *testing.B) {\n\tif _, err := os.Stat(\"data\"); err != nil {\n\t\tb.Fatal(err)\n\t}\n\tfor i := 0; i < b.N; i++ {\n\t\ttime.Sleep(2 * time.Millisecond)\n\t}\n}\n",
	} {
		path := filepath.Join(whole, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do(whole, "add", ".")
	do(whole, "commit", "-q", "-m", "one")
	path := filepath.Join(whole, "sub", "a_test.go")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), "2 * time", "20 * time", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	do(whole, "commit", "-q", "-a", "-m", "two")
	do(dir, "clone", "-q", "--bare", whole, "bare")
	do(dir, "clone", "-q", "--depth", "1", "file://"+filepath.Join(dir, "bare"), shallow)
	return whole, shallow
}

// Two revisions are measured in the same rounds of one file, which compare and check
// read by itself.
func TestAgainst(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages; -short")
	}
	t.Parallel()
	whole, shallow := repository(t)
	file := filepath.Join(t.TempDir(), "both.txt")
	args := []string{"run", ".", "--against", "HEAD^", "-x", "cpu=1", "--benchtime", "2x", "--rounds", "4", "-o", file}
	status, _, stderr := amdahlIn(t, filepath.Join(shallow, "sub"), args...)
	if status != 2 || !strings.Contains(stderr, "fetch-depth: 2") || !strings.Contains(stderr, "git fetch --deepen=1") {
		t.Fatalf("a clone of depth 1: exit status %d, %q, want 2 and the depth it needs", status, stderr)
	}
	// The recipe of the README: the commit before is fetched.
	fetch := exec.CommandContext(t.Context(), "git", "fetch", "-q", "--deepen=1")
	if fetch.Dir = shallow; fetch.Run() != nil {
		t.Fatal("git fetch --deepen=1 fails")
	}
	for _, dir := range []string{shallow, whole} {
		os.Remove(file)
		if status, _, stderr = amdahlIn(t, filepath.Join(dir, "sub"), args...); status != 0 {
			t.Fatalf("exit status %d, %s", status, stderr)
		}
		list := exec.CommandContext(t.Context(), "git", "worktree", "list")
		list.Dir = dir
		if out, err := list.Output(); err != nil || strings.Count(string(out), "\n") != 1 {
			t.Errorf("worktrees are left: %s, %v", out, err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "run-baseline: ")
	baseline, _, _ := strings.Cut(after, "\n")
	if n := strings.Count(string(text), "BenchmarkWait/revision="+baseline+"-1 "); n < 4 || strings.Count(string(text), "BenchmarkWait/revision=") != 2*n {
		t.Errorf("%d results of the baseline %q, want as many of both:\n%s", n, baseline, text)
	}
	for round := 1; round <= 4; round++ {
		_, of, _ := strings.Cut(string(text), fmt.Sprintf("\nround: %d\n", round))
		of, _, _ = strings.Cut(of, "# ended round")
		if strings.Count(of, "revision=") < 2 || strings.Count(of, "revision="+baseline) == strings.Count(of, "revision=") {
			t.Errorf("round %d has not both: %s", round, of)
		}
	}
	// What check finds is not asked: on a busy machine a short sleep lasts as long as a long one.
	if status, stdout, stderr := amdahl(t, "check", file); status == 2 || !strings.Contains(stdout, "T(1)") || strings.Contains(stdout, "revision=") {
		t.Errorf("check: exit status %d, %q, %q, want T(1) of both revisions held against each other", status, stdout, stderr)
	}
}

// A gate of two revisions in the same rounds goes by their pairs: what a round does to
// both does not count.
func TestCheckPairs(t *testing.T) {
	text := func(slower float64) string {
		var b strings.Builder
		b.WriteString("cpu-count: 2\nrun-seed: 1\nrun-plan: [\"-x\",\"cpu=1,2\",\"--against=HEAD^\",\".\"]\nrun-x: gomaxprocs\nrun-baseline: old\nrun-command: amdahl run\n")
		for r := 1; r <= 8; r++ {
			machine := 1 + 0.3*float64(r*5%7) // much more than a revision
			noise := 1 + 0.001*float64(r*3%5)
			fmt.Fprintf(&b, "round: %d\n", r)
			fmt.Fprintf(&b, "BenchmarkA/revision=old-1 1 %.0f ns/op\nBenchmarkA/revision=old-2 1 %.0f ns/op\n", 1e6*machine, 6e5*machine)
			fmt.Fprintf(&b, "BenchmarkA/revision=new-1 1 %.0f ns/op\nBenchmarkA/revision=new-2 1 %.0f ns/op\n", 1e6*machine*noise*slower, 6e5*machine*noise*slower)
		}
		return b.String()
	}
	dir := t.TempDir()
	for _, tt := range []struct {
		slower float64
		status int
		say    string
	}{
		{1, 0, "holds"},
		{1.1, 1, "violated"},
	} {
		file := filepath.Join(dir, "x.txt")
		if err := os.WriteFile(file, []byte(text(tt.slower)), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, stdout, stderr := amdahl(t, "check", file); status != tt.status || !strings.Contains(stdout, tt.say) {
			t.Errorf("%v times slower: exit status %d, %q, %q, want %d, %q", tt.slower, status, stdout, stderr, tt.status, tt.say)
		}
		status, stdout, stderr := amdahl(t, "compare", file)
		if status != 0 || strings.Contains(stdout, "T(1)") && strings.Contains(stdout, "+10") != (tt.slower > 1) {
			t.Errorf("%v times slower: compare: exit status %d, %q, %q", tt.slower, status, stdout, stderr)
		}
	}
	single := filepath.Join(dir, "single.txt")
	if err := os.WriteFile(single, []byte(curve("A", 1, 2)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"check", single}, {"compare", single}} {
		if status, _, stderr := amdahl(t, args...); status != 2 || !strings.Contains(stderr, "amdahl run --against") {
			t.Errorf("%q: exit status %d, %q, want 2", args, status, stderr)
		}
	}
}

// A busy machine is no reason to fail a build: the gate cannot tell, and fit ends with
// 0, says it first, and gives no law.
func TestBusyMachine(t *testing.T) {
	var b strings.Builder
	b.WriteString("cpu-count: 2\ncanary-threads: 2\nrun-seed: 1\nrun-plan: []\nrun-x: gomaxprocs\nrun-command: amdahl run\n")
	for r := 1; r <= 8; r++ {
		fmt.Fprintf(&b, "round: %d\ncanary: true\nBenchmarkCanary 600 100000 ns/op 57000 cpu-ns/op\ncanary:\n", r)
		fmt.Fprintf(&b, "BenchmarkA-1 1 %d ns/op\nBenchmarkA-2 1 %d ns/op\n", 300_000_000+r, 299_000_000-r)
	}
	file := filepath.Join(t.TempDir(), "busy.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := amdahl(t, "fit", file)
	if first, _, _ := strings.Cut(stdout, "\n"); status != 0 || !strings.HasPrefix(first, "A: None of 8 rounds got the processors that it needs") {
		t.Errorf("fit: exit status %d, %q, %q", status, stdout, stderr)
	}
	status, stdout, _ = amdahl(t, "fit", "--json", file)
	for _, want := range []string{`"law": null`, `"verdict": "too-few-sound-rounds"`, `"least": 1.14`} {
		if status != 0 || !strings.Contains(stdout, want) {
			t.Errorf("fit --json: exit status %d, %q, want %s", status, stdout, want)
		}
	}
	for _, args := range [][]string{{"--max-sigma", "0.6"}, {"--min-speedup", "0.5@2"}, {"--baseline", file}} {
		status, stdout, _ := amdahl(t, append(append([]string{"check"}, args...), file)...)
		if status != 3 || !strings.Contains(strings.Join(strings.Fields(stdout), " "), "Wait for a quiet machine (amdahl run --wait 5m)") {
			t.Errorf("check %q: exit status %d, %q, want 3 and what to do", args, status, stdout)
		}
	}
}
