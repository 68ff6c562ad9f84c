package grade

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// hostile is text that would break a careless format.
const hostile = "::error::x\n</failure>]]>&<script>\x00\x1b[31m\xff `|*\r\n[12:30] https://x \u202e"

// sample is a result with every kind of row.
func sample() *Result {
	return &Result{
		State: Graded, Lab: "third", Title: "Lab 4: The third worker", Student: "ada", Message: "Judged " + hostile,
		Questions: []Question{
			{ID: "TestStatic", Name: "static", Points: 2, Max: 2, Passed: true},
			{ID: "e1", Name: "a | b " + hostile, Points: 0, Max: 3, Text: hostile, File: "plans.go", Line: 12},
			{ID: "e2", Name: "long", Points: 1, Max: 2, Text: strings.Repeat("ä", 20_000)},
		},
		Notes:  []string{"odd\n" + hostile},
		Figure: &Figure{Title: "Your <run>", Series: []Series{{"static", []FigurePoint{{1, 1, 1, 1}, {2, 1.9, 1.8, 2}, {3, 1.4, 1.3, 1.5}}}, {"a & b", []FigurePoint{{1, 1, 1, 1}, {3, 2.9, 2.9, 2.9}}}}},
	}
}

// environment is that of a platform.
func environment(name string) string {
	return map[string]string{"CLASSROOM": "os26", "ASSIGNMENT": "lab04", "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "c", "RELEASE_URL": "r", "REVIEW_URL": "v"}[name]
}

// states are results of every state.
func states() map[string]*Result {
	unknown := sample()
	unknown.State = NotGradable
	unknown.Questions[1].Unknown = true
	broken := &Result{State: GraderError, Lab: "third", Message: "broken"}
	return map[string]*Result{"graded": sample(), "not gradable": unknown, "grader error": broken, "started": Started("third", "third")}
}

// Every format of every state is valid by its schema and is UTF-8 without control
// characters.
func TestSchemas(t *testing.T) {
	for name, r := range states() {
		for _, f := range Formats {
			out, err := f.Make(r, Options{Env: environment, File: "x"})
			if err != nil {
				if f.Name == "nbgrader" && r.State != Graded {
					continue // it says why on standard error
				}
				t.Errorf("%s, %s: %v", f.Name, name, err)
				continue
			}
			if !utf8.Valid(out.Main) || bytes.ContainsAny(out.Main, "\x00\x1b\u202e") || len(out.Main) > 1<<20 {
				t.Errorf("%s, %s: not clean text of at most 1 MiB", f.Name, name)
			}
			text := out.Main
			switch f.Name {
			case "classroom50":
				if (text != nil) != (r.State == Graded) {
					t.Errorf("%s, %s: a file is written only if the result is graded", f.Name, name)
				}
				if (out.Status == 0) != (r.State == Graded) {
					t.Errorf("%s, %s: status %d", f.Name, name, out.Status)
				}
				if text == nil {
					continue
				}
			case "autolab":
				lines := strings.Split(strings.TrimSpace(string(text)), "\n")
				text = []byte(lines[len(lines)-1])
				if len(lines) != 2 || !json.Valid([]byte(lines[0])) || !json.Valid(quoteWords(lines[0])) {
					t.Errorf("%s, %s: Autolab's server breaks %s", f.Name, name, lines[0])
				}
			}
			path := filepath.Join("testdata", f.Name+".schema.json")
			if _, err := os.Stat(path); err != nil {
				continue
			}
			schema, err := jsonschema.NewCompiler().Compile(path)
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err != nil {
				t.Errorf("%s, %s: %v", f.Name, name, err)
			} else if err := schema.Validate(v); err != nil {
				t.Errorf("%s, %s: %v", f.Name, name, err)
			}
		}
	}
}

// quoteWords does what Autolab's server does before it parses: it quotes each word before a colon.
func quoteWords(s string) []byte {
	return regexp.MustCompile(`(\w+):`).ReplaceAll([]byte(s), []byte(`"$1":`))
}

// A schema refuses what the platform refuses: a test that cannot fail shows nothing.
func TestSchemasRefuse(t *testing.T) {
	for name, text := range map[string]string{
		"gradescope":   `{"score": 1.5, "output": "", "tests": []}`,
		"classroom50":  `{"schema": "classroom50/result/v1", "score": true}`,
		"prairielearn": `{"gradable": true, "message": "", "tests": []}`,
		"json":         `{"version": 2}`,
		"autolab":      `{"scores": {"q": "1"}}`,
	} {
		schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", name+".schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("%s: the schema takes %s", name, text)
		}
	}
}

func TestPrairieLearnScore(t *testing.T) {
	out, err := PrairieLearn.Make(sample(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var j struct{ Score float64 }
	if err := json.Unmarshal(out.Main, &j); err != nil || j.Score != 3.0/7 {
		t.Errorf("score %v, %v: want 3 of 7 points", j.Score, err)
	}
}

func TestJUnit(t *testing.T) {
	r := states()["not gradable"]
	r.State = Graded
	out, err := JUnit.Make(r, Options{FailUnder: 50, File: "junit.xml"})
	if err != nil || out.Status != 1 {
		t.Errorf("status %d, %v: want 1, it has 43 %%", out.Status, err)
	}
	var got junitSuites
	if err := xml.Unmarshal(out.Main, &got); err != nil {
		t.Fatalf("not XML: %v\n%s", err, out.Main)
	}
	s := got.Suites[0]
	if s.Tests != 3 || s.Failures != 1 || s.Skipped != 1 || s.Errors != 0 || len(s.Cases) != 3 {
		t.Errorf("got %d tests, %d failures, %d skipped, %d errors, %d cases", s.Tests, s.Failures, s.Skipped, s.Errors, len(s.Cases))
	}
	if c := s.Cases[2]; c.Failure == nil || !strings.HasPrefix(c.Failure.Text, "[1/2] ") || !strings.HasPrefix(c.Failure.Message, "[1/2] ") {
		t.Errorf("the points do not stand in front: %+v", c.Failure)
	}
	if string(out.Beside["figure.svg"]) == "" || !strings.Contains(string(out.Main), "[[ATTACHMENT|figure.svg]]") {
		t.Error("the figure is not attached")
	}
}

// No line that a student wrote begins with a command of GitHub Actions.
func TestGitHub(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary")
	out, err := GitHub.Make(sample(), Options{Env: func(string) string { return summary }})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "::") || strings.Contains(line, "<script>") && !strings.HasPrefix(line, "    ") {
			t.Errorf("the summary has the line %q", line)
		}
	}
	if n := strings.Count(string(out.Print), "\n"); n != 2 {
		t.Errorf("want one line for each of two questions that failed, got %q", out.Print)
	}
	if want := "::error file=plans.go,line=12,title="; !strings.HasPrefix(string(out.Print), want) {
		t.Errorf("got %.60q, want it to begin with %q", out.Print, want)
	}
	unknown, err := GitHub.Make(states()["not gradable"], Options{Env: environment})
	if err != nil || unknown.Status != 0 || !strings.HasPrefix(string(unknown.Print), "::notice title=Not gradable::") {
		t.Errorf("not gradable: status %d, %v, %q", unknown.Status, err, unknown.Print)
	}
}

func TestNbgrader(t *testing.T) {
	out, err := Nbgrader.Make(sample(), Options{})
	if err != nil || string(out.Main) != "3\n" || out.Status != 1 {
		t.Errorf("got %q, status %d, %v: want 3 and status 1", out.Main, out.Status, err)
	}
}

func TestStatus(t *testing.T) {
	for _, c := range []struct {
		name string
		r    *Result
		min  float64
		want int
	}{{"enough", sample(), 42, 0}, {"too few", sample(), 43, 1}, {"cannot tell", states()["not gradable"], 0, 3}, {"broken", states()["grader error"], 0, 1}} {
		if got := status(c.r, c.min); got != c.want {
			t.Errorf("%s: status %d, want %d", c.name, got, c.want)
		}
	}
}

// Gradescope keeps the score of the previous submission only if this one cannot tell.
func TestKeepPrevious(t *testing.T) {
	meta := []byte(`{"previous_submissions": [{"results": {"score": 2}}, {"results": {"score": 5}}, {}]}`)
	for name, want := range map[string]int{"graded": 3, "not gradable": 5} {
		out, err := Gradescope.Make(states()[name], Options{})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := KeepPrevious(out.Main, meta)
		if err != nil {
			t.Fatal(err)
		}
		var j struct{ Score int }
		if err := json.Unmarshal(kept, &j); err != nil || j.Score != want {
			t.Errorf("%s: score %d, %v, want %d", name, j.Score, err, want)
		}
	}
}

// A file is replaced as a whole, and removed where the platform wants none.
func TestWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "results", "r.json")
	for _, o := range []Output{{Main: []byte("one")}, {Main: []byte("two")}, {}, {}} {
		if err := o.Write(file); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if o.Main == nil && !os.IsNotExist(err) || o.Main != nil && string(got) != string(o.Main) {
			t.Errorf("got %q, %v, want %q", got, err, o.Main)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The figure is XML, all its points lie inside, and names do not overlap.
func TestFigure(t *testing.T) {
	f := sample().Figure
	d := xml.NewDecoder(bytes.NewReader(f.SVG()))
	circles := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := token.(xml.StartElement); ok && s.Name.Local == "circle" {
			circles++
		}
	}
	if circles != 5 {
		t.Errorf("%d points are drawn, want 5", circles)
	}
	if text := f.Text(); !strings.Contains(text, "static       1  ") || !strings.Contains(text, " 1.90\n") {
		t.Errorf("as text: %s", text)
	}
	at := []float64{100, 101, 100}
	spread(at, 15)
	if at[0] > at[2]-14 || at[2] > at[1]-14 {
		t.Errorf("names at %v: want 15 between them", at)
	}
}

// What a student wrote begins no line with a command of a CI system: not in an answer,
// not in an id.
func TestNoCommands(t *testing.T) {
	r := &Result{Lab: "law", Title: "The law", State: Graded, Message: "handed in by eve\n::set-output name=points::15",
		Questions: []Question{{Name: "e5\n::stop-commands::x", Max: 3, Text: "Because\n::set-output name=points::15\n  ::stop-commands::tok ##[group]x"}},
		Notes:     []string{"eve\n::set-output name=points::15"}}
	for _, f := range []Format{Text, GitHub} {
		out, err := f.Make(r, Options{Env: func(string) string { return "" }})
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out.Main)) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("%s: a runner takes this for a command: %q", f.Name, line)
			}
		}
	}
}
