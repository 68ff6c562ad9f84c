package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withWhy adds to benchmark text where half of the time went.
func withWhy(text string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		if strings.Contains(l, "ns/op") {
			l = strings.TrimSuffix(l, "\n") + " 1000 paid-ns/op 500 useful-ns/op 300 serial-ns/op\n"
		}
		b.WriteString(l)
	}
	return b.String()
}

func TestWhy(t *testing.T) {
	text := withWhy(curve("A", 1, 2, 4))
	picture := filepath.Join(t.TempDir(), "why.svg")
	many := ""
	for i := range mostStacks + 1 {
		many += withWhy(curve("A/variant="+string(rune('a'+i)), 1, 2))
	}
	tests := []struct {
		args, stdin    string
		status         int
		stdout, stderr string
	}{
		{"why", text, 0, "At 4 workers 50 % of the worker time is useful compute and 30 % is lost: 30 % to the serial section; 20 % is unattributed.", ""},
		{"why", withWhy(curve("A", 2)), 0, "At 2 workers", ""},
		{"why -o " + picture, text, 0, "At 4 workers", "wrote " + picture},
		{"why", curve("A", 1, 2, 4), 1, "", "no line tells where the worker time went"},
		{"why --json", curve("A", 1, 2, 4), 1, "", "no line tells where the worker time went"},
		{"why -o x.bmp", text, 2, "", `-o "x.bmp": name a file that ends in .svg`},
		{"why -o " + picture, many, 2, "At 2 workers", "13 series are too many for one figure"},
		{"why", text + "BenchmarkA/workers=8 0 x\n", 1, "At 4 workers", ":"},
		{"fit", text, 0, "At 4 workers 50 %", ""},
	}
	for _, tt := range tests {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(tt.stdin), &stdout, &stderr)
		folded := strings.Join(strings.Fields(stdout.String()), " ")
		if status != tt.status || !strings.Contains(folded, tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, stdout %q, stderr %q, want %d, %q, %q", tt.args, status, &stdout, &stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"why", "--json"}, strings.NewReader(text), &stdout, &stderr); status != 0 || !json.Valid(stdout.Bytes()) {
		t.Errorf("JSON: exit status %d, %q", status, &stdout)
	}
	if svg, err := os.ReadFile(picture); err != nil || !bytes.Contains(svg, []byte("serial section")) {
		t.Errorf("the picture: %v", err)
	}
}

// smallTrace is a timeline of two cases of one task each, and of the second again.
const smallTrace = `[
{"name":"operation","cat":"operation","ph":"X","ts":0,"dur":10,"args":{"op":0,"case":"S/a/workers=1","workers":1,"tasks":1}},
{"name":"task 0","cat":"task","ph":"X","ts":1,"dur":5,"args":{"op":0,"task":0}},
{"name":"operation","cat":"operation","ph":"X","ts":0,"dur":10,"args":{"op":1,"case":"S/a/workers=16","workers":16,"tasks":1}},
{"name":"task 0","cat":"task","ph":"X","ts":1,"dur":5,"args":{"op":1,"task":0}},
{"name":"operation","cat":"operation","ph":"X","ts":0,"dur":20,"args":{"op":2,"case":"S/a/workers=16","workers":16,"tasks":1}},
{"name":"task 0","cat":"task","ph":"X","ts":1,"dur":5,"args":{"op":2,"task":0}}
]`

func TestGantt(t *testing.T) {
	dir := t.TempDir()
	file, picture := filepath.Join(dir, "trace.json"), filepath.Join(dir, "gantt.svg")
	if err := os.WriteFile(file, []byte(smallTrace), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args, stdin    string
		status         int
		stdout, stderr string
	}{
		{"gantt " + file, "", 0, "S/a/workers=1  1 task on 1 lane, 10 µs\nS/a/workers=16", ""},
		{"gantt", smallTrace, 0, "S/a/workers=16  1 task on 1 lane, 20 µs\n", ""},
		{"gantt - --case workers=1$", smallTrace, 0, "S/a/workers=1 ", ""},
		{"gantt --case workers=16 -o " + picture, smallTrace, 0, "", "wrote " + picture},
		{"gantt --case workers=1 -o " + picture, smallTrace, 2, "", `choose one with --case REGEXP, as in --case 'S/a/workers=16$':`},
		{"gantt --case nothing", smallTrace, 2, "", "standard input: none of the 3 cases matches --case; one is S/a/workers=1"},
		{"gantt --case (", smallTrace, 2, "", "--case: error parsing regexp"},
		{"gantt -o x.bmp", smallTrace, 2, "", "name a file that ends in .svg"},
		{"gantt a b", "", 2, "", "2 files: name one trace"},
		{"gantt " + filepath.Join(dir, "none"), "", 1, "", "none: no such file"},
		{"gantt", "[]", 1, "", "no operation and no run in it"},
		{"gantt", "goos: linux", 1, "", "standard input: this is benchmark text, and a trace is wanted"},
		{"gantt", strings.Replace(smallTrace, `"tasks":1}`, `"tasks":2}`, 1), 1, "S/a/workers=16", "S/a/workers=1 is left out: 1 of its 2 tasks are there"},
		{"gantt --case workers=1$", strings.Replace(smallTrace, `"tasks":1}`, `"tasks":2}`, 1), 1, "", "S/a/workers=1 is left out"},
	}
	for _, tt := range tests {
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), strings.Fields(tt.args), strings.NewReader(tt.stdin), &stdout, &stderr)
		if status != tt.status || !strings.Contains(stdout.String(), tt.stdout) || !strings.Contains(stderr.String(), tt.stderr) {
			t.Errorf("%s: exit status %d, stdout %q, stderr %q, want %d, %q, %q", tt.args, status, &stdout, &stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
	if svg, err := os.ReadFile(picture); err != nil || !bytes.Contains(svg, []byte("1 task,")) || !bytes.Contains(svg, []byte("20 µs")) {
		t.Errorf("the picture, of the last operation: %v", err)
	}
}
