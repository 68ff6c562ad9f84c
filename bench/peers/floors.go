package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// floors is what no pool can be faster than.
func floors() []peer {
	return []peer{
		{"call", "floor-pipe", 1, 1, 0, openPipe},
		{"call", "floor-shm", 1, 1, 0, openShared},
		{"args", "floor-copy", 1, bigCount, bigCount << 20, openCopy},
		{"empty", "floor-atomic", 2, emptyTasks, 0, openAtomic},
	}
}

// openPipe sends eight bytes to a child and waits until they are back.
func openPipe(context.Context, peer) (func(int) (time.Duration, error), func(), error) {
	toR, toW := blockingPipe()
	fromR, fromW := blockingPipe()
	cmd := child("pipe")
	cmd.Stdin, cmd.Stdout = toR, fromW
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	toR.Close()
	fromW.Close()
	var b [8]byte
	op := func(i int) error {
		binary.LittleEndian.PutUint64(b[:], uint64(i))
		if _, err := toW.Write(b[:]); err != nil {
			return err
		}
		_, err := fromR.Read(b[:])
		return check(int(binary.LittleEndian.Uint64(b[:])), i, err)
	}
	stop := func() { toW.Close(); cmd.Wait(); fromR.Close() }
	return func(n int) (time.Duration, error) { return timed(n, op) }, stop, nil
}

func blockingPipe() (r, w *os.File) {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		panic(err)
	}
	return os.NewFile(uintptr(p[0]), "|0"), os.NewFile(uintptr(p[1]), "|1")
}

func echoPipe() {
	in, out := os.NewFile(0, "in"), os.NewFile(1, "out")
	var b [8]byte
	for {
		n, err := in.Read(b[:])
		if err != nil || n == 0 {
			return
		}
		out.Write(b[:n])
	}
}

// cell is two words in shared memory, each on a cache line of its own.
type cell struct {
	to   atomic.Uint64
	_    [7]uint64
	from atomic.Uint64
	_    [7]uint64
}

// await looks until the word is not what it was: a few times at once, then
// giving way between looks.
func await(word *atomic.Uint64, old uint64) uint64 {
	for n := 0; ; n++ {
		if v := word.Load(); v != old {
			return v
		}
		if n > 30 {
			unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
		}
	}
}

// openShared writes a word to shared memory and waits until it is back. The
// child takes a processor as long as it lives, so it lives for one sample.
func openShared(context.Context, peer) (func(int) (time.Duration, error), func(), error) {
	run := func(n int) (time.Duration, error) {
		fd, err := unix.MemfdCreate("peers", unix.MFD_CLOEXEC)
		if err != nil {
			return 0, err
		}
		f := os.NewFile(uintptr(fd), "memfd")
		defer f.Close()
		f.Truncate(4096)
		mem, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			return 0, err
		}
		defer unix.Munmap(mem)
		cmd := child("shm")
		cmd.ExtraFiles = []*os.File{f}
		if err := cmd.Start(); err != nil {
			return 0, err
		}
		c := (*cell)(unsafe.Pointer(&mem[0]))
		last := uint64(0)
		trip := func(i int) error {
			c.to.Store(uint64(i + 1))
			last = await(&c.from, last)
			return check(int(last), i+1, nil)
		}
		trip(0)
		d, err := timed(n, func(i int) error { return trip(i + 1) })
		c.to.Store(^uint64(0))
		cmd.Wait()
		return d, err
	}
	return run, func() {}, nil
}

func echoShared() {
	mem, err := unix.Mmap(3, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c := (*cell)(unsafe.Pointer(&mem[0]))
	for last := uint64(0); last != ^uint64(0); {
		last = await(&c.to, last)
		c.from.Store(last)
	}
}

// openCopy copies what args sends, once.
func openCopy(context.Context, peer) (func(int) (time.Duration, error), func(), error) {
	src, dst := make([]byte, 1<<20), make([]byte, 4<<20)
	op := func(int) error {
		for i := range bigCount {
			copy(dst[i%4<<20:], src)
		}
		return nil
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() {}, nil
}

// openAtomic takes each task from one counter, and adds it to a sum.
func openAtomic(_ context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
	op := func(int) error {
		var next, sum atomic.Int64
		var wg sync.WaitGroup
		for range p.workers {
			wg.Go(func() {
				own := int64(0)
				for i := next.Add(1) - 1; i < emptyTasks; i = next.Add(1) - 1 {
					own += i
				}
				sum.Add(own)
			})
		}
		wg.Wait()
		return check(int(sum.Load()), emptySum, nil)
	}
	return func(n int) (time.Duration, error) { return timed(n, op) }, func() {}, nil
}
