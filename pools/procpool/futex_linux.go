package procpool

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// pause passes a moment awake: the nth in a row.
func pause(n int) {
	switch {
	case n < lookSpins:
	case (n-lookSpins)%16 == 15:
		runtime.Gosched() // other goroutines of this process; not at once, it may move this one to another processor
	default:
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
}

const futexWait, futexWake = 0, 1

// sleep waits until the word is not 1, or for no reason.
func sleep(word *atomic.Uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, 1, 0, 0, 0)
}

func wake(word *atomic.Uint32) {
	unix.RawSyscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWake, 1, 0, 0, 0)
}
