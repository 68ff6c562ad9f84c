package procpool

import (
	"errors"
	"runtime"
	"slices"
	"testing"
)

func testMemory(t *testing.T, tr Transport) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is looked at on Linux")
	}
	p := begin(t, tr, Options{Workers: 1, MemoryLimit: 150 << 20})
	out, err := Map(t.Context(), Tune(p, Tuning{Chunk: 1}), grow, slices.Repeat([]int{6}, 50))
	if err != nil || len(out) != 50 {
		t.Errorf("a leak: %v", err)
	}
	if s := p.Stats(); s.OverMemory == 0 || s.Failed != 0 {
		t.Errorf("Stats: %d outgrown, %d failed; want some and 0", s.OverMemory, s.Failed)
	}
	if _, err := Call(t.Context(), p, gulp, 400); !errors.Is(err, ErrMemoryLimit) {
		t.Errorf("a gulp beyond twice the limit: %v, want ErrMemoryLimit", err)
	}
	works(t, p)
}

// testRealOOM: a limit of the system ends the worker, with the runtime's word
// for it.
func testRealOOM(t *testing.T, tr Transport) {
	testMemory(t, tr)
	p := begin(t, tr, Options{Workers: 1})
	_, err := Call(t.Context(), p, misbehave, "devour")
	wantDeath(t, err, map[bool]int{false: 2, true: 66}[raceEnabled], 0, map[bool]string{false: "out of memory", true: "ThreadSanitizer"}[raceEnabled])
	works(t, p)
}
