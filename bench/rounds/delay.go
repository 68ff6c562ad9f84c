package rounds

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"
)

// A delayWatch adds up what the threads of a process and of its descendants got of
// the processors, as Linux counts it: polled, because a thread takes its counters
// with it. What a thread gets between the last poll and its end is missed.
type delayWatch struct {
	proc fs.FS // /proc
	pid  int
	last map[string]counters // of every thread, by process and thread
	gone counters            // of threads whose numbers were used again
	any  bool
}

// counters are the first two fields of a schedstat, in ns: the time that a thread
// ran, and the time that it was ready and did not.
type counters struct{ cpu, delay int64 }

// The time between two polls: a sixteenth of the time so far, within these. Polling
// every 15 ms lengthens two busy threads on two processors by 2.5 %.
const (
	firstPoll = 15 * time.Millisecond
	lastPoll  = 100 * time.Millisecond
)

// nextPoll is how long to wait before the next poll, this long after the begin.
func nextPoll(since time.Duration) time.Duration {
	return min(max(since/16, firstPoll), lastPoll)
}

func newDelayWatch(proc fs.FS, pid int) *delayWatch {
	return &delayWatch{proc: proc, pid: pid, last: map[string]counters{}}
}

// poll reads the counters of every thread that there is now.
func (w *delayWatch) poll() {
	const most = 1000 // processes
	waiting, seen := []int{w.pid}, map[int]bool{w.pid: true}
	for len(waiting) > 0 && len(seen) < most {
		pid := waiting[0]
		waiting = waiting[1:]
		dir := path.Join(strconv.Itoa(pid), "task")
		threads, err := fs.ReadDir(w.proc, dir)
		if err != nil {
			continue
		}
		for _, t := range threads {
			w.thread(path.Join(dir, t.Name()))
			list, err := fs.ReadFile(w.proc, path.Join(dir, t.Name(), "children"))
			if err != nil {
				continue
			}
			for _, f := range strings.Fields(string(list)) {
				if n, err := strconv.Atoi(f); err == nil && !seen[n] {
					seen[n] = true
					waiting = append(waiting, n)
				}
			}
		}
	}
}

func (w *delayWatch) thread(dir string) {
	text, err := fs.ReadFile(w.proc, path.Join(dir, "schedstat"))
	if err != nil {
		return
	}
	var c counters
	if _, err := fmt.Sscan(string(text), &c.cpu, &c.delay); err != nil {
		return
	}
	if old := w.last[dir]; c.cpu < old.cpu {
		w.gone.cpu += old.cpu
		w.gone.delay += old.delay
	}
	w.last[dir], w.any = c, true
}

// sum is the time without a processor, of a process that used this much CPU time and
// took this long. ok is false where the polls have missed more than a fifth of the CPU
// time, and more than 2 % of the time that it took.
func (w *delayWatch) sum(cpu, wall time.Duration) (delay time.Duration, ok bool) {
	s := w.gone
	for _, c := range w.last {
		s.cpu += c.cpu
		s.delay += c.delay
	}
	missed := float64(cpu) - float64(s.cpu)
	return time.Duration(s.delay), w.any && (missed <= 0.2*float64(cpu) || missed <= 0.02*float64(wall))
}

// A Counters is what the machine has counted since its start, of the processors that
// this program may use.
type Counters struct {
	Busy      time.Duration // they ran something
	Stolen    time.Duration // a hypervisor had them
	Throttled time.Duration // a control group stopped this program
}

// A given is what a process was given of the processors, beside its CPU time.
type given struct {
	delay, others, stolen, throttled time.Duration
}
