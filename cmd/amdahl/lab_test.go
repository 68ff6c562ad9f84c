package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

// secretLabs opens a lab with its hidden tests.
func secretLabs(t *testing.T, name string) *labs.Lab {
	t.Helper()
	l, err := labs.OpenIn(os.DirFS(filepath.Join(checkout(t), "bench", "labs")), name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// started makes the folder of a lab.
func started(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	status, stdout, stderr := amdahl(t, "lab", "start", name, dir, "--student", "ada")
	if status != 0 || !strings.Contains(stdout, "amdahl lab predict") {
		t.Fatalf("status %d, %q, %q", status, stdout, stderr)
	}
	return dir
}

// solve writes the solution into the folder of a lab.
func solve(t *testing.T, name, dir string) {
	t.Helper()
	files, err := secretLabs(t, name).Solution()
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLabList(t *testing.T) {
	t.Parallel()
	status, stdout, stderr := amdahl(t, "lab", "list")
	for _, name := range labs.Names {
		if status != 0 || !strings.Contains(stdout, name+" ") {
			t.Errorf("status %d, %q, %q", status, stdout, stderr)
		}
	}
}

// What a user may type wrong, and what is said.
func TestLabMistakes(t *testing.T) {
	t.Parallel()
	dir := started(t, "third")
	for name, c := range map[string]struct {
		args   string
		status int
		want   string
	}{
		"subcommand":        {"lab strat", 2, `unknown command "strat" of amdahl lab: did you mean start?`},
		"lab":               {"lab start fourth", 2, "the labs are law, wait, pool, third, line, gil, poolmap, lock"},
		"no lab":            {"lab start", 2, "amdahl lab start law"},
		"full folder":       {"lab start third " + dir, 1, "exists and is not empty"},
		"student":           {"lab start third x --student a/b", 2, "write letters"},
		"no folder":         {"lab check -C /", 2, "begin with amdahl lab start NAME"},
		"unpredicted":       {"lab measure -C " + dir, 2, "predict first: p1, p2, p3 without an answer: amdahl lab predict -C " + dir},
		"unmeasured":        {"lab explain -C " + dir, 2, "measure with amdahl lab measure -C " + dir},
		"question":          {"lab predict p9=1 -C " + dir, 2, "they are p1, p2, p3"},
		"wrong phase":       {"lab predict e1=1 -C " + dir, 2, "they are p1, p2, p3"},
		"no answer":         {"lab predict p1 -C " + dir, 2, "amdahl lab predict p1=1.5"},
		"number":            {"lab predict p1=fast -C " + dir, 2, `"fast" is not a number: write it as in 1.9`},
		"two bad answers":   {"lab predict p1=fast p9=1 p2=2 -C " + dir, 2, "\nno question of amdahl lab predict is called \"p9\""},
		"end of input":      {"lab predict -C " + dir, 2, "amdahl lab predict p1=ANSWER"},
		"hint":              {"lab hint e99 -C " + dir, 2, "there is no hint"},
		"check":             {"lab check e99 -C " + dir, 2, "the questions are p1,"},
		"grade nothing":     {"grade", 2, "amdahl grade submission.json"},
		"grade absent":      {"grade absent.json", 2, "no such file"},
		"format":            {"grade --format word x.json", 2, "the formats are text, json, gradescope,"},
		"fail under":        {"grade --fail-under 200 x.json", 2, "write per cent"},
		"fail under a word": {"grade --fail-under abc x.json", 2, "write per cent, 0 to 100, as in --fail-under 60"},
		"no labs":           {"grade --labs " + dir + " x.json", 2, "there is no lab in it, as in law/lab.toml: name the folder bench/labs"},
		"labs absent":       {"grade --labs " + dir + "/nope x.json", 2, "there is no such folder"},
		"two questions":     {"lab check e98 e99 -C " + dir, 2, `is called "e98" and "e99"`},
		"grade to nowhere":  {"grade -o " + dir + "/nope/x.json x.json", 2, "there is no folder"},
		"hand in nowhere":   {"lab submit -o " + dir + "/nope/x.json -C " + dir, 2, "there is no folder"},
		"pack for nothing":  {"lab pack third --for moodle", 2, "the platforms are gradescope, classroom50, prairielearn"},
		"pack nothing":      {"lab pack --for gradescope", 2, "amdahl lab pack law --for gradescope"},
		"dev check":         {"lab dev check fourth", 2, "the labs are law, wait, pool, third, line, gil, poolmap, lock"},
	} {
		status, _, stderr := amdahl(t, strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, want %d: %q, want %q in it", name, status, c.status, stderr, c.want)
		}
	}
}

// Predictions come from standard input or from arguments, are sealed, and can be
// replaced.
func TestLabPredict(t *testing.T) {
	t.Parallel()
	dir := started(t, "third")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"lab", "predict", "-C", dir}, strings.NewReader("1.9\nabout\n2.5\n2,8\n"), &stdout, &stderr); status != 0 {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	if !strings.Contains(stdout.String(), "Sealed.") || !strings.Contains(stderr.String(), `"about" is not a number`) {
		t.Errorf("got %q, %q", &stdout, &stderr)
	}
	read := func() *grade.Submission {
		s, err := grade.ReadSubmission(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Seal.Check("third", "ada"); err != nil {
			t.Error(err)
		}
		return s
	}
	before := read().Seal
	if status, _, stderr := amdahl(t, "lab", "predict", "p2=2.5", "-C", dir); status != 0 || len(read().Seal) != len(before) {
		t.Errorf("the same prediction again: status %d, %s, %d entries", status, stderr, len(read().Seal))
	}
	if status, _, stderr := amdahl(t, "lab", "predict", "p2=1.4", "-C", dir); status != 0 {
		t.Errorf("status %d: %s", status, stderr)
	}
	after := read().Seal
	if a := after.Answers(); len(after) != 5 || a["p1"] != "1.9" || a["p2"] != "1.4" || a["p3"] != "2,8" {
		t.Errorf("%d entries, answers %v", len(after), a)
	}
	if status, stdout, _ := amdahl(t, "lab", "predict", "-C", dir); status != 0 || !strings.Contains(stdout, "All questions have an answer") {
		t.Errorf("status %d: %q", status, stdout)
	}
}

// A broken chain of predictions is said where it matters, with what to do; and so is a lab.json that
// cannot be read.
func TestLabBrokenState(t *testing.T) {
	t.Parallel()
	dir := started(t, "third")
	if status, _, stderr := amdahl(t, "lab", "predict", "p1=2", "p2=3", "p3=3", "-C", dir); status != 0 {
		t.Fatal(stderr)
	}
	path := filepath.Join(dir, "lab.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text []byte) {
		t.Helper()
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(bytes.Replace(text, []byte(`"answer": "3"`), []byte(`"answer": "1.4"`), 1))
	for args, want := range map[string]int{"lab predict p1=2.5": 1, "lab measure": 1, "lab submit": 0} {
		status, _, stderr := amdahl(t, append(strings.Fields(args), "-C", dir)...)
		for _, part := range []string{"the chain of predictions is broken at entry 2 (p2)", "amdahl lab start third third2 --student ada, and copy plans.go there"} {
			if status != want || !strings.Contains(stderr, part) {
				t.Errorf("%s: status %d, want %d: %q, want %q in it", args, status, want, stderr, part)
			}
		}
	}
	write(bytes.Replace(text, []byte(`"lab": "third",`), []byte(`"lab": "third"`), 1))
	status, _, stderr := amdahl(t, "lab", "check", "-C", dir)
	for _, part := range []string{path, "line 4: invalid character", "amdahl lab start NAME NEWFOLDER"} {
		if status != 1 || !strings.Contains(stderr, part) {
			t.Errorf("status %d: %q, want %q in it", status, stderr, part)
		}
	}
}

// The commands that need hidden tests say that they need a checkout.
func TestLabNeedsCheckout(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"lab", "dev", "check"}, {"lab", "pack", "third", "--for", "gradescope"}, {"grade", "x.json"}} {
		status, _, stderr := amdahlIn(t, t.TempDir(), args...)
		if status != 2 || !strings.Contains(stderr, "this needs a checkout of the suite") {
			t.Errorf("%v: status %d, %q", args, status, stderr)
		}
	}
}
