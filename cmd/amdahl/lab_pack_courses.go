package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// warm adds a build cache that the grader of the pack has filled here. Where this machine
// cannot run that grader, there is none, and every submission compiles Go's library.
func (p *pack) warm(ctx context.Context) error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return nil
	}
	temp, err := os.MkdirTemp("", "amdahl-pack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for name, f := range p.files {
		file := filepath.Join(temp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, f.text, f.mode); err != nil {
			return err
		}
	}
	cache := filepath.Join(temp, "cache")
	if err := os.Mkdir(cache, 0o755); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(temp, "grade"), "--warm")
	// Without a C compiler on the path: what the race detector needs would double the size,
	// so the grader is called with --no-race.
	cmd.Env = []string{"PATH=" + filepath.Join(temp, "go", "bin"), "HOME=" + temp}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the build cache of the pack cannot be filled: %w: %s", err, out)
	}
	return filepath.WalkDir(cache, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(temp, name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(name)
		p.files[filepath.ToSlash(rel)] = packed{text, 0o644}
		return err
	})
}

// under moves all files into a folder of the archive.
func (p *pack) under(folder string) {
	files := map[string]packed{}
	for name, f := range p.files {
		files[path.Join(folder, name)] = f
	}
	p.files = files
}

// packAutolab: Autolab wants a tar file and a Makefile, and runs make in a fresh folder
// with both and the file that was handed in. The last line of the output is the result.
func packAutolab(p *pack) error {
	inner, err := p.archive(".tar.gz")
	if err != nil {
		return err
	}
	p.files = map[string]packed{"autograde.tar": {inner, 0o644}}
	p.add("autograde-Makefile", p.expand(`# Autolab runs make here, beside autograde.tar and submission.json. Whatever happens, the
# status is 0: else make would print a line of its own after the scores.
all:
	@mkdir -p grader && tar -xzf autograde.tar -C grader 2>&1 || true
	@./grader/grade --lab LAB --no-race --format autolab submission.json 2>&1 || true
`), 0o644)
	problems := p.problems()
	p.add("README.txt", p.expand(`Lab "TITLE" for Autolab

1. Make an assessment. Its hand-in file is called submission.json: students upload what
   "amdahl lab submit" writes. Time-out of the autograder: 120 seconds.
2. Add these problems, with these points; the names must be the same:
`+problems+`
3. Upload autograde-Makefile and autograde.tar under Autograder.

Autolab cannot leave a submission out. When a run cannot tell ("measure again"), the questions that are
not decided have no points and the output says so: students can hand in again.
Student code runs as the user of the grader, so the list of allowed imports is what keeps it from
files. Go and a build cache are in autograde.tar: nothing is installed, and no network is needed. Races are
looked for by switching between goroutines at many places; the race detector is left out.
`), 0o644)
	return nil
}

// problems lists what can be had, by the names that the result has.
func (p *pack) problems() string {
	var b strings.Builder
	row := func(id string, points int) { fmt.Fprintf(&b, "     %-24s %d\n", id, points) }
	for _, t := range p.lab.Tests {
		row(t.Name, t.Points)
	}
	if p.lab.Race > 0 {
		row("races", p.lab.Race)
	}
	for _, q := range p.lab.Questions {
		row(q.ID, q.Points)
	}
	return b.String()
}

// nbgraderCell grades in a notebook. The last value of the cell is its points; what is
// printed before is the feedback. On a student's machine there is no grader, and the
// cell says so.
const nbgraderCell = `import json, os, pathlib, subprocess
def amdahl_points():
    here = pathlib.Path.cwd()
    graders = [d / "graders" / "LAB" / "grade" for d in [here, *here.parents]]
    if "AMDAHL_GRADER" in os.environ:
        graders = [pathlib.Path(os.environ["AMDAHL_GRADER"])]
    found = [g for g in graders if g.is_file()]
    if not found:
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            raise RuntimeError("the grader is missing: unpack the pack at the root of the course, or name it in AMDAHL_GRADER")
        print("This is graded by your lecturer. Before you hand in: amdahl lab check")
        return 0.0
    run = subprocess.run([str(found[0]), "--lab", "LAB", "--format", "json", "submission.json"], capture_output=True, text=True, encoding="utf-8")
    if not run.stdout.strip():
        raise RuntimeError("the grader failed: " + run.stderr)
    result = json.loads(run.stdout)
    print(result["message"])
    for q in result["questions"]:
        print("%d/%d %s %s" % (q["points"], q["max"], q["name"], q["text"]))
    if result["state"] != "graded":
        raise RuntimeError("not graded: hand in again")
    if result.get("figure"):
        from IPython.display import SVG, display
        display(SVG(data=result["figure"]))
    return float(result["points"])
amdahl_points()`

// packNbgrader: an assignment of one notebook, and the grader in a folder beside
// source, which is not released to students.
func packNbgrader(p *pack) error {
	p.under("graders/" + p.lab.Name)
	points := p.lab.Points()
	markdown := func(text string) map[string]any {
		return map[string]any{"cell_type": "markdown", "metadata": map[string]any{}, "source": p.expand(text)}
	}
	notebook := map[string]any{
		"nbformat": 4, "nbformat_minor": 4,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": "python3", "display_name": "Python 3", "language": "python"}, "language_info": map[string]any{"name": "python"}},
		"cells": []any{
			markdown("# TITLE\n\nDo the lab on your own machine: `amdahl lab start LAB --student ID`, and then as its handout says. `amdahl lab submit` writes `submission.json`: put it beside this notebook, and hand both in."),
			map[string]any{
				"cell_type": "code", "execution_count": nil, "outputs": []any{},
				"metadata": map[string]any{"nbgrader": map[string]any{
					"schema_version": 3, "cell_type": "code", "grade": true, "solution": false, "locked": true, "task": false,
					"grade_id": "amdahl-" + p.lab.Name, "points": points,
				}},
				"source": p.expand(nbgraderCell),
			},
		},
	}
	text, err := json.MarshalIndent(notebook, "", " ")
	if err != nil {
		return err
	}
	p.add("source/"+p.lab.Name+"/"+p.lab.Name+".ipynb", string(text)+"\n", 0o644)
	p.add("README.txt", p.expand(`Lab "TITLE" for nbgrader

1. Unpack this archive at the root of the course: source/LAB is the assignment, graders/LAB the grader, which is
   not released. Where graders stand elsewhere, name the program in AMDAHL_GRADER.
2. nbgrader generate_assignment LAB, release it, collect it, and nbgrader autograde LAB.
   Go 1.25 or newer must be on the path, and gcc if the race detector is to run. Fill the build cache once: graders/LAB/grade --warm
3. nbgrader gives a cell 30 seconds. Grading takes up to 5 with a filled build cache.

nbgrader cannot leave a submission out: a run that cannot tell has no points, and the cell says "hand in again".
It grades as you, on your machine: use its container kernels, or an account without rights. The list of allowed
imports keeps student code from files, and where you are root it runs as the user student, else nobody.
`), 0o644)
	return nil
}

// packJUnit: an image for GitLab CI or Jenkins. AMDAHL names another folder than /amdahl in
// tests.
func packJUnit(p *pack) error {
	p.add("Dockerfile", p.expand(`# docker build --platform linux/amd64 -t NAME/amdahl-LAB .
FROM debian:stable-slim
COPY . /amdahl
RUN useradd --no-create-home --shell /usr/sbin/nologin student \
 && chmod 755 /amdahl/grade \
 && chmod -R o= /amdahl/labs \
 && mkdir /amdahl/cache && /amdahl/grade --warm
`), 0o644)
	p.add("gitlab-ci.yml", p.expand(`# .gitlab-ci.yml of the students' projects.
grade:
  image: NAME/amdahl-LAB
  variables:
    GIT_STRATEGY: fetch
  script:
    - ${AMDAHL:-/amdahl}/grade --lab LAB --format junit -o junit.xml --fail-under 60 . || test $? -eq 3
  artifacts:
    when: always
    paths: [figure.svg]
    reports:
      junit: junit.xml
`), 0o644)
	p.add("Jenkinsfile", p.expand(`// For Jenkins with the plugins Docker Pipeline, JUnit and JUnit Attachments.
pipeline {
  agent { docker { image 'NAME/amdahl-LAB'; args '-u root' } }
  stages {
    stage('grade') {
      steps { sh '/amdahl/grade --lab LAB --format junit -o junit.xml --fail-under 60 . || test $? -eq 3' }
    }
  }
  post { always { junit 'junit.xml' } }
}
`), 0o644)
	p.add("README.txt", p.expand(`Lab "TITLE" for GitLab, Jenkins, and what else reads JUnit XML

1. Build and push the image: docker build --platform linux/amd64 -t NAME/amdahl-LAB . Keep it where only runners can
   pull it: the hidden tests are in it.
2. Put gitlab-ci.yml, as .gitlab-ci.yml, or Jenkinsfile into the students' project, with your image's name. Protect it:
   who can change it can change what is graded. A pipeline of the group's own (compliance, or include) is safer.
3. Students commit the folder of the lab, or the one file that "amdahl lab submit" writes.

JUnit has no points: every text begins with them, as in [2/3]. The job fails below 60 per cent. A run that cannot
tell is skipped, and fails nothing.
`), 0o644)
	return nil
}

// packGitHub: an action for a repository of the lecturer, and a workflow that uses it.
func packGitHub(p *pack) error {
	p.add("action.yml", p.expand(`# Of a repository of yours, which students' workflows may use and need not be able to read.
name: 'Lab: TITLE'
description: 'Grades the lab in the checkout, and writes a summary'
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        grader=$(mktemp -d)
        cp -R "$GITHUB_ACTION_PATH"/. "$grader"
        chmod 755 "$grader/grade"
        env -i PATH="$PATH" HOME="$HOME" GITHUB_STEP_SUMMARY="$GITHUB_STEP_SUMMARY" \
          "$grader/grade" --lab LAB --format github --fail-under 60 .
`), 0o644)
	p.add("workflow.yml", p.expand(`# .github/workflows/grade.yml of the students' repositories.
name: grade
on: push
permissions:
  contents: read
jobs:
  grade:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-go@v5
        with:
          go-version: '1.26'
          cache: false
      - uses: OWNER/amdahl-LAB@main
`), 0o644)
	p.add("README.txt", p.expand(`Lab "TITLE" for GitHub Actions

1. Unpack this archive into a repository OWNER/amdahl-LAB, and commit it. In a private one, allow its use by the
   repositories of your organisation (Settings, Actions, Access).
2. Put workflow.yml, as .github/workflows/grade.yml, into the template of the students' repositories.
3. Students commit the folder of the lab, or the one file that "amdahl lab submit" writes.

The summary of the job has points, texts and a chart; the job is red below 60 per cent. A run that cannot tell is
green, with a notice. Student code runs as the runner's user in a job without secrets: give it none. Who can change the workflow can
change what is graded: read the summary of the default branch, or require the workflow by a ruleset.
The first grading compiles Go's library, which takes up to a minute.
`), 0o644)
	return nil
}
