package grading

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"amdahl/bench/labs"
	"amdahl/bench/labs/trial"
	"amdahl/results/grade"
)

var checkoutLabs = os.DirFS("../../bench/labs")

// solved is a submission with all right.
func solved(t *testing.T, name string) *grade.Submission {
	t.Helper()
	l := open(t, name)
	s := quietRun(t, name)
	s.Answers = answersOf(t, s, name)
	files, err := l.Solution()
	if err != nil {
		t.Fatal(err)
	}
	s.Files = map[string]string{}
	for file, text := range files {
		s.Files[file] = string(text)
	}
	return s
}

// The solution, predictions and right answers have all points, in every lab.
func TestGradeSolved(t *testing.T) {
	t.Parallel()
	for _, name := range labs.Names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Grade(t.Context(), open(t, name), solved(t, name), Options{NoRace: true})
			if err != nil {
				t.Fatal(err)
			}
			if points, most := r.Score(); points != most || most != open(t, name).Points() || r.State != grade.Graded {
				t.Errorf("%d of %d points, %s", points, most, r.State)
				for _, q := range r.Questions {
					t.Logf("%+v", q)
				}
			}
		})
	}
}

var (
	repeats  = flag.Int("repeats", 3, "how often TestGradeRepeats runs each solution")
	allWrong = flag.Bool("all", false, "TestGradeRepeats runs every wrong solution of every lab")
)

// The same code has the same outcome and the same text each time, also where it is wrong in
// a way that depends on who comes first: go test -run Repeats -repeats 100 -all. What takes
// two seconds until its watchdog speaks is repeated less often.
func TestGradeRepeats(t *testing.T) {
	t.Parallel()
	for _, name := range labs.Names {
		l := open(t, name)
		all, err := l.Wrong()
		if err != nil {
			t.Fatal(err)
		}
		if all["solution"], err = l.Solution(); err != nil {
			t.Fatal(err)
		}
		for which, files := range all {
			few := []string{"solution", "semaphore", "racy-counter", "starts-after-error", "no-task-hangs", "racy", "not-atomic", "mutex-held", "tries-for-ever"}
			if Screen(l, files) != nil || !*allWrong && !slices.Contains(few, which) {
				continue
			}
			t.Run(name+"/"+which, func(t *testing.T) {
				t.Parallel() // some wait for their watchdog
				repeat(t, l, files)
			})
		}
	}
}

func repeat(t *testing.T, l *labs.Lab, files map[string][]byte) {
	spec, err := Spec(l, files, true)
	if err != nil {
		t.Fatal(err)
	}
	spec.Yields = true
	compiled, err := trial.Open(t.Context(), spec, trial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer compiled.Close()
	seen := map[string]int{}
	for i := 0; i < *repeats; i++ {
		outcome := "all pass"
		for _, test := range l.Tests {
			o, err := compiled.Run(t.Context(), test.Name)
			if err != nil {
				t.Fatal(err)
			}
			if !o.Passed {
				outcome = o.Test + ": " + o.Cause + ": " + o.Text
				if o.Cause == "clock" {
					i += *repeats / 10
				}
				break
			}
		}
		seen[outcome]++
	}
	if len(seen) > 1 {
		t.Errorf("%d outcomes: %v", len(seen), seen)
	}
	for o, n := range seen {
		t.Logf("%d of %d: %s", n, *repeats, o)
	}
}

// What is not a submission to this lab by this student is not graded.
func TestGradeForeign(t *testing.T) {
	l := open(t, "pool")
	s := quietRun(t, "third")
	if r, err := Grade(t.Context(), l, s, Options{}); err != nil || r.State != grade.NotGradable || !strings.Contains(r.Message, "the lab here is pool") {
		t.Errorf("another lab: %+v, %v", r, err)
	}
	s = quietRun(t, "pool")
	if r, err := Grade(t.Context(), l, s, Options{Student: "bob"}); err != nil || r.State != grade.NotGradable || !strings.Contains(r.Message, "--student bob") {
		t.Errorf("another student: %+v, %v", r, err)
	}
}

// Files that are missing, refused or no Go take the points of the code, and no others.
func TestGradeRefused(t *testing.T) {
	l := open(t, "third")
	for name, c := range map[string]struct{ text, want string }{
		"imports os":  {"package third\n\nimport \"os\"\n", "the import \"os\" is not allowed"},
		"no Go":       {"package third\n\nfunc\n", "it is not Go"},
		"no function": {"package third\n", "It does not compile"},
	} {
		s := solved(t, "third")
		s.Files["plans.go"] = c.text
		r, err := Grade(t.Context(), l, s, Options{NoRace: true})
		if err != nil {
			t.Fatal(err)
		}
		if q := r.Questions[0]; q.Passed || !strings.Contains(q.Text, c.want) {
			t.Errorf("%s: %+v", name, q)
		}
		if points, most := r.Score(); points != most-6 {
			t.Errorf("%s: %d of %d points, want those of the code to be missing", name, points, most)
		}
	}
	s := solved(t, "third")
	s.Files = map[string]string{"plans.go": s.Files["plans.go"], "plans_test.go": "package third", "../../x.go": "package x", "amdahl_record_test.go": "package third"}
	if r, err := Grade(t.Context(), l, s, Options{NoRace: true}); err != nil || r.Percent() < 100 {
		t.Errorf("further files are left out: %v, %v", r, err)
	}
}

// Where hidden tests are missing, grading is an error that says where they are.
func TestGradeWithoutSecrets(t *testing.T) {
	l, err := labs.Open("third")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Grade(t.Context(), l, solved(t, "third"), Options{}); !errors.Is(err, labs.ErrHidden) {
		t.Errorf("got %v", err)
	}
}

func write(t *testing.T, s *grade.Submission) string {
	t.Helper()
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every format is written for a real result, and its status is that of the platform.
func TestJobFormats(t *testing.T) {
	t.Parallel()
	s := solved(t, "third")
	s.Answers["e4"] = "a"
	path := write(t, s)
	env := func(name string) string {
		if name == "SUBMISSION_TAG" {
			return "submit/1"
		} else if name == "GITHUB_STEP_SUMMARY" {
			return ""
		}
		return "x"
	}
	for _, f := range grade.Formats {
		file := filepath.Join(t.TempDir(), "out")
		j := Job{Submission: path, Labs: checkoutLabs, Format: f.Name, Output: file, FailUnder: 99, Env: env, NoRace: true}
		var out, errs bytes.Buffer
		status, err := j.Run(t.Context(), &out, &errs)
		want := map[string]int{"text": 1, "json": 1, "junit": 1, "github": 1, "nbgrader": 1}[f.Name]
		if err != nil || status != want {
			t.Errorf("%s: status %d, want %d: %v, %s", f.Name, status, want, err, &errs)
		}
		if text, err := os.ReadFile(file); err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", f.Name, len(text), err)
		}
	}
}

// A valid file is there before the code of the student runs, and the grader's own failure
// is not the student's.
func TestJobStarted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	path := write(t, solved(t, "third"))
	seen := ""
	j := Job{Submission: path, Lab: "third", Labs: spy{checkoutLabs, func() {
		text, _ := os.ReadFile(file)
		seen = string(text)
	}}, Format: "prairielearn", Output: file}
	j.Trial.Go = "no-such-go"
	var out, errs bytes.Buffer
	status, err := j.Run(t.Context(), &out, &errs)
	if err != nil || status != 0 || !strings.Contains(errs.String(), "install Go") {
		t.Errorf("status %d, %v, %s", status, err, &errs)
	}
	var first, last struct {
		Gradable bool
		Message  string
	}
	if err := json.Unmarshal([]byte(seen), &first); err != nil || first.Gradable || !strings.Contains(first.Message, "Grading began") {
		t.Errorf("before grading: %v, %q", err, seen)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &last); err != nil || last.Gradable || !strings.Contains(last.Message, "not your fault") {
		t.Errorf("after it: %v, %s", err, text)
	}
}

// spy calls a function when a lab is opened.
type spy struct {
	fs.FS
	seen func()
}

func (s spy) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "lab.toml") {
		s.seen()
	}
	return s.FS.Open(name)
}

// A cancelled grading is an error of the grader, not points of the student.
func TestJobCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := filepath.Join(t.TempDir(), "r.json")
	j := Job{Submission: write(t, solved(t, "third")), Labs: checkoutLabs, Format: "json", Output: file}
	var out, errs bytes.Buffer
	if status, err := j.Run(ctx, &out, &errs); status != 1 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), string(grade.GraderError)) {
		t.Errorf("%v: %s", err, text)
	}
}

// Judges named in lab.toml exist, and so do works.
func TestNamesInLabs(t *testing.T) {
	for _, name := range labs.Names {
		l := open(t, name)
		if _, err := workOf(l); err != nil {
			t.Error(err)
		}
		for _, q := range l.Questions {
			if _, ok := judges[q.Judge]; !ok && q.Judge != judgePredicted {
				t.Errorf("%s: question %s: there is no judge %q", name, q.ID, q.Judge)
			}
		}
		levels, err := levelsOf(l)
		if err != nil || len(levels) < 4 || l.Measure.Rounds < 6 {
			t.Errorf("%s: %d levels, %d rounds, %v", name, len(levels), l.Measure.Rounds, err)
		}
		for i := range uint64(min(20, studentRuns)) { // an honest student is graded in full
			c := predicted(l, "x", "2")
			n := &noise{rng: rand.New(rand.NewPCG(i, 3))}
			if err := Fits(l, submission(l, "x", honest(l, c, n), c)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A slow build is said on standard error and in no result: the result of the same submission
// is the same each time.
func TestJobLog(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the slow go command is a shell script")
	}
	slow := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(slow, []byte("#!/bin/sh\nsleep 3.1\nexec go \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := write(t, solved(t, "third"))
	grade := func(command string) (result, said string) {
		t.Helper()
		j := Job{Submission: path, Labs: checkoutLabs, Format: "json", NoRace: true}
		j.Trial.Go = command
		var out, errs bytes.Buffer
		if status, err := j.Run(t.Context(), &out, &errs); err != nil || status != 0 {
			t.Fatalf("status %d, %v, %s", status, err, &errs)
		}
		return out.String(), errs.String()
	}
	result, said := grade(slow)
	if !strings.Contains(said, "Compiling took more than 3s") {
		t.Errorf("nothing is said of a slow build: %q", said)
	}
	if again, _ := grade(""); again != result {
		t.Errorf("a slow build changes the result:\n%s\n%s", result, again)
	}
}
