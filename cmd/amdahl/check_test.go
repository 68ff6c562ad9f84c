package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckStatus(t *testing.T) {
	dir := t.TempDir()
	good := curve("A", 1, 2, 4) // σ = 0.1: 3.08 times faster with 4 workers, efficiency 0.769
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old := file("old.txt", good)
	fast := file("fast.txt", strings.ReplaceAll(good, "ns/op", "ns/op 2 tasks/op"))
	fewer := file("fewer.txt", curve("A", 1, 2, 4)+curve("B", 1, 2, 4))
	bad := file("bad.txt", good+"BenchmarkB/workers=0 1 5 ns/op\n")
	junk := file("junk.txt", "hello\n")
	for _, c := range []struct {
		name, args, stdin string
		status            int
		stdout, stderr    string // what they contain; "" is nothing at all
	}{
		{"holds", "--min-speedup 3@4 --min-efficiency 0.75@4 --max-sigma 0.12", good, 0, "holds", ""},
		{"several of a kind", "--min-speedup 1.8@2 --min-speedup 3.2@4", good, 1, "speedup @ 2", "amdahl: violated: 1 of 2 conditions\n"},
		{"cannot tell", "--min-speedup 3@4 --min-speedup 3@8", good, 3, "machine with 8 processors: this one has 4", "amdahl: cannot tell about 1 of 2 conditions, and none is violated\n"},
		{"violated beats cannot tell", "--min-speedup 3.2@4 --min-speedup 3@8", good, 1, "violated", "amdahl: violated: 1 of 2 conditions"},
		{"one level", "--min-speedup 3@4", curve("A", 1), 3, "workers=4 was not measured", "cannot tell about 1 of 1"},
		{"another series without the level", "--min-speedup 3@4", good + curve("B", 1, 2), 3, "B, speedup @ 4: cannot tell", "cannot tell about 1 of 2"},
		{"filter", "--min-speedup 3@4 --filter A", good + curve("B", 1, 2), 0, "holds", ""},
		{"file", "--min-speedup 3@4 " + old, "", 0, "holds", ""},
		{"baseline", "--baseline " + old, good, 0, "T(1) to baseline", ""},
		{"slower than the baseline", "--baseline " + fast, good, 1, "T(1) rose by", "amdahl: violated: 2 of 3"},
		{"faster than the baseline", "--baseline " + old + " " + fast, "", 0, "holds", ""},
		{"everything is tolerated", "--tolerance 200% --baseline " + old, good, 2, "", "--tolerance 200%: a tolerance is a share below 1"},
		{"more series in the baseline", "--baseline " + fewer, good, 3, "only in the baseline", "cannot tell about 1 of"},
		{"fewer series in the baseline", "--baseline " + old, good + curve("B", 1, 2, 4), 3, "only now", "cannot tell about 1 of"},
		{"filter of a baseline", "--filter A --baseline " + fewer, good, 0, "holds", ""},
		{"baseline from standard input", "--baseline - " + old, good, 0, "holds", ""},

		{"time and overhead", "--max-time 2ms@4 --max-kappa 0.1", good, 3, "T(4)", "cannot tell about 1 of 2"},
		{"JSON", "--json --min-speedup 3@4", good, 0, `"verdict": "holds"`, ""},
		{"JSON, violated", "--json --min-speedup 3.2@4", good, 1, `"verdict": "violated"`, "violated: 1 of 1"},
		{"GitHub", "--github --min-speedup 3.2@4 " + old, "", 1, "\n::error file=" + old + ",line=6,title=speedup @ 4 of A%3A violated::The speedup", "violated: 1 of 1"},
		{"GitHub, cannot tell", "--github --min-speedup 3@8", good, 3, "\n::warning title=speedup @ 8 of A%3A cannot tell::workers=8", "cannot tell about"},

		{"no file", "--min-speedup 3@4 " + dir + "/absent.txt", "", 1, "", "absent.txt: no such file or directory"},
		{"no baseline", "--baseline " + dir + "/absent.txt", good, 1, "", "amdahl: --baseline: open " + dir + "/absent.txt"},
		{"nothing in the file", "--min-speedup 3@4 " + junk, "", 1, "", "no benchmark results in"},
		{"GitHub, no file", "--github --min-speedup 3@4 " + dir + "/absent.txt", "", 1, "::error title=amdahl check failed::open ", "no such file"},
		{"bad line, and the rest holds", "--min-speedup 3@4 " + bad, "", 1, "holds", "bad.txt:29: workers=0 is not a number of workers"},
		{"bad line, as JSON", "--json --min-speedup 3@4 " + bad, "", 1, `"complete": false`, "bad.txt:29"},
		{"bad line, for GitHub", "--github --min-speedup 3@4 " + bad, "", 1, "::error title=amdahl check failed::Part of the input", "bad.txt:29"},
		{"bad line in the baseline", "--baseline " + bad, good, 1, "holds", "bad.txt:29"},

		{"no condition", "", good, 2, "", "amdahl: no condition: add one, as in amdahl check --min-speedup 3@4 results.txt"},
		{"bad condition", "--min-speedup 3at4", good, 2, "", "amdahl: --min-speedup 3at4: no number of workers: write speedup@workers, as in 3@4"},
		{"empty condition", "--max-sigma=", good, 2, "", "--max-sigma : no condition: write 0.05"},
		{"empty baseline", "--baseline=", good, 2, "", "--baseline: no file"},
		{"tolerance of nothing", "--min-speedup 3@4 --tolerance 1%", good, 2, "", "add --baseline old.txt"},
		{"standard input twice", "--baseline -", good, 2, "", "standard input is what is checked"},
		{"JSON for GitHub", "--json --github --min-speedup 3@4", good, 2, "::error title=amdahl check failed::both --json and --github", "choose one"},
		{"filter that keeps nothing", "--min-speedup 3@4 --filter Z", good, 2, "", "no series has all of --filter Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), append([]string{"check"}, strings.Fields(c.args)...), strings.NewReader(c.stdin), &stdout, &stderr)
			if status != c.status {
				t.Errorf("exit status %d, want %d", status, c.status)
			}
			for _, out := range []struct{ name, got, want string }{{"stdout", stdout.String(), c.stdout}, {"stderr", stderr.String(), c.stderr}} {
				if !strings.Contains(out.got, out.want) || out.want == "" && out.got != "" {
					t.Errorf("%s: got %q, want %q in it", out.name, out.got, out.want)
				}
			}
			if strings.Contains(c.args, "--json") && c.status != 2 && !json.Valid(stdout.Bytes()) {
				t.Errorf("no JSON: %q", &stdout)
			}
		})
	}
}

// A warning about a curve is said: what it rests on has changed.
func TestCheckWarns(t *testing.T) {
	var text strings.Builder
	text.WriteString("goos: linux\n")
	for _, l := range []struct {
		suffix string
		ns     []string
	}{
		{"", []string{"25.1", "100.1", "100.2", "99.9", "100"}}, {"-2", []string{"50", "50.1", "50.2", "49.9"}}, {"-4", []string{"25", "25.1", "25.2", "24.9"}},
	} {
		for _, ns := range l.ns {
			text.WriteString("BenchmarkA" + l.suffix + " 10 " + ns + " ns/op\n")
		}
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), strings.Fields("check --min-speedup 3.9@4"), strings.NewReader(text.String()), &stdout, &stderr); status != 0 || !strings.Contains(stderr.String(), "was dropped") {
		t.Errorf("exit status %d, stdout %q, stderr %q, want 0 and a word on the dropped sample", status, &stdout, &stderr)
	}
}
