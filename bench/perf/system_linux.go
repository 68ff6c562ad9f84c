package perf

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// linux is the kernel itself.
type linux struct{}

func (linux) threads() ([]int, error) {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil, err
	}
	threads := make([]int, len(entries))
	for i, e := range entries {
		if threads[i], err = strconv.Atoi(e.Name()); err != nil {
			return nil, fmt.Errorf("/proc/self/task has %q: %w", e.Name(), err)
		}
	}
	return threads, nil
}

// inheritThread hands an event on to new threads and not to new processes: bit 35
// of struct perf_event_attr, since Linux 5.13.
const inheritThread = unix.CBitFieldMaskBit35

func (linux) open(k kind, thread int, userOnly bool) (fd int, err error) {
	attr := unix.PerfEventAttr{
		Type:        k.typ,
		Config:      k.config,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Read_format: unix.PERF_FORMAT_TOTAL_TIME_ENABLED | unix.PERF_FORMAT_TOTAL_TIME_RUNNING,
		Bits:        unix.PerfBitInherit | inheritThread | unix.PerfBitExcludeHv,
	}
	if userOnly {
		attr.Bits |= unix.PerfBitExcludeKernel
	}
	for {
		fd, err = unix.PerfEventOpen(&attr, thread, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

func (linux) read(fd int) (count, error) {
	var b [24]byte
	for {
		switch n, err := unix.Read(fd, b[:]); {
		case err == unix.EINTR:
			continue
		case err != nil:
			return count{}, err
		case n != len(b):
			return count{}, io.ErrUnexpectedEOF
		}
		u := func(at int) uint64 { return binary.NativeEndian.Uint64(b[at:]) }
		return count{value: u(0), enabled: u(8), running: u(16)}, nil
	}
}

func (linux) close(fd int) error { return unix.Close(fd) }

func (linux) paranoid() (level int, ok bool) {
	b, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil {
		return 0, false
	}
	level, err = strconv.Atoi(strings.TrimSpace(string(b)))
	return level, err == nil
}
