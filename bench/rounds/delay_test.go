package rounds

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// proc is a /proc of these files.
func proc(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

// Threads and child processes count, also after they have ended, and a thread number
// that is used again counts twice.
func TestDelayWatch(t *testing.T) {
	w := newDelayWatch(nil, 7)
	for _, files := range []map[string]string{
		{"7/task/7/schedstat": "100 10 1\n", "7/task/7/children": "9 ", "9/task/9/schedstat": "50 5 1", "8/task/8/schedstat": "999 999 1"},
		{"7/task/7/schedstat": "200 20 1\n", "7/task/7/children": "", "7/task/11/schedstat": "40 4 1"},
		{"7/task/7/schedstat": "300 30 1\n", "7/task/11/schedstat": "3 1 1"},
	} {
		w.proc = proc(files)
		w.poll()
	}
	const cpu, delay = 300 + 50 + 40 + 3, 30 + 5 + 4 + 1
	for _, tt := range []struct {
		cpu, wall time.Duration
		ok        bool
	}{
		{cpu, 400, true},
		{cpu + 90, 400, true},   // missed less than a fifth
		{2 * cpu, 1000, false},  // missed half of it
		{2 * cpu, 100000, true}, // which is nothing of the time
	} {
		if got, ok := w.sum(tt.cpu, tt.wall); got != delay || ok != tt.ok {
			t.Errorf("%v of %v: got %v, %v, want %v, %v", tt.cpu, tt.wall, got, ok, delay, tt.ok)
		}
	}
	if _, ok := newDelayWatch(proc(nil), 7).sum(1, 100); ok {
		t.Error("nothing was read, and it is known")
	}
	for since, want := range map[time.Duration]time.Duration{0: firstPoll, 480 * time.Millisecond: 30 * time.Millisecond, time.Hour: lastPoll} {
		if got := nextPoll(since); got != want {
			t.Errorf("after %v: got %v, want %v", since, got, want)
		}
	}
}

// What a command was given reaches its line, less its own CPU time.
func TestGivenOfCommand(t *testing.T) {
	points, err := Command{Args: []string{"x", "{n}"}}.Points([]Axis{{"n", []string{"1"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		after Counters
		known bool
		want  string
	}{
		{"others", Counters{Busy: 1050, Stolen: 0}, true, "\t40 run-delay-ns/op\t900 others-ns/op\n"},
		{"host and quota", Counters{Busy: 150, Stolen: 7, Throttled: 9}, true, "\t40 run-delay-ns/op\t0 others-ns/op\t7 stolen-ns/op\t9 throttled-ns/op\n"},
		{"unknown", Counters{}, false, "cpu-ns/op\n"},
	} {
		var out bytes.Buffer
		reads := 0
		o := Options{Out: &out, Rounds: 1, now: tick(), execute: func(p process) outcome {
			if !p.watched {
				t.Errorf("%s: it is not watched", tt.name)
			}
			return outcome{wall: 300, cpu: 100, given: &given{delay: 40}, output: &ends{}}
		}}
		o.Counters = func() (Counters, bool) {
			if reads++; reads%2 == 1 {
				return Counters{Busy: 50}, tt.known
			}
			return tt.after, tt.known
		}
		if _, err := Run(t.Context(), Plan{Points: points, Text: "p"}, o); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.name, &out, tt.want)
		}
	}
}

// Of a real process the counters are there: not how much.
func TestWatched(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux counts run delay")
	}
	if _, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", os.Getpid())); err != nil {
		t.Skipf("this kernel does not count run delay: %v", err)
	}
	o := execute(t.Context(), process{args: Shell("exit 3"), watched: true})
	if o.given == nil || o.given.delay < 0 || o.err == nil || o.wall <= 0 {
		t.Errorf("got %+v, want its run delay and its exit status", o)
	}
}
