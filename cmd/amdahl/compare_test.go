package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A table without names has one series, called like its file: two such files hold the
// same series. A file with a named series has another.
func TestCompareUnnamed(t *testing.T) {
	dir := t.TempDir()
	table := func(name, column string, slower float64) string {
		rng := rand.New(rand.NewPCG(1, 2))
		var b strings.Builder
		b.WriteString("threads,seconds\n")
		if column != "" {
			b.Reset()
			b.WriteString("threads,seconds,program\n")
		}
		for range 8 {
			for _, n := range []float64{1, 2, 4, 8} {
				fmt.Fprintf(&b, "%g,%.5f", n, slower*(0.1+0.9/n)*(1+0.005*rng.NormFloat64()))
				if column != "" {
					b.WriteString("," + column)
				}
				b.WriteString("\n")
			}
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	old, now, named := table("old.csv", "", 1), table("new.csv", "", 1.2), table("named.csv", "sort", 1)
	if status, stdout, stderr := amdahl(t, "compare", old, now); status != 0 || !strings.Contains(stdout, "worse") {
		t.Errorf("exit status %d, want 0 and a T(1) that is worse:\n%s%s", status, stdout, stderr)
	}
	if status, stdout, stderr := amdahl(t, "check", "--baseline", old, now); status != 1 {
		t.Errorf("exit status %d, want 1: a fifth slower:\n%s%s", status, stdout, stderr)
	}
	if status, _, stderr := amdahl(t, "compare", named, now); status != 1 || !strings.Contains(stderr, "no series stands in both") {
		t.Errorf("exit status %d, %q, want 1: sort is no series without a name", status, stderr)
	}
}
