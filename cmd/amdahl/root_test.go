package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// curve is benchmark text of Amdahl's law with σ = 0.1, 100 µs at 1 worker,
// six rounds of samples that differ a little.
func curve(name string, levels ...int) string {
	var b strings.Builder
	b.WriteString("goos: linux\ngoarch: amd64\ncpu: Test CPU\ncpu-count: 4\n")
	for round := range 6 {
		fmt.Fprintf(&b, "round: %d\n", round+1)
		for i, n := range levels {
			ns := 1e5 * (0.1 + 0.9/float64(n)) * (1 + 0.002*float64((round*3+i*5)%7-3))
			fmt.Fprintf(&b, "Benchmark%s/workers=%d-4 \t 10 \t %.1f ns/op\n", name, n, ns)
		}
	}
	return b.String()
}

func TestExitStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := curve("A", 1, 2, 4, 8)
	old := filepath.Join(dir, "old.txt")
	if err := os.WriteFile(old, []byte(good), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, args, stdin string
		status            int
		stdout, stderr    string // what they contain; "" is nothing at all
	}{
		{"fit", "fit", good, 0, "amdahl", ""},
		{"fit from a dash", "fit -", good, 0, "amdahl", ""},
		{"json", "fit --json", good, 0, `"version": 2`, ""},
		{"laws", "laws", "", 0, "Amdahl's law", ""},
		{"help", "fit -h", "", 0, "Examples:", ""},
		{"no command", "", "", 0, "Usage:", ""},
		{"completion", "completion bash", "", 0, "bash completion", ""},
		{"mistyped command", "fti", "", 2, "", `amdahl: unknown command "fti": did you mean fit? see amdahl -h`},
		{"unknown command", "accelerate", "", 2, "", `amdahl: unknown command "accelerate": the commands are check, class, compare, completion, doctor, draw, explore, fit,`},
		{"mistyped flag", "fit --jsno", "", 2, "", "amdahl: unknown flag: --jsno: did you mean --json? see amdahl fit -h"},
		{"unknown flag", "fit --accelerate", "", 2, "", "amdahl: unknown flag: --accelerate: see amdahl fit -h"},
		{"unknown letter", "fit -z", "", 2, "", "amdahl: unknown shorthand flag: 'z' in -z: see amdahl fit -h"},
		{"version", "version", "", 0, "amdahl ", ""},
		{"version as a flag", "--version", "", 0, "commit unknown, go1.", ""},
		{"version with an argument", "version 1", "", 2, "", "version takes no arguments"},
		{"flag without value", "fit -x", "", 2, "", "flag needs an argument"},
		{"laws with an argument", "laws usl", "", 2, "", "takes no arguments"},
		{"unreadable file", "fit " + dir + "/absent.txt", "", 1, "", "absent.txt: no such file or directory"},
		{"directory", "fit " + dir, "", 1, "", "is a directory"},
		{"nothing", "fit", "hello\n", 1, "", "amdahl: no benchmark results in standard input"},
		{"bad line", "fit", good + "BenchmarkB/workers=0 1 5 ns/op\n", 1, "amdahl", "amdahl: <stdin>:35: workers=0 is not a number of workers"},
		{"only bad lines", "fit", "BenchmarkB-2 1 -5 ns/op\n", 1, "", "<stdin>:1: the time is negative"},
		{"one level", "fit", curve("A", 4), 1, "", "<stdin>:6: A has only workers=4"},
		{"one level beside another curve", "fit", good + curve("B", 4), 0, "measured at 4 workers only", ""},
		{"unknown key", "fit -x threads", good, 2, "", `<stdin>:6: no benchmark has the key "threads"; this one has workers, gomaxprocs`},
		{"two machines", "fit", good + strings.Replace(good, "Test CPU", "Other CPU", 1), 1, "", `cpu "Test CPU" and "Other CPU"`},
		{"filter", "fit --filter A", good, 0, "amdahl", ""},
		{"filter that keeps nothing", "fit --filter k=v", good, 2, "", "no series has all of --filter k=v; the first has A"},
		{"bad filter", "fit --filter k=", good, 2, "", `the part "k=" has no value`},
		{"plot without a file", "plot", good, 2, "", "no file to draw to: add -o FILE"},
		{"plot to an unknown format", "plot -o x.gif", good, 2, "", `-o "x.gif": name a file that ends in`},
		{"plot to no directory", "plot -o " + dir + "/no/x.svg", good, 2, "", "there is no folder " + dir + "/no: make it with mkdir -p " + dir + "/no"},
		{"plot of too many", "plot -o " + dir + "/x.svg", many(21), 2, "", "21 series are too many for one figure"},
		{"predict", "predict --at 16,32", good, 0, "16", ""},
		{"predict as JSON", "predict --at 16 --json", good, 0, `"extrapolated": false`, ""},
		{"predict beyond twice the range", "predict --at 17", good, 0, "* beyond twice", ""},
		{"predict without a law", "predict --at 16", curve("A", 1, 2), 3, "A: no law was chosen, so nothing is predicted: measure at 3 or more levels", "amdahl: cannot tell: no series has a law"},
		{"predict one of two", "predict --at 16", good + curve("B", 1, 2), 0, "B: no law was chosen", ""},
		{"predict without a law as JSON", "predict --json --at 16", curve("A", 1, 2), 3, `"law": null`, "no series has a law"},
		{"predict nothing", "predict", good, 2, "", "no numbers of workers: add --at"},
		{"predict nonsense", "predict --at 4,x", good, 2, "", `--at 4,x: "x" is not a number of workers`},
		{"compare", "compare " + old + " " + old, "", 0, "speedup @ 8", ""},
		{"compare as JSON", "compare --json " + old + " " + old, "", 0, `"changed": false`, ""},
		{"compare one file", "compare " + old, "", 2, "", "not measured with amdahl run --against: name a second file"},
		{"compare with nothing in common", "compare " + old + " -", curve("Z", 1, 2, 4), 1, "", "no series stands in both"},
		{"CSV", "fit -x n --throughput rate", "n,rate\n1,10\n2,19\n4,35\n8,60\n", 0, "<stdin>", ""},
		{"CSV without the column", "fit -x n --time t", "n,rate\n1,10\n", 2, "", `<stdin>:1: no column "t" for --time: the columns are "n", "rate"`},
		{"CSV with two measures", "fit -x n --time t --throughput t", "n,t\n1,10\n", 2, "", "both --time and --throughput"},
		{"a note", "fit", "threads,time\n1,10\n2,6\n4,4\n", 0, "amdahl", `amdahl: note: <stdin>: x is the column "threads", time is the column "time", in seconds (no unit is named)`},
		{"a note with --strict", "fit --strict", "threads,time\n1,10\n2,6\n4,4\n", 1, "", "--strict: nothing was done, because of the note above"},
		{"a dropped sample with --strict", "fit --strict", "BenchmarkA 1 25 ns/op\n" + strings.Repeat("BenchmarkA 1 100 ns/op\n", 5) + strings.Repeat("BenchmarkA-2 1 52 ns/op\n", 5) + strings.Repeat("BenchmarkA-4 1 25 ns/op\n", 5), 1, "", "--strict: nothing was done: <stdin>:1: the first sample at GOMAXPROCS=1"},
		{"nothing to note with --strict", "fit --strict", good, 0, "amdahl", ""},
		{"a flag twice", "fit -x workers -x threads", good, 2, "", `it is given twice, as "workers" and as "threads": give it once`},
		{"a flag in place of a value", "run --trace -q -x n=1,2 -- true", "", 2, "", `invalid argument "-q" for "--trace" flag: -q is a flag: a value has to stand before it`},
		{"a long flag in place of a value", "fit -x --json", good, 2, "", `--json is a flag: a value has to stand before it`},
		{"a size", "fit", "BenchmarkS/size-100 1 5 ns/op\nBenchmarkS/size-9000 1 500 ns/op\n", 1, "", "no curve has two levels: the numbers 100, 9000 at the end of S/size look like a size"},
		{"formats", "formats", "", 0, "hyperfine JSON\n  what `hyperfine --export-json` writes", ""},
		{"formats for a README", "formats --markdown", "", 0, "| CSV and TSV | a table separated by commas", ""},
		{"unknown loss", "fit --loss squared", good, 2, "", `--loss "squared": write log or throughput`},
		{"loss is named", "fit --json --loss throughput", good, 0, `"loss": "throughput"`, ""},
		{"report without a directory", "report", good, 2, "", "add -o DIR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(tt.stdin), &stdout, &stderr)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			for _, out := range []struct{ name, got, want string }{{"stdout", stdout.String(), tt.stdout}, {"stderr", stderr.String(), tt.stderr}} {
				if !strings.Contains(out.got, out.want) || out.want == "" && out.got != "" {
					t.Errorf("%s: got %q, want %q in it", out.name, out.got, out.want)
				}
			}
		})
	}
}

func many(series int) string {
	var b strings.Builder
	for i := range series {
		b.WriteString(curve(fmt.Sprintf("S%d", i), 1, 2, 4))
	}
	return b.String()
}

// Every subcommand shows an example.
func TestExamples(t *testing.T) {
	for _, c := range commands {
		if cmd := c(); cmd.Example == "" || cmd.Short == "" || cmd.Long == "" {
			t.Errorf("%s: an example, a short and a long text are needed", cmd.Name())
		}
	}
}

// amdahl -h lists every subcommand under what it is for.
func TestGroups(t *testing.T) {
	root := newRoot()
	used := map[string]bool{}
	for _, c := range root.Commands() {
		if !root.ContainsGroup(c.GroupID) {
			t.Errorf("%s: the group %q is none of groups", c.Name(), c.GroupID)
		}
		used[c.GroupID] = true
	}
	_, help, _ := amdahl(t, "-h")
	for _, g := range groups {
		if !used[g.ID] || !strings.Contains(help, "\n"+g.Title+"\n") {
			t.Errorf("no subcommand is in the group %s", g.ID)
		}
	}
	if strings.Contains(help, "Additional Commands") || !strings.Contains(help, "--version") {
		t.Errorf("got %q, want no commands outside the groups, and the flags", help)
	}
}

func TestPlot(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"svg", "png", "pdf"} {
		out := filepath.Join(t.TempDir(), "x."+format)
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), []string{"plot", "-o", out}, strings.NewReader(curve("A", 1, 2, 4, 8)), &stdout, &stderr); status != 0 || stdout.Len() > 0 {
			t.Fatalf("exit status %d, stdout %q, stderr %q", status, &stdout, &stderr)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if format == "png" {
			if _, err := png.Decode(bytes.NewReader(b)); err != nil {
				t.Error(err)
			}
		} else if head := map[string]string{"svg": "<?xml", "pdf": "%PDF-"}[format]; !bytes.HasPrefix(b, []byte(head)) {
			t.Errorf("%s begins with %q, want %q", out, b[:8], head)
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "page")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"report", "-o", dir}, strings.NewReader(curve("A", 1, 2, 4, 8)), &stdout, &stderr); status != 0 {
		t.Fatalf("exit status %d: %s", status, &stderr)
	}
	table, err := os.ReadFile(filepath.Join(dir, "table.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(table, stdout.Bytes()) {
		t.Errorf("table.txt is %q, standard output %q", table, &stdout)
	}
	text, err := os.ReadFile(filepath.Join(dir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(text) {
		t.Errorf("results.json is no JSON: %q", text)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || !bytes.Contains(page, []byte("<svg")) {
		t.Errorf("index.html has no figure in it: %v", err)
	}
}

// A cancelled command ends with status 1 and says so.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	if status := run(ctx, []string{"fit"}, strings.NewReader(curve("A", 1, 2)), &stdout, &stderr); status != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit status %d, stderr %q, want 1 and canceled", status, &stderr)
	}
}

// The output can be cut off: amdahl fit | head.
func TestBrokenOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full on this system")
	}
	defer full.Close()
	for _, args := range []string{"fit", "fit --json", "laws"} {
		var stderr bytes.Buffer
		if status := run(t.Context(), strings.Fields(args), strings.NewReader(curve("A", 1, 2, 4)), full, &stderr); status != 1 || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: exit status %d, stderr %q, want 1 and the cause", args, status, &stderr)
		}
	}
}
