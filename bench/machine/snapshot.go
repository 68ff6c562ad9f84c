package machine

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/load"
)

// A Snapshot is what changes while a machine runs. A nil field was not found
// out; Unknown has the reason.
type Snapshot struct {
	At        time.Time
	Load      *float64   // tasks that ran or wanted to, on average over about a minute; the own ones among them
	Pressure  *Pressure  // processors
	Times     *Times     // of the allowed processors
	Throttled *Throttled // nil also where no control group limits
	Thermal   *uint64    // how often a processor was slowed for its heat
	Unknown   []Unknown
}

// Pressure is pressure stall information: the time in which some task waited
// for a processor.
type Pressure struct {
	Avg10 float64       // per cent of the last ten seconds
	Total time.Duration // since the system started
}

// Times are processor times since the system started, in ticks (10 ms as a
// rule).
type Times struct {
	Wanted uint64 // work ran, or would have if the host had let it
	Stolen uint64 // of these: the host let others run
}

// Share is the share of the wanted time that was stolen, in per cent from 0
// to 100. The second result is false below 20 ticks, where one tick would be
// too much of it. Most tools divide by all time, idle time too, which hides
// what happens to one busy processor of many.
func (t Times) Share() (float64, bool) {
	if t.Wanted < 20 || t.Stolen > t.Wanted {
		return 0, false
	}
	return 100 * float64(t.Stolen) / float64(t.Wanted), true
}

// Take reads the state of the machine now. It takes well under a millisecond
// of processor time on Linux.
func Take() Snapshot {
	s := snapshot(system())
	s.At = time.Now()
	// On Windows there is no such number, and making one up takes a thread.
	if s.Load == nil && runtime.GOOS != "windows" {
		if l, err := load.Avg(); err == nil {
			s.Load = &l.Load1
			s.Unknown = slices.DeleteFunc(s.Unknown, func(u Unknown) bool { return u.Name == "load" })
		}
	}
	return s
}

// Counted is what the allowed processors have done since the system started. ok is
// false where the system does not tell.
func Counted() (busy, stolen, throttled time.Duration, ok bool) { return counted(system()) }

func counted(root fs.FS) (busy, stolen, throttled time.Duration, ok bool) {
	const tick = 10 * time.Millisecond
	t, err := times(root)
	if err != nil {
		return 0, 0, 0, false
	}
	if q, err := readThrottled(root); err == nil && q != nil {
		throttled = q.Time
	}
	return time.Duration(t.Wanted-t.Stolen) * tick, time.Duration(t.Stolen) * tick, throttled, true
}

// DelayCost is how long it takes to read the run delay of the threads of this process
// once, the median of nine readings, and how many threads that were; threads is 0 where
// the system does not count run delay.
func DelayCost() (cost time.Duration, threads int) { return delayCost(system(), time.Now) }

func delayCost(root fs.FS, now func() time.Time) (cost time.Duration, threads int) {
	var all []time.Duration
	for range 9 {
		begin := now()
		threads = 0
		list, _ := fs.ReadDir(root, "proc/self/task")
		for _, t := range list {
			if _, err := fs.ReadFile(root, "proc/self/task/"+t.Name()+"/schedstat"); err == nil {
				threads++
			}
		}
		all = append(all, now().Sub(begin))
	}
	return quantile(all, 0.5), threads
}

func snapshot(root fs.FS) Snapshot {
	var s Snapshot
	s.Load = find(&s.Unknown, "load", loadAverage, root)
	s.Pressure = find(&s.Unknown, "pressure", pressure, root)
	s.Times = find(&s.Unknown, "steal", times, root)
	s.Throttled = find(&s.Unknown, "throttled", readThrottled, root)
	s.Thermal = find(&s.Unknown, "thermal", thermal, root)
	return s
}

func loadAverage(root fs.FS) (*float64, error) {
	s, err := text(root, "proc/loadavg")
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(s, " ")
	l, err := strconv.ParseFloat(first, 64)
	if err != nil || !(l >= 0) {
		return nil, fmt.Errorf("/proc/loadavg begins with %q, which is no load", first)
	}
	return &l, nil
}

func pressure(root fs.FS) (*Pressure, error) {
	s, err := text(root, "proc/pressure/cpu")
	if err != nil {
		return nil, err
	}
	var avg10, avg60, avg300 float64
	var us int64
	if _, err := fmt.Sscanf(s, "some avg10=%g avg60=%g avg300=%g total=%d", &avg10, &avg60, &avg300, &us); err != nil {
		return nil, fmt.Errorf("/proc/pressure/cpu has no line that can be read")
	}
	return &Pressure{Avg10: avg10, Total: time.Duration(us) * time.Microsecond}, nil
}

// times adds up the allowed processors, or all where it is unknown which are
// allowed.
func times(root fs.FS) (*Times, error) {
	s, err := text(root, "proc/stat")
	if err != nil {
		return nil, err
	}
	allowed, _ := allowedList(root)
	var sum Times
	found := 0
	for l := range strings.Lines(s) {
		f := strings.Fields(l)
		if len(f) < 9 || !strings.HasPrefix(f[0], "cpu") || f[0] == "cpu" {
			continue // before Linux 2.6.11 there was no steal
		}
		n, err := strconv.Atoi(f[0][3:])
		if err != nil || allowed != nil && !slices.Contains(allowed, n) {
			continue
		}
		found++
		// user nice system idle iowait irq softirq steal; guest time is in user.
		for i, word := range f[1:9] {
			t, err := strconv.ParseUint(word, 10, 63)
			if err != nil {
				return nil, fmt.Errorf("/proc/stat has %q, which is no time", word)
			}
			if i != 3 && i != 4 {
				sum.Wanted += t
			}
			if i == 7 {
				sum.Stolen += t
			}
		}
	}
	if found == 0 {
		return nil, fmt.Errorf("/proc/stat has no line of an allowed processor")
	}
	return &sum, nil
}

func number(root fs.FS, file string) (uint64, error) {
	s, err := text(root, file)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(s, 10, 63)
}
