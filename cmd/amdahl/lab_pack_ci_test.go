package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// scriptOf returns the lines of the list below a key in YAML as these packs write it, or
// of a block of text.
func scriptOf(t *testing.T, file, key string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), key+":")
	if !ok {
		t.Fatalf("%s has no %s", file, key)
	}
	var b strings.Builder
	indent := -1
	for line := range strings.Lines(rest) {
		body := strings.TrimLeft(line, " ")
		if strings.TrimSpace(body) == "" || strings.TrimSpace(body) == "|" {
			continue
		}
		if indent < 0 {
			indent = len(line) - len(body)
		}
		if len(line)-len(body) < indent {
			break
		}
		b.WriteString(strings.TrimPrefix(body, "- "))
	}
	return b.String()
}

// As GitLab: the script of the job in the student's checkout, inside of the image.
func TestPackJUnit(t *testing.T) {
	t.Parallel()
	image, project := t.TempDir(), t.TempDir()
	packedFor(t, "pool", "junit", image)
	shared(t, image)
	l := secretLabs(t, "pool")
	job := scriptOf(t, filepath.Join(image, "gitlab-ci.yml"), "  script")
	run := func() (cases map[string]string, points int, err error) {
		t.Helper()
		os.Remove(filepath.Join(project, "junit.xml"))
		out, err := script(t, project, bare("AMDAHL="+image), "bash", "-ec", job)
		text, rerr := os.ReadFile(filepath.Join(project, "junit.xml"))
		if rerr != nil {
			t.Fatalf("%v: %s", rerr, out)
		}
		var x struct {
			Suites []struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
				Skipped  int `xml:"skipped,attr"`
				Cases    []struct {
					Class   string  `xml:"classname,attr"`
					Name    string  `xml:"name,attr"`
					Failure *string `xml:"failure"`
					Skipped *string `xml:"skipped"`
					Error   *string `xml:"error"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		if err := xml.Unmarshal(text, &x); err != nil || len(x.Suites) != 1 {
			t.Fatalf("%v: %s", err, text)
		}
		cases = map[string]string{}
		counts := map[string]int{}
		for _, c := range x.Suites[0].Cases {
			state := "passed"
			for name, body := range map[string]*string{"failed": c.Failure, "skipped": c.Skipped, "error": c.Error} {
				if body != nil {
					state = name
				}
			}
			if _, twice := cases[c.Class+c.Name]; twice {
				t.Errorf("two cases are called %s %s: GitLab drops one", c.Class, c.Name)
			}
			cases[c.Class+c.Name] = state
			counts[state]++
			if c.Failure != nil && !regexp.MustCompile(`^\[\d+/\d+\] `).MatchString(*c.Failure) {
				t.Errorf("a failure says no points: %s", *c.Failure)
			}
		}
		if s := x.Suites[0]; s.Tests != len(s.Cases) || s.Failures != counts["failed"] || s.Skipped != counts["skipped"] || s.Errors != counts["error"] {
			t.Errorf("the counts are wrong: %+v", s)
		}
		return cases, counts["passed"], err
	}
	handedIn(t, l, filepath.Join(project, "submission.json"))
	cases, passed, err := run()
	fails := float64(want(l))/float64(l.Points()) < 0.6
	if (err != nil) != fails || len(cases) < len(l.Tests)+len(l.Questions) || passed < len(l.Tests) {
		t.Errorf("status %v, want a failure: %v; %d cases, %d passed", err, fails, len(cases), passed)
	}
	broken(t, filepath.Join(project, "submission.json"))
	if cases, _, err := run(); err != nil || len(cases) != 1 || cases["poolgrading"] != "skipped" {
		t.Errorf("a file that cannot be read: %v, %v", err, cases)
	}
}

// As GitHub Actions: the script of the action in the student's checkout, with the runner's
// variables, a token among them.
func TestPackGitHub(t *testing.T) {
	t.Parallel()
	action, repository := t.TempDir(), t.TempDir()
	packedFor(t, "third", "github", action)
	if err := os.Chmod(filepath.Join(action, "grade"), 0o644); err != nil { // an upload through the web
		t.Fatal(err)
	}
	l := secretLabs(t, "third")
	job := scriptOf(t, filepath.Join(action, "action.yml"), "run")
	summary := filepath.Join(t.TempDir(), "summary.md")
	run := func() (string, string, error) {
		t.Helper()
		os.Remove(summary)
		env := withGo(t, "GITHUB_ACTION_PATH="+action, "GITHUB_STEP_SUMMARY="+summary, "GITHUB_TOKEN=secret")
		for i, v := range env { // the action keeps only some variables: the cache is found by the home
			if cache, ok := strings.CutPrefix(v, "GOCACHE="); ok {
				home := t.TempDir()
				if err := os.MkdirAll(filepath.Join(home, ".cache"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(cache, filepath.Join(home, ".cache", "go-build")); err != nil {
					t.Fatal(err)
				}
				env[i] = "HOME=" + home
			}
		}
		out, err := script(t, repository, env, "bash", "-eo", "pipefail", "-c", job)
		text, rerr := os.ReadFile(summary)
		if rerr != nil {
			t.Fatalf("%v: %s", rerr, out)
		}
		return out, string(text), err
	}
	handedIn(t, l, filepath.Join(repository, "submission.json"))
	out, text, err := run()
	fails := float64(want(l))/float64(l.Points()) < 0.6
	if (err != nil) != fails || !strings.Contains(text, fmt.Sprintf("%d of %d", want(l), l.Points())) || !strings.Contains(out, "::error ") {
		t.Errorf("status %v, want a failure: %v; %s\n%s", err, fails, out, text)
	}
	if strings.Contains(out+text, "secret") {
		t.Error("the token is in the output")
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "::") && !regexp.MustCompile(`^::(error|notice) [^\n]*::`).MatchString(line) {
			t.Errorf("a command that the runner does not know: %s", line)
		}
	}
	broken(t, filepath.Join(repository, "submission.json"))
	if out, _, err := run(); err != nil || !strings.Contains(out, "::notice title=Not gradable::") {
		t.Errorf("a file that cannot be read: %v: %s", err, out)
	}
}
