package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// notebook begins the heading of each notebook.
const notebook = "## Notebook "

var update = flag.Bool("update", false, "write what the commands print into notebooks.md and the READMEs")

// TestNotebooks runs every block of notebooks.md but those that measure, on the
// stored runs, and compares what it prints with the text after it. Each notebook is a
// shell of its own, which runs the blocks before the first notebook and then those of
// the notebook, in order.
func TestNotebooks(t *testing.T) {
	t.Parallel()
	runMarkdown(t, "notebooks.md", notebook)
}

// TestReadme does the same for every other Markdown file of the checkout:
// their tables and listings are made by the commands above them.
func TestReadme(t *testing.T) {
	t.Parallel()
	root, ran := checkout(t), 0
	for _, file := range markdownFiles(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if file != "notebooks.md" && bytes.Contains(text, []byte("<!-- $ ")) {
			ran++
			runMarkdown(t, file, "")
		}
	}
	if ran < 2 {
		t.Errorf("%d Markdown files have commands: want README.md and the pages of the rooms", ran)
	}
}

// checkout is the root of the checkout.
func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// runMarkdown runs the cells of a file of the checkout. A line that begins with
// heading begins a section, which runs by itself; "" makes one of the file.
func runMarkdown(t *testing.T, file, heading string) {
	root := checkout(t)
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	cs, err := cells(lines)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(cs) == 0 {
		t.Fatalf("%s: nothing to run in it", file)
	}
	if _, err := exec.LookPath("bash"); err != nil || runtime.GOOS == "windows" {
		t.Skip("the blocks are for bash and the paths of a Unix system")
	}
	if err := programs(); err != nil {
		t.Fatal(err)
	}
	outputs := make([]string, len(cs))
	t.Run(file, func(t *testing.T) { // ends when all sections have
		for i, s := range sections(lines, cs, heading) {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				first := 0
				if heading != "" && i > 0 {
					first = sections(lines, cs, heading)[0].to
				}
				all := append(cs[:first:first], cs[s.from:s.to]...)
				own := t.TempDir() // without a run in it
				env := []string{"BIN=" + binaries, "OWN=" + own}
				if heading == "" {
					env = []string{"PATH=" + binaries + string(filepath.ListSeparator) + os.Getenv("PATH")}
				}
				for i, text := range runCells(t, root, all, env)[first:] {
					outputs[s.from+i] = strings.ReplaceAll(text, own, "results/runs/local/notebooks")
				}
			})
		}
	})
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile(filepath.Join(root, file), []byte(replace(lines, cs, outputs)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, c := range cs {
		if c.checked && !c.tags["measure"] {
			if diff := cmp.Diff(c.output, outputs[i]); diff != "" {
				t.Errorf("%s:%d: %s prints something else (-file +command; go test ./cmd/amdahl -update rewrites it):\n%s", file, c.line, c.name, diff)
			}
		}
	}
}

// A section is cells[from:to].
type section struct{ from, to int }

// sections splits the cells at the lines that begin with heading. The first
// section is what stands before the first of them.
func sections(lines []string, cs []cell, heading string) []section {
	all := []section{{}}
	next := 0
	for i, l := range lines {
		if heading != "" && strings.HasPrefix(l, heading) {
			all = append(all, section{next, next})
		}
		if next < len(cs) && cs[next].line == i+1 {
			next++
			all[len(all)-1].to = next
		}
	}
	return all
}

// binaries is the folder of programs, which TestMain removes.
var binaries string

// programs compiles what the cells call, once, into binaries. The race detector
// is off: what is compiled is what a reader of the blocks has.
var programs = sync.OnceValue(func() (err error) {
	if binaries, err = os.MkdirTemp("", "amdahl-bin"); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"build", "-ldflags=-s -w", "-o", binaries + "/", "./cmd/..."},
		{"test", "-c", "-ldflags=-s -w", "-o", filepath.Join(binaries, "bench"), "./bench"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = filepath.Join("..", "..")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return nil
})

// withoutVet is GOFLAGS for the cells: go vet has a step of its own in .ci/run.
var withoutVet = sync.OnceValue(func() string {
	flags, err := exec.Command("go", "env", "GOFLAGS").Output()
	if err != nil {
		panic(err) // there is a go command, or nothing could have been compiled
	}
	return "GOFLAGS=" + strings.TrimSpace(string(flags)) + " -vet=off"
})

// runCells runs the cells one after another in one shell at the root of the
// checkout, with more variables of the environment, and returns what each printed. Cells
// tagged "measure" are run only if the environment has ROUNDS.
func runCells(t *testing.T, root string, cs []cell, more []string) []string {
	if len(cs) == 0 {
		return nil
	}
	const mark = "\x1e"
	measures := slices.ContainsFunc(more, func(v string) bool { return strings.HasPrefix(v, "ROUNDS=") })
	var script strings.Builder
	for _, c := range cs {
		if c.tags["measure"] && !measures {
			fmt.Fprintf(&script, "printf '%s0\\n'\n", mark)
			continue
		}
		fmt.Fprintf(&script, "{\n%s\n} 2>&1 </dev/null\nprintf '%s%%d\\n' $?\n", c.script, mark)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-uo", "pipefail", "-c", script.String())
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "TMPDIR="+t.TempDir(), "NO_COLOR=1", "COLUMNS=", withoutVet()), more...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &stderr)
	}
	outputs := make([]string, len(cs))
	rest := string(out)
	for i, c := range cs {
		text, after, ok := strings.Cut(rest, mark)
		status, tail, ok2 := strings.Cut(after, "\n")
		if n, err := strconv.Atoi(status); !ok || !ok2 || err != nil || n != 0 {
			t.Fatalf("line %d: %s failed with status %q:\n%s%s", c.line, c.name, status, text, &stderr)
		}
		outputs[i], rest = text, tail
	}
	return outputs
}
