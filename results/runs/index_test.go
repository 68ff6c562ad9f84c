// Package runs holds stored runs: one folder a machine, and in it one folder
// an experiment with results.txt, its figures and its page. The package has no
// code but the test that writes and checks README.md, the index of the runs.
package runs

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write README.md from the stored runs")

// TestIndex checks that README.md is the index of the folders beside it:
//
//	go test ./results/runs -update
//
// writes it. An experiment says about itself in about.txt what it shows, and
// what its results.txt does not say.
func TestIndex(t *testing.T) {
	want, err := index()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("README.md is not the index of the stored runs; go test ./results/runs -update writes it (-index +file):\n%s", d)
	}
}

// index returns the text of README.md.
func index() (string, error) {
	folders, err := filepath.Glob("*/*")
	if err != nil {
		return "", err
	}
	var all []experiment
	for _, dir := range folders {
		if filepath.Dir(dir) == "local" {
			continue // runs of this checkout, which git ignores
		}
		e, err := readExperiment(dir)
		if err != nil {
			return "", err
		}
		all = append(all, e)
	}
	if len(all) == 0 {
		return "", fmt.Errorf("no stored run: want folders MACHINE/EXPERIMENT with about.txt and results.txt")
	}
	var b strings.Builder
	b.WriteString("# Stored runs\n\n" +
		"One folder a machine, and in it one folder an experiment: `results.txt` is what was measured, as benchmark text;\n" +
		"figures, tables and pages are drawn from it alone. `go test ./results/runs -update` writes this page from those files and\n" +
		"from the `about.txt` beside them. New runs go to `local/<time>/`, in the same shape, and git ignores them.\n")
	for i, e := range all {
		if i == 0 || e.machine != all[i-1].machine {
			fmt.Fprintf(&b, "\n## %s\n\n| experiment | shows |\n|---|---|\n", e.machine)
			for _, other := range all {
				if other.machine == e.machine {
					fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", other.name, other.name, other.shows)
				}
			}
		}
		e.write(&b)
	}
	return b.String(), nil
}

// An experiment is one folder of stored files.
type experiment struct {
	dir, machine, name string
	shows, date        string
	target             string   // how make measures it, "" if no target does
	commands           []string // that measured it
	figures            []string // commands that drew what stands beside results.txt
	config             map[string]string
	rounds, results    int
	files              []string // beside results.txt and about.txt
}

func readExperiment(dir string) (experiment, error) {
	e := experiment{dir: filepath.ToSlash(dir), machine: filepath.Dir(dir), name: filepath.Base(dir)}
	full := "results/runs/" + e.dir + "/"
	text, err := os.ReadFile(filepath.Join(dir, "about.txt"))
	if err != nil {
		return e, fmt.Errorf("an experiment says what it shows in lines such as \"shows: …\" and \"date: 2026-11-23\": %w", err)
	}
	for n, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		key, value, ok := strings.Cut(line, ": ")
		value = regexp.MustCompile(`\bDIR\b`).ReplaceAllString(value, strings.TrimSuffix(full, "/"))
		switch {
		case !ok:
			return e, fmt.Errorf("%s/about.txt:%d: %q is not \"key: value\"", dir, n+1, line)
		case key == "shows":
			e.shows = value
		case key == "date":
			e.date = value
		case key == "target":
			e.target = value
		case key == "command":
			e.commands = append(e.commands, value)
		case key == "figures":
			e.figures = append(e.figures, value)
		default:
			return e, fmt.Errorf("%s/about.txt:%d: unknown key %q: want shows, date, target, command or figures", dir, n+1, key)
		}
	}
	if e.shows == "" || e.date == "" {
		return e, fmt.Errorf("%s/about.txt: needs the lines \"shows: …\" and \"date: 2026-11-23\"", dir)
	}
	if err := e.readResults(filepath.Join(dir, "results.txt")); err != nil {
		return e, err
	}
	if plan := e.config["run-plan"]; plan != "" {
		command, err := planCommand(plan, e.rounds, full+"results.txt")
		if err != nil {
			return e, fmt.Errorf("%s/results.txt: run-plan: %w", dir, err)
		}
		e.commands = append([]string{command}, e.commands...)
	}
	if len(e.commands) == 0 && e.target == "" {
		return e, fmt.Errorf("%s/about.txt: results.txt has no run-plan, so add a line \"command: …\"", dir)
	}
	entries, err := os.ReadDir(dir)
	for _, f := range entries {
		if f.Name() != "about.txt" && f.Name() != "results.txt" {
			e.files = append(e.files, f.Name())
		}
	}
	if err == nil && len(e.files) > 0 && len(e.figures) == 0 {
		err = fmt.Errorf("%s/about.txt: no line \"figures: …\" says what drew %s", dir, strings.Join(e.files, ", "))
	}
	return e, err
}

// readResults takes the first value of every configuration line, and counts
// rounds and results.
func (e *experiment) readResults(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	configLine := regexp.MustCompile(`^([a-z][a-z0-9-]*): (.*)$`)
	e.config = map[string]string{}
	rounds := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "Benchmark") {
			e.results++
		} else if m := configLine.FindStringSubmatch(line); m != nil {
			if m[1] == "round" {
				rounds[m[2]] = true
			}
			if _, ok := e.config[m[1]]; !ok {
				e.config[m[1]] = m[2]
			}
		}
	}
	e.rounds = len(rounds)
	return lines.Err()
}

// planCommand returns the command line that measures by a recorded plan, that
// many rounds into a file. A plan names neither.
func planCommand(plan string, rounds int, file string) (string, error) {
	var args []string
	if err := json.Unmarshal([]byte(plan), &args); err != nil {
		return "", err
	}
	plain := regexp.MustCompile(`^[\w@%+=:,./{}-]+$`)
	line := fmt.Sprintf("amdahl run --rounds %d -o %s", rounds, file)
	for _, a := range args {
		if !plain.MatchString(a) {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		line += " " + a
	}
	return line, nil
}

func (e experiment) write(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n%s.\n\n", e.name, strings.ToUpper(e.shows[:1])+e.shows[1:])
	fmt.Fprintf(b, "Measured on %s", e.date)
	if e.target != "" {
		fmt.Fprintf(b, " by `%s`", e.target)
	}
	switch {
	case e.rounds > 0:
		fmt.Fprintf(b, ": %d results in %d rounds", e.results, e.rounds)
	case e.results > 0:
		fmt.Fprintf(b, ": %d results", e.results)
	}
	b.WriteString(".\n")
	var facts []string
	for _, key := range []string{"cpu", "cpu-count", "mem", "vm", "kernel", "go", "python", "commit"} {
		if v := e.config[key]; v != "" && v != "none" {
			facts = append(facts, key+" "+strings.TrimPrefix(v, "go"))
		}
	}
	if len(facts) > 0 {
		fmt.Fprintf(b, "Machine: %s.\n", strings.Join(facts, ", "))
	}
	b.WriteString("\n```\n")
	for _, c := range slices.Concat(e.commands, e.figures) {
		b.WriteString(c + "\n")
	}
	b.WriteString("```\n\n")
	links := []string{link(e.dir, "results.txt")}
	pictures := 0
	for _, f := range e.files {
		if e.page() && (strings.HasSuffix(f, ".svg") || strings.HasSuffix(f, ".png")) {
			pictures++
			continue
		}
		links = append(links, link(e.dir, f))
	}
	fmt.Fprintf(b, "Files: %s", strings.Join(links, ", "))
	if pictures > 0 {
		fmt.Fprintf(b, ", and %d [figures](%s), which the page shows", pictures, e.dir)
	}
	b.WriteString(".\n")
}

// page reports whether the experiment has a page, which shows its figures.
func (e experiment) page() bool { return slices.Contains(e.files, "index.html") }

func link(dir, file string) string { return fmt.Sprintf("[%s](%s/%s)", file, dir, file) }
