package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// truthText is benchmark text of 640 tasks at 1 to 32 workers in eight rounds,
// whose names plant σ = 0.1 and whose times have another, with noise.
func truthText(t *testing.T, sigma, noise float64) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for round := 1; round <= 8; round++ {
		fmt.Fprintf(&b, "round: %d\n", round)
		for n := 1.0; n <= 32; n *= 2 {
			ns := 2e9 * (sigma + (1-sigma)/n) * math.Exp(noise*rng.NormFloat64())
			fmt.Fprintf(&b, "BenchmarkStrong/workload=spin/strategy=fixed/serial=0.1/cores=slow32/workers=%g 1 %.0f ns/op 640 tasks/op\n", n, ns)
		}
	}
	file := filepath.Join(t.TempDir(), "truth.txt")
	if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestVerify(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none.txt")
	if err := os.WriteFile(none, []byte("BenchmarkA/workers=1 1 10 ns/op\nBenchmarkA/workers=2 1 5 ns/op\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	good := truthText(t, 0.1, 0.003)
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		want   string // in what is printed, or said
	}{
		{"it came back", []string{good}, 0, "1 truths: 1 hold, 0 too noisy to tell, 0 wrong"},
		{"another came back", []string{truthText(t, 0.2, 0.003)}, 1, "leaves 0.1 out"},
		{"noise", []string{truthText(t, 0.1, 0.5)}, 3, "cannot tell: on this machine 1 truth"},
		{"no truth", []string{none}, 1, "no series tells a truth in its name"},
		{"no such format", []string{"-o", "x.bmp", good}, 2, "name a file that ends in"},
	} {
		status, stdout, stderr := amdahl(t, append([]string{"verify"}, tt.args...)...)
		if status != tt.status || !strings.Contains(stdout+stderr, tt.want) {
			t.Errorf("%s: exit status %d, %s%s, want %d, %q", tt.name, status, stdout, stderr, tt.status, tt.want)
		}
	}

	figure := filepath.Join(t.TempDir(), "truth.svg")
	status, stdout, stderr := amdahl(t, "verify", "--json", "-o", figure, good)
	var d struct {
		Verdict    string
		Truths     []struct{ Verdict string }
		Agreements []struct{ N int }
	}
	if err := json.Unmarshal([]byte(stdout), &d); err != nil || status != 0 {
		t.Fatalf("exit status %d, %v, %s", status, err, stderr)
	}
	if d.Verdict != "holds" || len(d.Truths) != 1 || len(d.Agreements) != 5 {
		t.Errorf("got %+v, want one truth that holds and five levels", d)
	}
	if svg, err := os.ReadFile(figure); err != nil || !strings.Contains(string(svg), "<svg") {
		t.Errorf("the figure: %v, %d bytes", err, len(svg))
	}
}
