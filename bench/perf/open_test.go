//go:build linux

package perf

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// Every thread has every event once, whatever threads come and go meanwhile.
func TestAttach(t *testing.T) {
	gone := func(thread, events int) func(kind, int, bool) error {
		return func(k kind, t int, _ bool) error {
			if t != thread {
				return nil
			}
			if events--; events < 0 {
				return unix.ESRCH
			}
			return nil
		}
	}
	tests := []struct {
		name string
		s    fake
		want map[int]int
	}{
		{"quiet", fake{lists: [][]int{{1, 2, 3}}}, map[int]int{1: 3, 2: 3, 3: 3}},
		{"one comes up", fake{lists: [][]int{{1}, {1, 2}}}, map[int]int{1: 3, 2: 3}},
		{"two come up, one after another", fake{lists: [][]int{{1}, {1, 2}, {1, 2}, {1, 2, 3}, {1, 2, 3}}}, map[int]int{1: 3, 2: 3, 3: 3}},
		{"one ends before its events are open", fake{lists: [][]int{{1, 2}, {1}}, refuse: gone(2, 0)}, map[int]int{1: 3}},
		{"one ends between its events", fake{lists: [][]int{{1, 2}, {1}}, refuse: gone(2, 2)}, map[int]int{1: 3}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := attach(&tt.s, hardware, false)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, tt.s.left()); d != "" {
				t.Errorf("open files by thread (-want +got):\n%s", d)
			}
			if err := errors.Join(c.Close(), c.Close()); err != nil || len(tt.s.left()) > 0 {
				t.Errorf("Close twice: got %v with %v open, want all closed", err, tt.s.left())
			}
		})
	}

	var lists [][]int
	for i := range 2 * tries {
		lists = append(lists, []int{1, 2 + i})
	}
	s := &fake{lists: lists}
	if _, err := attach(s, hardware, false); !errors.Is(err, errRestless) || len(s.left()) > 0 {
		t.Errorf("threads without end: got %v with %v open, want %v", err, s.left(), errRestless)
	}
}

// Kernel code is counted where that is allowed.
func TestUserOnly(t *testing.T) {
	for _, errno := range []error{nil, unix.EACCES, unix.EPERM} {
		s := &fake{lists: [][]int{{7}}, refuse: func(_ kind, _ int, userOnly bool) error {
			if !userOnly {
				return errno
			}
			return nil
		}}
		c, err := open(s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := c.Read()
		word := map[bool]string{false: "user+kernel", true: "user"}[errno != nil]
		if err != nil || r.UserOnly != (errno != nil) || r.Kernel() != word {
			t.Errorf("%v: got %+v, %v, want %s", errno, r, err, word)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Every refusal is said in one line that names what to do, and leaves nothing open.
func TestRefused(t *testing.T) {
	tests := []struct {
		errno error
		level int
		want  []string
	}{
		{unix.EACCES, 4, []string{"perf_event_paranoid is 4", "sudo sysctl kernel.perf_event_paranoid=1"}},
		{unix.EPERM, 3, []string{"perf_event_paranoid is 3", "sudo sysctl"}},
		{unix.EPERM, 2, []string{"though kernel.perf_event_paranoid is 2", "--cap-add PERFMON"}},
		{unix.EPERM, -1, []string{"forbidden (EPERM): a container", "seccomp=unconfined"}},
		{unix.ENOSYS, 2, []string{"no perf_event_open", "sandbox"}},
		{unix.ENOENT, 2, []string{"no hardware counters (ENOENT)", "virtual machine"}},
		{unix.EOPNOTSUPP, 2, []string{"no hardware counters", "virtual machine"}},
		{unix.EINVAL, 2, []string{"Linux 5.13"}},
		{unix.EMFILE, 2, []string{"ulimit -n"}},
		{unix.EBUSY, 2, []string{"another program"}},
		{unix.ENOMEM, 2, []string{"cannot be opened", "cannot allocate memory"}},
	}
	for _, tt := range tests {
		s := &fake{lists: [][]int{{1, 2}}, level: tt.level, refuse: func(k kind, thread int, _ bool) error {
			if thread == 2 && k.name == "cycles" {
				return tt.errno
			}
			return nil
		}}
		_, err := open(s)
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrUnsupported) || !errors.Is(err, tt.errno) {
			t.Errorf("%v: got %v, want an *Error that wraps it and ErrUnsupported", tt.errno, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(e.Reason, want) {
				t.Errorf("%v, level %d: got %q, want %q in it", tt.errno, tt.level, e.Reason, want)
			}
		}
		if strings.ContainsAny(e.Reason, "\n") || len(s.left()) > 0 {
			t.Errorf("%v: got %q and open files %v, want one line and none", tt.errno, e.Reason, s.left())
		}
	}
}

// Counters that open and do not count are none.
func TestStandStill(t *testing.T) {
	tests := []struct {
		name   string
		counts func(f fakeFile, read int) count
		want   string
	}{
		{"zeros", func(f fakeFile, n int) count {
			if f.event == taskClock {
				return count{uint64(n), uint64(n), uint64(n)}
			}
			return count{0, uint64(n), uint64(n)}
		}, "stand still"},
		{"never on", func(f fakeFile, n int) count {
			if f.event == taskClock {
				return count{uint64(n), uint64(n), uint64(n)}
			}
			return count{0, uint64(n), 0}
		}, "taken by others"},
	}
	for _, tt := range tests {
		s := &fake{lists: [][]int{{1}}, counts: tt.counts}
		_, err := open(s)
		if !errors.Is(err, ErrUnsupported) || !strings.Contains(fmt.Sprint(err), tt.want) || len(s.left()) > 0 {
			t.Errorf("%s: got %v with %v open, want %q", tt.name, err, s.left(), tt.want)
		}
	}
}

// Readings add up over the threads, and are scaled up for the time in which
// others had the counters.
func TestRead(t *testing.T) {
	// Of each file: value, enabled, running at each reading.
	play := map[fakeFile][]count{
		{instructions, 1, false}: {{0, 0, 0}, {1000, 100, 100}, {1500, 200, 150}, {1500, 300, 150}, {2500, 400, 250}},
		{instructions, 2, false}: {{0, 0, 0}, {10, 10, 10}, {10, 10, 10}, {10, 10, 10}, {10, 10, 10}},
		{cycles, 1, false}:       {{0, 0, 0}, {400, 100, 100}, {800, 200, 200}, {1200, 300, 300}, {1600, 400, 400}},
		{cycles, 2, false}:       {{0, 0, 0}, {5, 10, 10}, {5, 10, 10}, {5, 10, 10}, {5, 10, 10}},
		{taskClock, 1, false}:    {{0, 0, 0}, {100, 100, 100}, {200, 200, 200}, {300, 300, 300}, {400, 400, 400}},
		{taskClock, 2, false}:    {{0, 0, 0}, {10, 10, 10}, {10, 10, 10}, {10, 10, 10}, {10, 10, 10}},
	}
	s := &fake{lists: [][]int{{1, 2}}, counts: func(f fakeFile, n int) count { return play[f][n-1] }}
	c, err := attach(s, hardware, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []Reading{
		{Running: 1},
		{1010, 405, 110, false, 1},
		{2010, 805, 210, false, 370.0 / 420},  // 500 in half of the time
		{2010, 1205, 310, false, 470.0 / 520}, // nothing known of the last 100 ns
		{4010, 1605, 410, false, 670.0 / 820}, // 1000 in 100 of 200 ns
	}
	for i, w := range want {
		got, err := c.Read()
		if d := cmp.Diff(w, got); d != "" || err != nil {
			t.Errorf("reading %d: %v (-want +got):\n%s", i+1, err, d)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Read(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Read after Close: got %v, want %v", err, os.ErrClosed)
	}
}

// A counter that breaks is an error, not a count that is too small.
func TestReadFails(t *testing.T) {
	s := &fake{lists: [][]int{{1}}}
	c, err := attach(s, hardware, false)
	if err != nil {
		t.Fatal(err)
	}
	s.close(1)
	if _, err := c.Read(); !errors.Is(err, unix.EBADF) || !strings.Contains(err.Error(), "reading cycles") {
		t.Errorf("got %v, want that reading cycles fails", err)
	}
	if err := c.Close(); !errors.Is(err, unix.EBADF) || len(s.left()) > 0 {
		t.Errorf("Close: got %v with %v open, want %v and the others closed", err, s.left(), unix.EBADF)
	}
}
