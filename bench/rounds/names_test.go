package rounds

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The level and the key of a point are in the names of its results, whatever these
// end in.
func TestRenamed(t *testing.T) {
	d := runtime.GOMAXPROCS(0)
	suffix := ""
	if d > 1 {
		suffix = fmt.Sprintf("-%d", d)
	}
	for _, tt := range []struct {
		printed string
		procs   int
		key     string
		want    string
	}{
		{"BenchmarkSizes/buf-4", 1, "", "BenchmarkSizes/buf-4-1"},
		{"BenchmarkSizes/buf-4-2", 2, "", "BenchmarkSizes/buf-4-2"},
		{"BenchmarkIndex", 1, "revision=abc", "BenchmarkIndex/revision=abc-1"},
		{"BenchmarkIndex-16", 16, "revision=abc", "BenchmarkIndex/revision=abc-16"},
		{"BenchmarkPool/workers=4" + suffix, 0, "revision=abc", "BenchmarkPool/workers=4/revision=abc" + suffix},
		{"BenchmarkPool/workers=4" + suffix, 0, "", "BenchmarkPool/workers=4" + suffix},
	} {
		s := &sample{w: newWriter(io.Discard), procs: tt.procs, key: tt.key, other: io.Discard, values: map[string]string{}, result: func(string) {}}
		if err := s.take(tt.printed + " 1 5 ns/op\n"); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSuffix(s.w.all.String(), " 1 5 ns/op\n"); got != tt.want {
			t.Errorf("%s at %d: got %s, want %s", tt.printed, tt.procs, got, tt.want)
		}
	}
}

// What a setup left half done is cleaned up, also when it failed or hung.
func TestCleanupAfterSetup(t *testing.T) {
	for _, setup := range [][]string{{os.Args[0], "exit", "4"}, {os.Args[0], "hang"}} {
		file := filepath.Join(t.TempDir(), "cleaned")
		plan := Plan{Points: benches("A"), Text: "p", Setup: setup, Cleanup: []string{os.Args[0], "append", file, "x"}}
		_, err := Run(t.Context(), plan, Options{Out: io.Discard, Rounds: 1, Timeout: time.Second})
		if _, e := os.Stat(file); err == nil || !strings.Contains(err.Error(), "the setup failed") || e != nil {
			t.Errorf("%v: got %v, %v, want that the setup failed, and the cleanup", setup, err, e)
		}
	}
}
