package procpool

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

func init() { parents["denied"] = denied }

// denied runs a pool where the kernel denies memfd_create.
func denied() {
	runtime.LockOSThread()
	const allow, errno = 0x7fff0000, 0x00050000
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_MEMFD_CREATE, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: errno | uint32(syscall.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: allow},
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		fmt.Println("cannot:", err)
		return
	}
	const setModeFilter, flagTsync = 1, 1
	if _, _, e := unix.Syscall(unix.SYS_SECCOMP, setModeFilter, flagTsync, uintptr(unsafe.Pointer(&prog))); e != 0 {
		fmt.Println("cannot:", e)
		return
	}
	ctx := context.Background()
	_, err := Start(ctx, Options{Transport: Ring})
	fmt.Println("ring:", err)
	p, err := Start(ctx, Options{Workers: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := Map(ctx, Tune(p, Tuning{Chunk: 1}), square, upTo(2000))
	fmt.Println(p.Stats().Transport, len(out), err)
	_, err = Call(ctx, p, exit, 4)
	fmt.Println(err)
	fmt.Println(p.Close())
}
