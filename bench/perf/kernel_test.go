//go:build linux

package perf

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// software stands in for the hardware events on the kernel itself: page faults
// for instructions, task-clock for cycles.
var software = [events]kind{
	{"page-faults", unix.PERF_TYPE_SOFTWARE, unix.PERF_COUNT_SW_PAGE_FAULTS},
	{"task-clock", unix.PERF_TYPE_SOFTWARE, unix.PERF_COUNT_SW_TASK_CLOCK},
	hardware[taskClock],
}

// onKernel attaches the software events to this process, in user code where
// more is forbidden.
func onKernel(t *testing.T) *Counters {
	t.Helper()
	c, err := attach(linux{}, software, false)
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
		c, err = attach(linux{}, software, true)
	}
	if err != nil {
		t.Skipf("no software events here: %v", explain(linux{}, err))
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func read(t *testing.T, c *Counters) Reading {
	t.Helper()
	r, err := c.Read()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// fault touches so many pages that nobody has touched.
func fault(t *testing.T, pages int) {
	size := os.Getpagesize()
	m, err := unix.Mmap(-1, 0, pages*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Error(err)
		return
	}
	defer unix.Munmap(m)
	unix.Madvise(m, unix.MADV_NOHUGEPAGE) // refused where there are no huge pages
	for i := 0; i < len(m); i += size {
		m[i] = 1
	}
}

// What every thread does is counted once: a thread that is there, one that comes
// up after Open, and one that has ended.
func TestThreads(t *testing.T) {
	const threads, pages = 6, 1000
	begin := make(chan struct{})
	var before, done sync.WaitGroup
	run := func(ready func()) {
		runtime.LockOSThread() // and with the goroutine ends the thread
		ready()
		<-begin
		fault(t, pages)
	}
	for range threads / 2 {
		before.Add(1)
		done.Go(func() { run(before.Done) })
	}
	before.Wait()
	c := onKernel(t)
	first := read(t, c)
	for range threads / 2 {
		before.Add(1)
		done.Go(func() { run(before.Done) })
	}
	before.Wait()
	close(begin)
	done.Wait()
	got := read(t, c)
	faults := got.Instructions - first.Instructions
	if want := uint64(threads * pages); faults < want || faults > want+want/4 {
		t.Errorf("got %d page faults, want %d and a few of the runtime", faults, want)
	}
	if got.TaskClock <= first.TaskClock || got.Running != 1 {
		t.Errorf("got %+v after %+v, want CPU time, and counters that always ran", got, first)
	}
}

// A child process is not counted.
func TestChild(t *testing.T) {
	c := onKernel(t)
	first := read(t, c)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^TestFaults$")
	cmd.Env = append(os.Environ(), "PERF_TEST_FAULTS=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	faults := read(t, c).Instructions - first.Instructions
	if used := uint64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Minflt); faults > used/4 {
		t.Errorf("got %d page faults while a child had %d, want a few of this process alone", faults, used)
	}
}

// TestFaults is the child of TestChild.
func TestFaults(t *testing.T) {
	if os.Getenv("PERF_TEST_FAULTS") == "" {
		t.Skip("runs in a child of TestChild")
	}
	fault(t, 20_000)
}

// Nothing stays open.
func TestFiles(t *testing.T) {
	files := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := files()
	for range 20 {
		c, err := Open()
		if err != nil {
			if !errors.Is(err, ErrUnsupported) {
				t.Errorf("got %v, want an error that wraps ErrUnsupported", err)
			}
			continue
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := files(); got > before {
		t.Errorf("got %d open files, want %d as before", got, before)
	}
}

// Ten times the work is about ten times the instructions. It needs the hardware.
func TestInstructions(t *testing.T) {
	c, err := Open()
	if errors.Is(err, ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	spin := func(n int) Reading {
		before := read(t, c)
		x := uint64(1)
		for range n {
			x = x*6364136223846793005 + 1442695040888963407
		}
		runtime.KeepAlive(x)
		after := read(t, c)
		return Reading{Instructions: after.Instructions - before.Instructions, Cycles: after.Cycles - before.Cycles}
	}
	spin(1_000_000)
	small, large := spin(20_000_000), spin(200_000_000)
	if ratio := float64(large.Instructions) / float64(small.Instructions); ratio < 8 || ratio > 12 {
		t.Errorf("10 times the work: got %.2f times the instructions (%d and %d), want about 10", ratio, small.Instructions, large.Instructions)
	}
	if small.Cycles == 0 || large.Cycles <= small.Cycles {
		t.Errorf("got %d and %d cycles, want more for more work", small.Cycles, large.Cycles)
	}
}
