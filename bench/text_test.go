package bench

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// What a benchmark run prints is the contract: configuration lines, names
// whose x axis stands last, times and counts; benchstat reads it unchanged.
func TestText(t *testing.T) {
	if testing.Short() {
		t.Skip("runs benchmarks and benchstat; -short")
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.bench", "Strong/workload=(hash|sleep)/strategy=(fixed|process)/.*/.*/workers=[12]$",
		"-test.benchtime", "1x", "-tasks", "10", "-round", "3")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %s%s", err, out, &stderr)
	}
	line := regexp.MustCompile(`^BenchmarkStrong/workload=(hash|sleep)/strategy=(fixed|process)/serial=0\.1/cores=real/workers=[12](-\d+)?\s+1\s+\d+ ns/op\s+\d+ cpu-ns/op(\s+\d+ slept-ns/op)?\s+10\.00 tasks/op$`)
	results, config := 0, map[string]bool{}
	for l := range strings.Lines(string(out)) {
		switch l = strings.TrimSuffix(l, "\n"); {
		case strings.HasPrefix(l, "Benchmark"):
			if results++; !line.MatchString(l) {
				t.Errorf("got %q, want a line like %s", l, line)
			}
			if strings.Contains(l, "workload=sleep") != strings.Contains(l, "slept-ns/op") {
				t.Errorf("got %q: only sleep records what it slept", l)
			}
		case l != "PASS":
			key, _, ok := strings.Cut(l, ": ")
			if !ok || results > 0 && key == "round" {
				t.Errorf("got %q, want a configuration line before the results", l)
			}
			config[key] = true
		}
	}
	if want := min(2, plan.CPUs)*2 + 4; results != want {
		t.Errorf("got %d results, want %d", results, want)
	}
	for _, key := range []string{"goos", "goarch", "pkg", "cpu-count", "cpu-physical-count", "mem", "kernel", "go", "round"} {
		if !config[key] {
			t.Errorf("no configuration line %s:", key)
		}
	}

	stat := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../.ci/tools/go.mod", "benchstat", "-")
	stat.Stdin = bytes.NewReader(out)
	stderr.Reset()
	stat.Stderr = &stderr
	table, err := stat.Output()
	if err != nil || stderr.Len() > 0 || !strings.Contains(string(table), "strategy=process") {
		t.Errorf("benchstat: %v: %s\n%s", err, &stderr, table)
	}
}
