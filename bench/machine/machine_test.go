package machine

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestWriteEnvironment(t *testing.T) {
	var b bytes.Buffer
	if err := WriteEnvironment(&b, 3); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"cpu-count: ", "go: go", "round: 3\n"} {
		if !strings.Contains(b.String(), key) {
			t.Errorf("got %q, want a line with %q", &b, key)
		}
	}
	if strings.Contains(b.String(), "scratch-fsync") {
		t.Errorf("got %q: only the first round measures the scratch directory", &b)
	}
	for line := range strings.Lines(b.String()) {
		key, value, ok := strings.Cut(line, ": ")
		if !ok || key != strings.ToLower(key) || strings.ContainsAny(key, " \t") || strings.TrimSpace(value) == "" {
			t.Errorf("%q is no configuration line", line)
		}
	}
}

// Looking leaves no file behind, and a directory that is not there is unknown.
func TestLook(t *testing.T) {
	dir := t.TempDir()
	f := Look(Options{Dir: dir})
	if f.Fsync <= 0 || f.Dir != dir || f.Go != runtime.Version() {
		t.Errorf("got fsync %v in %s, %s, want a time in %s, %s", f.Fsync, f.Dir, f.Go, dir, runtime.Version())
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v behind, error %v", left, err)
	}
	f = Look(Options{Dir: dir + "/absent"})
	if u, ok := unknown(f.Unknown, "fsync"); !ok || !strings.Contains(u.Found, "is not there") || f.Fsync != 0 {
		t.Errorf("got fsync %v, unknown %q, want that the directory is not there", f.Fsync, u.Found)
	}
}

func TestTake(t *testing.T) {
	before := Take()
	after := Take()
	if before.At.IsZero() || after.At.Before(before.At) {
		t.Errorf("taken at %v and %v, want one after the other", before.At, after.At)
	}
	if runtime.GOOS == "linux" && before.Load == nil {
		t.Errorf("no load: %v", before.Unknown)
	}
}

// The canary is what it says: four xorshift generators, whatever the
// compiler makes of the loop.
func TestCanary(t *testing.T) {
	const steps = 1000
	var want uint64
	for i := range uint(4) {
		x := uint64(i + 1)
		for range steps {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
		want ^= x<<(16*i) | x>>(64-16*i)
	}
	if got := canary(steps); got != want {
		t.Errorf("got %#x, want %#x", got, want)
	}
	r := Canary()
	if r.Wall <= 0 || r.CPU < 0 {
		t.Errorf("got %+v, want times", r)
	}
}

// Canaries side by side have a thread each, whatever GOMAXPROCS was.
func TestCanariesOnThreads(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, threads := range []int{-1, 1, 3} {
		if r := Canaries(threads); r.Wall <= 0 || r.CPU > 2*r.Wall {
			t.Errorf("%d threads: got %+v, want the times of one thread", threads, r)
		}
		if now := runtime.GOMAXPROCS(0); now != 1 {
			t.Errorf("%d threads: GOMAXPROCS is %d, was 1", threads, now)
		}
	}
}

func TestMeasure(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	got, err := Measure(t.Context(), 2)
	if err != nil || got.Alone.Wall <= 0 || got.Worth <= 0 || got.Late > got.LateMost || got.Ran < 0 || got.Ran > 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if now := runtime.GOMAXPROCS(0); now != before {
		t.Errorf("GOMAXPROCS is %d, was %d", now, before)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Measure(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestSideBySide(t *testing.T) {
	ms := func(wall, cpu int) Reading {
		return Reading{time.Duration(wall) * time.Millisecond, time.Duration(cpu) * time.Millisecond}
	}
	for _, tt := range []struct {
		name       string
		together   []Reading
		worth, ran float64
	}{
		{"two processors", []Reading{ms(20, 20), ms(20, 20)}, 2, 1},
		{"siblings", []Reading{ms(32, 32), ms(32, 32)}, 1.25, 1},
		{"one processor for two", []Reading{ms(40, 20), ms(40, 20)}, 1, 0.5},
		{"one of two is taken", []Reading{ms(20, 20), ms(80, 30)}, 1.25, 0.5},
		{"broken clock", []Reading{ms(0, 0)}, 0, 0},
	} {
		if worth, ran := sideBySide(ms(20, 20), tt.together), running(tt.together); worth != tt.worth || ran != tt.ran {
			t.Errorf("%s: got %v, running %v, want %v, %v", tt.name, worth, ran, tt.worth, tt.ran)
		}
	}
}

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		d    time.Duration
		want string
	}{{800 * time.Nanosecond, "0.8 µs"}, {76200 * time.Nanosecond, "76 µs"}, {1234 * time.Microsecond, "1.2 ms"}, {15 * time.Millisecond, "15 ms"}, {2500 * time.Millisecond, "2.5 s"}} {
		if got := duration(tt.d); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.d, got, tt.want)
		}
	}
}
