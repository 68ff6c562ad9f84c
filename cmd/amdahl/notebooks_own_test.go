package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// notebookCells are the lines and the cells of notebooks.md.
func notebookCells(t *testing.T) ([]string, []cell) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout(t), "notebooks.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	cs, err := cells(lines)
	if err != nil {
		t.Fatal(err)
	}
	return lines, cs
}

// A reader who measures sees the own run: every notebook runs with its measuring blocks,
// one round each, and what reads a run says that it is the own one. Times are not
// looked at, and a machine that is too busy to tell anything is no failure.
func TestNotebooksOwnRun(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it measures for about a minute: not in -short")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the blocks are for bash and the paths of a Unix system")
	}
	for _, tool := range []string{"bash", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("the blocks need ", tool)
		}
	}
	if err := programs(); err != nil {
		t.Fatal(err)
	}
	lines, cs := notebookCells(t)
	all := sections(lines, cs, notebook)
	for i, s := range all[1:] {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			t.Parallel()
			env := []string{"BIN=" + binaries, "OWN=" + t.TempDir(), "ROUNDS=1", "WAIT=0s", "TASKS=160"}
			run := slices.Concat(cs[:all[0].to], cs[s.from:s.to])
			reads := 0
			for i, text := range runCells(t, checkout(t), run, env) {
				c := run[i]
				if c.tags["measure"] && !strings.Contains(text, "measured into ") {
					t.Errorf("line %d: %s measured nothing:\n%s", c.line, c.name, text)
				}
				if !dataCall.MatchString(c.script) {
					continue
				}
				reads++
				if !strings.Contains(text, "your own run: ") || strings.Contains(text, "the stored run") {
					t.Errorf("line %d: %s does not show the own run:\n%s", c.line, c.name, text)
				}
			}
			if reads == 0 {
				t.Error("no block reads a run")
			}
		})
	}
}

var (
	dataCall    = regexp.MustCompile(`(?m)^data (\S+) (\S+)$`)
	measureCall = regexp.MustCompile(`(?m)^measure (\S+) |(?:>|measured into) "?\$own/(\S+)\.txt"`)
	minutesLine = regexp.MustCompile(`^About \d+ minutes, \w+ of them for measuring\.$`)
)

// Every notebook says how long it takes, asks before it measures, measures into the
// files that it reads, and folds what answers a question.
func TestNotebooksForm(t *testing.T) {
	lines, cs := notebookCells(t)
	all := sections(lines, cs, notebook)
	var starts []int
	for i, l := range lines {
		if strings.HasPrefix(l, notebook) {
			starts = append(starts, i)
		}
	}
	if len(starts) < 10 || len(starts) != len(all)-1 {
		t.Fatalf("%d notebooks, %d sections", len(starts), len(all))
	}
	for k, from := range starts {
		to := len(lines)
		if k+1 < len(starts) {
			to = starts[k+1]
		}
		name := lines[from]
		if !strings.HasPrefix(name, fmt.Sprintf("%s%d: ", notebook, k+1)) {
			t.Errorf("%s: want number %d", name, k+1)
		}
		if !minutesLine.MatchString(lines[from+2]) {
			t.Errorf("%s: the first line says %q and not the minutes", name, lines[from+2])
		}
		next := from
		for _, want := range []string{"### Predict", "### Measure", "### Explain"} {
			i := slices.Index(lines[next:to], want)
			if i < 0 {
				t.Fatalf("%s: no %s after line %d", name, want, next+1)
			}
			if want == "### Measure" && !strings.Contains(strings.Join(lines[next:next+i], " "), "?") {
				t.Errorf("%s: it asks nothing before it measures", name)
			}
			next += i
		}
		own := cs[all[k+1].from:all[k+1].to]
		wrote, read := map[string]bool{}, map[string]bool{}
		for _, c := range own {
			for _, m := range measureCall.FindAllStringSubmatch(c.script, -1) {
				wrote[m[1]+m[2]] = true
			}
			for _, m := range dataCall.FindAllStringSubmatch(c.script, -1) {
				read[m[1]] = true
				if _, err := os.Stat(filepath.Join(checkout(t), "results/runs/epyc-2cpu", m[2], "results.txt")); err != nil {
					t.Errorf("%s: %s: there is no stored run: %v", name, c.name, err)
				}
			}
		}
		for file := range wrote {
			if !read[file] {
				t.Errorf("%s: it measures %s and does not read it", name, file)
			}
		}
		for file := range read {
			if !wrote[file] {
				t.Errorf("%s: it reads %s and does not measure it", name, file)
			}
		}
	}
	folded(t, lines, starts[0])
}

// measured are numbers as only a run gives them: with decimals or a unit.
var measured = regexp.MustCompile(`\d+[.,]\d+|\d+ ?(?:%|ns|µs|ms|s|times)\b`)

// statedNumbers are the numbers of that form that the text may say, because nothing is measured
// for them.
var statedNumbers = []string{
	"0.1",  // the serial part of the commands, serial=0.1
	"5 ms", // what the server takes, and when CPython hands its lock over
	"3.8",  // a version of Python
}

// folded checks that outputs and explanations stand in folds, and that no number of a run
// stands in the text, where it would be that of another machine.
func folded(t *testing.T, lines []string, from int) {
	open, fenced := false, false
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l, "<details>"):
			open = true
		case l == "</details>":
			open = false
		case strings.HasPrefix(l, "```"):
			if l == "```text" && !open {
				t.Errorf("notebooks.md:%d: an output is not folded", i+1)
			}
			if strings.HasPrefix(l, "```bash {") && open {
				t.Errorf("notebooks.md:%d: a block in a fold: Jupyter makes cells of it, and the fold is torn apart", i+1)
			}
			fenced = !fenced && l != "```"
		case !fenced && i > from:
			for _, number := range measured.FindAllString(l, -1) {
				if !slices.Contains(statedNumbers, number) {
					t.Errorf("notebooks.md:%d: %s in the text is of some run: let a command print it", i+1, number)
				}
			}
		}
	}
	if open || fenced {
		t.Error("notebooks.md: a fold or a fence does not end")
	}
}

// The first block works in a fresh shell, which knows nothing but the system's programs.
func TestNotebooksFreshShell(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("no bash")
	}
	if err := programs(); err != nil {
		t.Fatal(err)
	}
	_, cs := notebookCells(t)
	cmd := exec.CommandContext(t.Context(), "bash", "--norc", "-euc", cs[0].script+"\namdahl version && command -v bench")
	cmd.Dir = checkout(t)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir(), "BIN=" + binaries, "OWN=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), filepath.Join(binaries, "bench")) {
		t.Errorf("%v: %s", err, out)
	}
	if !strings.Contains(cs[0].script, "make -s build") {
		t.Error("the first block builds nothing where bin is empty")
	}
}
