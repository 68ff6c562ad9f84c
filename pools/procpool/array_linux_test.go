package procpool

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestArrayFreedWhileStopped: a worker that is stopped while many arrays are closed,
// more than its connection holds messages, lets go of all of them when it goes on.
func TestArrayFreedWhileStopped(t *testing.T) {
	guardTest(t)
	const many = 700
	p := begin(t, Ring, Options{Workers: 1})
	pid := pidsOf(p)[0]
	held := func() (n int) {
		fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		for _, fd := range fds {
			if to, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name())); strings.Contains(to, "procpool-array") {
				n++
			}
		}
		return n
	}
	all := make([]*Array[int64], many)
	for i := range all {
		a, err := NewArray[int64](1)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		all[i] = a
	}
	for _, a := range all {
		if _, err := Call(t.Context(), p, keepArray, a); err != nil {
			t.Fatal(err)
		}
	}
	if n := held(); n != many {
		t.Fatalf("the worker has %d arrays, want %d", n, many)
	}
	halt(t, pid)
	for _, a := range all {
		a.Close()
	}
	kill(pid, syscall.SIGCONT)
	eventually(t, "all arrays freed", func() bool { return held() == 0 })
	works(t, p)
	p.Close()
}
