package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the commands print into notebooks.md and the README pages")

// TestNotebooks runs every block of notebooks.md in order, in one shell, and
// holds what it prints against the text behind it. Blocks tagged "measure"
// print measured times: they are run, but not compared, and left out with
// -short.
func TestNotebooks(t *testing.T) {
	root := checkout(t)
	runMarkdown(t, root, programs(t, root), "notebooks.md")
}

// TestReadme does the same for every other Markdown file of the checkout:
// their tables and listings are made by the commands above them.
func TestReadme(t *testing.T) {
	root := checkout(t)
	bin := programs(t, root)
	run := 0
	for _, file := range markdownFiles(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if file == "notebooks.md" || !bytes.Contains(text, []byte("<!-- $ ")) {
			continue
		}
		run++
		t.Run(file, func(t *testing.T) { runMarkdown(t, root, bin, file) })
	}
	if run < 2 {
		t.Errorf("%d Markdown files have commands: want README.md and the pages of the rooms", run)
	}
}

// checkout returns the root of the checkout.
func checkout(t *testing.T) string {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// programs builds the programs that the blocks call, and returns their folder.
func programs(t *testing.T, root string) string {
	bin := t.TempDir()
	build(t, root, "go", "build", "-o", bin, "./cmd/amdahl", "./cmd/contest")
	build(t, root, "go", "test", "-c", "-o", filepath.Join(bin, "bench"), "./bench")
	return bin
}

func runMarkdown(t *testing.T, root, bin, file string) {
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
	outputs := runCells(t, root, bin, cs)
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

// runCells runs the cells one after another in one shell at the root of the
// checkout and returns what each printed.
func runCells(t *testing.T, root, bin string, cs []cell) []string {
	const mark = "\x1e"
	var script strings.Builder
	for _, c := range cs {
		if c.tags["measure"] && testing.Short() {
			fmt.Fprintf(&script, "printf '%s0\\n'\n", mark)
			continue
		}
		fmt.Fprintf(&script, "{\n%s\n} 2>&1 </dev/null\nprintf '%s%%d\\n' $?\n", c.script, mark)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-uo", "pipefail", "-c", script.String())
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "NO_COLOR=1", "RUN=")
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

func build(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}
