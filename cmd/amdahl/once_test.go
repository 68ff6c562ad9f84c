package main

import (
	"path/filepath"
	"sync"
	"testing"

	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/why"
)

// A report of the stored full run summarises the levels of each series once, and
// accounts for its worker time once, however many tables and figures show them.
func TestComputedOnce(t *testing.T) {
	files, err := filepath.Glob("../../results/runs/*/sweep/results.txt")
	if err != nil || len(files) != 1 {
		t.Fatalf("stored full runs: %v, %v: want one", files, err)
	}
	var mu sync.Mutex
	levels, accounts := map[string]int{}, map[string]int{}
	count := func(to map[string]int) func(*results.Curve) {
		return func(c *results.Curve) {
			mu.Lock()
			defer mu.Unlock()
			to[c.Name.String()]++
		}
	}
	stats.TestHook, why.TestHook = count(levels), count(accounts)
	t.Cleanup(func() { stats.TestHook, why.TestHook = nil, nil })
	if status, _, stderr := amdahl(t, "report", "-o", t.TempDir(), "--filter", reported, files[0]); status != 0 {
		t.Fatalf("exit status %d: %s", status, stderr)
	}
	if len(levels) < leastReported || len(accounts) != len(levels) {
		t.Errorf("%d series have levels and %d an account: want the same number, %d or more", len(levels), len(accounts), leastReported)
	}
	for _, m := range []map[string]int{levels, accounts} {
		for series, n := range m {
			if n != 1 {
				t.Errorf("%s: computed %d times, want once", series, n)
			}
		}
	}
}
