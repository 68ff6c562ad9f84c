package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/results/grade"
)

// The first lab as a student does it, from start to a grade: by the commands alone.
func TestLabFromStartToGrade(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for some seconds")
	}
	t.Parallel()
	dir := started(t, "third")
	must := func(want string, args ...string) string {
		t.Helper()
		status, stdout, stderr := amdahl(t, append(args, "-C", dir)...)
		if status != 0 || !strings.Contains(stdout, want) {
			t.Fatalf("%v: status %d, %q, %q", args, status, stdout, stderr)
		}
		return stdout
	}
	must("Sealed.", "lab", "predict", "p1=2", "p2=3", "p3=3")
	solve(t, "third", dir)
	must("passed", "lab", "check")
	must("amdahl lab explain", "lab", "measure")
	if status, _, stderr := amdahl(t, "lab", "measure", "-C", dir); status != 2 || !strings.Contains(stderr, "--again") {
		t.Errorf("measured twice: status %d, %q", status, stderr)
	}
	must("Still without an answer: e1, e2, e3", "lab", "explain", "e4=b", "e5=8", "e6="+strings.Repeat("the middle rows cost most ", 5))
	out := filepath.Join(t.TempDir(), "s.json")
	must("Hand in this file", "lab", "submit", "-o", out)

	// Then a prediction is changed: the run does not fit any more, and the command says so.
	status, stdout, stderr := amdahl(t, "grade", "--format", "json", "--labs", filepath.Join(checkout(t), "bench", "labs"), out)
	if status != 0 && status != 3 { // this machine may be busy: then e4 cannot tell
		t.Fatalf("status %d: %s", status, stderr)
	}
	var r struct {
		State     string
		Questions []struct {
			ID     string
			Passed bool
			Text   string
		}
	}
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	for _, q := range r.Questions {
		if want := q.ID != "e1" && q.ID != "e2" && q.ID != "e3"; q.Passed != want && q.ID != "e4" && q.ID != "e5" {
			t.Errorf("%s: passed %v: %s", q.ID, q.Passed, q.Text)
		}
	}
	must("measured with other predictions", "lab", "predict", "p1=1.9")
}

// A lab whose work are real processes is measured with them: the program that amdahl run compiles
// starts itself again.
func TestLabMeasuresProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for some seconds")
	}
	t.Parallel()
	dir := started(t, "poolmap")
	solve(t, "poolmap", dir)
	for _, c := range []struct{ args, want string }{
		{"lab predict p1=3 p2=4", "Sealed."},
		{"lab measure", "chunk=16"},
		{"lab measure --again", "Next: amdahl lab explain -C " + dir},
	} {
		if status, stdout, stderr := amdahl(t, append(strings.Fields(c.args), "-C", dir)...); status != 0 || !strings.Contains(stdout, c.want) {
			t.Fatalf("%s: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if strings.HasPrefix(e.Name(), "run.") && e.Name() != grade.RunFile {
			t.Errorf("measuring left the file %s", e.Name())
		}
	}
}
