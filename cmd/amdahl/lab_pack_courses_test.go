package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"amdahl/bench/labs"
)

// valid holds JSON against the schema of a format.
func valid(t *testing.T, format string, text []byte) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(checkout(t), "results", "grade", "testdata", format+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v: %s", format, err, text)
	}
}

// withGo is the environment of a platform that has Go on its path.
func withGo(t *testing.T, more ...string) []string {
	t.Helper()
	golang, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return bare(append([]string{"PATH=" + filepath.Dir(golang) + ":/usr/bin:/bin", "GOCACHE=" + strings.TrimSpace(string(out))}, more...)...)
}

// broken writes a file that is no submission.
func broken(t *testing.T, file string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// As Autolab: make in a fresh folder with the two files and the one that was handed in. The
// last line of the output is the result, whatever happens, after the server has put quotes
// around every word before a colon.
func TestPackAutolab(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("no make, which the platform runs")
	}
	pack := t.TempDir()
	packedFor(t, "pool", "autolab", pack)
	l := secretLabs(t, "pool")
	run := func(submission func(file string)) (last string) {
		t.Helper()
		dir := t.TempDir()
		for from, to := range map[string]string{"autograde-Makefile": "Makefile", "autograde.tar": "autograde.tar"} {
			if err := os.Rename(filepath.Join(pack, from), filepath.Join(dir, to)); err != nil {
				t.Fatal(err)
			}
			defer os.Rename(filepath.Join(dir, to), filepath.Join(pack, from))
		}
		if err := os.MkdirAll(filepath.Join(dir, "grader"), 0o755); err != nil {
			t.Fatal(err)
		}
		shared(t, filepath.Join(dir, "grader"))
		submission(filepath.Join(dir, "submission.json"))
		out, err := script(t, dir, bare(), "make")
		if err != nil {
			t.Errorf("make: %v: %s", err, out)
		}
		checkPacked(t, "pool", filepath.Join(dir, "grader"))
		lines := strings.Split(strings.TrimSpace(out), "\n")
		for _, line := range lines[max(0, len(lines)-2):] {
			if quoted := regexp.MustCompile(`(\w+):`).ReplaceAllString(line, `"$1":`); !json.Valid([]byte(quoted)) || !json.Valid([]byte(line)) {
				t.Errorf("the server cannot read %s", line)
			}
		}
		return lines[len(lines)-1]
	}
	last := run(func(file string) { handedIn(t, l, file) })
	valid(t, "autolab", []byte(last))
	var r struct{ Scores map[string]int }
	if err := json.Unmarshal([]byte(last), &r); err != nil {
		t.Fatal(err)
	}
	sum := 0
	readme, err := os.ReadFile(filepath.Join(pack, "README.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for id, points := range r.Scores {
		sum += points
		if !regexp.MustCompile(`(?m)^ +` + id + ` +\d+$`).Match(readme) {
			t.Errorf("README.txt has no problem %s: Autolab refuses unknown ones", id)
		}
	}
	if sum != want(l) {
		t.Errorf("%d points, want %d", sum, want(l))
	}
	valid(t, "autolab", []byte(run(func(file string) { broken(t, file) })))
	valid(t, "autolab", []byte(run(func(string) {})))
}

// nbgraderScore does what nbgrader does with a cell: it runs it, and reads the outputs in
// their order. A small module stands for IPython.
const nbgraderScore = `import ast, contextlib, io, json, sys, types
notebook = json.load(open(sys.argv[1], encoding="utf-8"))
cells = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
assert len(cells) == 1, cells
cell = cells[0]
shown = []
ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
display.SVG = lambda data: data
display.display = shown.append
sys.modules["IPython"], sys.modules["IPython.display"] = ipython, display
tree = ast.parse(cell["source"])
last = tree.body.pop()
assert isinstance(last, ast.Expr), "the cell ends with no value"
space, out, err, score, error = {}, io.StringIO(), io.StringIO(), None, ""
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
    try:
        exec(compile(tree, "cell", "exec"), space)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
        score = float(value)
        assert 0 <= score <= cell["metadata"]["nbgrader"]["points"]
    except Exception as e:
        score, error = 0.0, str(e)
if err.getvalue():
    score = 0.0
json.dump({"score": score, "error": error, "out": out.getvalue(), "err": err.getvalue(), "shown": len(shown), "meta": cell["metadata"]["nbgrader"]}, sys.stdout)
`

// As nbgrader autograde: the graded cell of the notebook runs in the folder of the
// submission, below the root of the course.
func TestPackNbgrader(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3, which runs the notebook")
	}
	course := t.TempDir()
	packedFor(t, "third", "nbgrader", course)
	l := secretLabs(t, "third")
	folder := filepath.Join(course, "autograded", "ada", "third")
	type result struct {
		Score      float64
		Error, Out string
		Err        string
		Shown      int
		Meta       json.RawMessage
	}
	grade := func(dir string, more ...string) (r result) {
		t.Helper()
		out, err := script(t, dir, withGo(t, more...), python, "-c", nbgraderScore, filepath.Join(course, "source", "third", "third.ipynb"))
		if err == nil {
			err = json.Unmarshal([]byte(out), &r)
		}
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return r
	}
	handedIn(t, l, filepath.Join(folder, "submission.json"))
	const grading = "NBGRADER_EXECUTION=autograde"
	r := grade(folder, grading)
	if r.Score != float64(want(l)) || r.Err != "" || !strings.Contains(r.Out, l.Tests[0].Title) {
		t.Errorf("got %+v, want %d points", r, want(l))
	}
	valid(t, "nbgrader-cell", r.Meta)
	broken(t, filepath.Join(folder, "submission.json"))
	if r := grade(folder, grading); r.Score != 0 || !strings.Contains(r.Error, "hand in again") {
		t.Errorf("a file that cannot be read: %+v", r)
	}
	// A student has no grader, and a lecturer without one must not give points.
	alone := t.TempDir()
	if r := grade(alone, "NBGRADER_EXECUTION=validate"); r.Error != "" || !strings.Contains(r.Out, "amdahl lab check") {
		t.Errorf("on a student's machine: %+v", r)
	}
	if r := grade(alone, grading); r.Score != 0 || !strings.Contains(r.Error, "grader is missing") {
		t.Errorf("without a grader: %+v", r)
	}
}

// What an archive needs of Go's library can be listed for every lab, also for those whose
// code imports packages of the lab's own module.
func TestPackLibrary(t *testing.T) {
	t.Parallel()
	for _, name := range labs.Names {
		p := &pack{lab: secretLabs(t, name)}
		list, err := p.library(t.Context())
		if err != nil || !slices.Contains(list, "testing") || slices.ContainsFunc(list, func(path string) bool { return strings.HasPrefix(path, "lab/") }) {
			t.Errorf("%s: %v, %d packages", name, err, len(list))
		}
	}
}
