package testing

import (
	"os"
	"syscall"
	"unsafe"
)

// A whyCounters is what the hardware has counted so far in the threads of this process:
// instructions and cycles.
type whyCounters struct {
	value [2]float64
	known bool
}

// whyFiles are the open counters, one for every thread that there was: those that it has
// started since count into the same one.
var (
	whyFiles    [2][]int
	whyUserOnly bool // the kernel lets this process count its user code only
	whyTried    bool
)

// whyAttr begins struct perf_event_attr, as its first version is.
type whyAttr struct {
	typ, size    uint32
	config       uint64
	period, kind uint64
	readFormat   uint64
	bits         uint64
	wakeup, bp   uint32
	address      uint64
}

// prepare opens the counters, once: without them nothing is known. It is called while no
// timer runs.
func (*whyCounters) prepare() {
	if whyTried {
		return
	}
	whyTried = true
	if !whyAttach() {
		whyUserOnly = true
		if !whyAttach() {
			return
		}
	}
}

// whyAttach opens the counters of all threads. One that comes up meanwhile may lack them: then
// it begins again.
func whyAttach() bool {
	const tries = 100
	for range tries {
		before := whyThreads()
		for i, event := range whyEvents {
			for _, thread := range before {
				fd, errno := whyOpenCounter(event[0], event[1], thread)
				if errno == syscall.ESRCH {
					continue // it has ended
				}
				if errno != 0 {
					whyDetach()
					return false
				}
				whyFiles[i] = append(whyFiles[i], fd)
			}
		}
		known := map[int]bool{}
		for _, thread := range before {
			known[thread] = true
		}
		whole := len(whyFiles[0]) > 0
		for _, thread := range whyThreads() {
			whole = whole && known[thread]
		}
		if whole {
			return true
		}
		whyDetach()
	}
	return false
}

func whyDetach() {
	for i := range whyFiles {
		for _, fd := range whyFiles[i] {
			syscall.Close(fd)
		}
		whyFiles[i] = nil
	}
}

// whyThreads are the threads of this process.
func whyThreads() (all []int) {
	dir, err := os.Open("/proc/self/task")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		if v, _, ok := whyNumber([]byte(name)); ok {
			all = append(all, int(v))
		}
	}
	return all
}

// whyOpenCounter begins to count in a thread and in those that it will start, but not in child
// processes (Linux 5.13 and newer: bit 35).
func whyOpenCounter(typ, config uint64, thread int) (fd int, errno syscall.Errno) {
	const inherit, excludeKernel, excludeHypervisor, inheritThread = 1 << 1, 1 << 5, 1 << 6, 1 << 35
	attr := whyAttr{typ: uint32(typ), config: config, readFormat: 3 /* times enabled and running */, bits: inherit | excludeHypervisor | inheritThread}
	attr.size = uint32(unsafe.Sizeof(attr))
	if whyUserOnly {
		attr.bits |= excludeKernel
	}
	const closeOnExec = 8
	all := -1
	f, _, errno := syscall.Syscall6(syscall.SYS_PERF_EVENT_OPEN, uintptr(unsafe.Pointer(&attr)), uintptr(thread), uintptr(all), uintptr(all), closeOnExec, 0)
	return int(f), errno
}

// read reads the counters. What they missed because others had them is made up for.
func (c *whyCounters) read() {
	*c = whyCounters{known: len(whyFiles[0]) > 0}
	for i := range whyFiles {
		for _, fd := range whyFiles[i] {
			n, _, errno := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&whyCounted[0])), unsafe.Sizeof(whyCounted))
			if errno != 0 || n != unsafe.Sizeof(whyCounted) {
				c.known = false
				return
			}
			if value, enabled, running := whyCounted[0], whyCounted[1], whyCounted[2]; running > 0 {
				c.value[i] += float64(value) * (float64(enabled) / float64(running))
			}
		}
	}
}

var whyCounted [3]uint64
