package testing

import (
	"syscall"
	"unsafe"
)

// The buffers of the readings. Timers take turns, so there is one of each; reading
// does not allocate, because what is allocated while a timer runs would count.
var (
	whyPath [128]byte
	whyDir  [16 << 10]byte
	whyText [64 << 10]byte
	whyMask [128]byte // processors that this thread may use, a bit each
)

// A whyMachine is what the system has counted so far, in ns.
type whyMachine struct {
	cpu, delay   float64 // of the threads of this process: running, and ready without a processor
	busy, stolen float64 // of the processors that it may use
	throttled    float64
	known        bool
}

// process reads the counters of the threads of this process.
func (m *whyMachine) process() {
	m.cpu, m.delay, m.known = 0, 0, false
	fd := whyOpen(append(append(whyPath[:0], whyProc...), "/self/task\x00"...), syscall.O_DIRECTORY)
	if fd < 0 {
		return
	}
	defer syscall.Close(fd)
	for {
		n, _, errno := syscall.Syscall(syscall.SYS_GETDENTS64, uintptr(fd), uintptr(unsafe.Pointer(&whyDir[0])), uintptr(len(whyDir)))
		if errno != 0 || n == 0 {
			break
		}
		// An entry is: inode and offset of 8 bytes each, its length in 2, its type in
		// 1, its name with a 0 at the end.
		for at := 0; at+19 < int(n); {
			length := int(whyDir[at+16]) | int(whyDir[at+17])<<8
			if length < 20 {
				return
			}
			name := whyDir[at+19 : at+length]
			for i, c := range name {
				if c == 0 {
					name = name[:i]
					break
				}
			}
			if at += length; len(name) > 0 && name[0] != '.' {
				m.thread(name)
			}
		}
	}
}

// thread adds the counters of one thread: "running ready slices".
func (m *whyMachine) thread(number []byte) {
	path := append(append(whyPath[:0], whyProc...), "/self/task/"...)
	path = append(append(path, number...), "/schedstat\x00"...)
	text := whyRead(path)
	cpu, text, ok := whyNumber(text)
	if !ok {
		return
	}
	delay, _, ok := whyNumber(text)
	if !ok {
		return
	}
	m.cpu += cpu
	m.delay += delay
	m.known = true
}

// processors reads what the processors did that this process may use: cpuN user nice
// system idle iowait irq softirq steal, in ticks of 10 ms.
func (m *whyMachine) processors() {
	const tick = 1e7
	m.busy, m.stolen = 0, 0
	text := whyRead(append(append(whyPath[:0], whyProc...), "/stat\x00"...))
	for len(text) > 3 && text[0] == 'c' && text[1] == 'p' && text[2] == 'u' {
		rest := text[3:]
		n, fields, one := whyNumber(rest)
		allowed := one && rest[0] != ' ' && int(n)/8 < len(whyMask) && whyMask[int(n)/8]&(1<<(int(n)%8)) != 0
		for i := 0; i < 8 && allowed; i++ {
			v, after, ok := whyNumber(fields)
			if !ok {
				break
			}
			fields = after
			switch i {
			case 3, 4: // idle
			case 7:
				m.stolen += v * tick
			default:
				m.busy += v * tick
			}
		}
		for len(text) > 0 && text[0] != '\n' {
			text = text[1:]
		}
		if len(text) > 0 {
			text = text[1:]
		}
	}
	if whyThrottle == nil {
		return
	}
	text = whyRead(whyThrottle)
	for i := range text {
		for _, key := range whyThrottleKeys {
			if i+len(key.name) < len(text) && string(text[i:i+len(key.name)]) == key.name {
				if v, _, ok := whyNumber(text[i+len(key.name):]); ok {
					m.throttled = v * key.ns
				}
			}
		}
	}
}

var whyThrottleKeys = [...]struct {
	name string
	ns   float64
}{{"throttled_usec ", 1e3}, {"throttled_time ", 1}}

// whyThrottle is the path of the cpu.stat of the nearest control group with a quota;
// nil without one.
var whyThrottle []byte

// prepare finds what does not change. It is called while no timer runs.
func (m *whyMachine) prepare() {
	syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, uintptr(len(whyMask)), uintptr(unsafe.Pointer(&whyMask[0])))
	whyThrottle = nil
	groups := string(whyRead(append(append(whyPath[:0], whyProc...), "/self/cgroup\x00"...)))
	for len(groups) > 0 {
		line := groups
		groups = ""
		for i := range line {
			if line[i] == '\n' {
				line, groups = line[:i], line[i+1:]
				break
			}
		}
		// 0::/path, or 4:cpu,cpuacct:/path
		first, second := -1, -1
		for i := range line {
			if line[i] == ':' && first < 0 {
				first = i
			} else if line[i] == ':' && second < 0 {
				second = i
			}
		}
		if second < 0 {
			continue
		}
		kind, path := line[first+1:second], line[second+1:]
		base := "/sys/fs/cgroup"
		switch kind {
		case "":
		case "cpu", "cpu,cpuacct", "cpuacct,cpu":
			base += "/cpu"
		default:
			continue
		}
		for whyThrottle == nil {
			dir := base + path
			if path == "/" {
				dir = base
			}
			limit := string(whyRead(append([]byte(dir), "/cpu.max\x00"...)))
			if kind != "" {
				limit = string(whyRead(append([]byte(dir), "/cpu.cfs_quota_us\x00"...)))
			}
			if limit != "" && limit[0] != 'm' && limit[0] != '-' {
				whyThrottle = append([]byte(dir), "/cpu.stat\x00"...)
			}
			if path == "/" || path == "" {
				break
			}
			end := len(path) - 1
			for end > 0 && path[end] != '/' {
				end--
			}
			path = path[:max(end, 1)]
		}
	}
}

// whyOpen opens a path that ends in a 0 byte; the descriptor is below 0 if it fails.
func whyOpen(path []byte, flags int) int {
	const here = -100 // AT_FDCWD
	dir := here
	fd, _, errno := syscall.Syscall6(syscall.SYS_OPENAT, uintptr(dir), uintptr(unsafe.Pointer(&path[0])), uintptr(syscall.O_RDONLY|syscall.O_CLOEXEC|flags), 0, 0, 0)
	if errno != 0 {
		return -1
	}
	return int(fd)
}

// whyRead returns what is in a file, at most what the buffer holds, until the next
// call.
func whyRead(path []byte) []byte {
	fd := whyOpen(path, 0)
	if fd < 0 {
		return nil
	}
	defer syscall.Close(fd)
	n := 0
	for n < len(whyText) {
		k, err := syscall.Read(fd, whyText[n:])
		if err != nil || k <= 0 {
			break
		}
		n += k
	}
	return whyText[:n]
}

// whyNumber reads a whole number after spaces.
func whyNumber(text []byte) (v float64, rest []byte, ok bool) {
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for len(text) > 0 && '0' <= text[0] && text[0] <= '9' {
		v, text, ok = 10*v+float64(text[0]-'0'), text[1:], true
	}
	return v, text, ok
}
