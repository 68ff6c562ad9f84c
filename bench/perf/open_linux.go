package perf

import (
	"errors"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// A system is what of the kernel the counters need.
type system interface {
	threads() ([]int, error)                                    // of this process
	open(k kind, thread int, userOnly bool) (fd int, err error) // counts from now on
	read(fd int) (count, error)
	close(fd int) error
	paranoid() (level int, ok bool) // kernel.perf_event_paranoid
}

// A kind of event, as perf_event_open names it.
type kind struct {
	name   string
	typ    uint32
	config uint64
}

var hardware = [events]kind{
	instructions: {"instructions", unix.PERF_TYPE_HARDWARE, unix.PERF_COUNT_HW_INSTRUCTIONS},
	cycles:       {"cycles", unix.PERF_TYPE_HARDWARE, unix.PERF_COUNT_HW_CPU_CYCLES},
	taskClock:    {"task-clock", unix.PERF_TYPE_SOFTWARE, unix.PERF_COUNT_SW_TASK_CLOCK},
}

const (
	tries = 100                   // to find no thread coming up
	trial = 20 * time.Millisecond // for the counters to move: some turns of a few ms
)

// Open begins to count, in user code and in the kernel; in user code only where
// the kernel allows no more. The error is an [*Error] that says why there are no
// counters and what to do about it. Linux 5.13 or newer is needed: older kernels
// count the child processes as well.
func Open() (*Counters, error) { return open(linux{}) }

func open(s system) (*Counters, error) {
	c, err := attach(s, hardware, false)
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) {
		c, err = attach(s, hardware, true)
	}
	if err != nil {
		return nil, explain(s, err)
	}
	if err := c.prove(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// attach opens the events on every thread. A thread that comes up meanwhile was
// started either by one that has them already, and then it has inherited
// them, or by one that has not, and then it lacks them. It cannot be seen which,
// so attach begins again until none comes up.
func attach(s system, kinds [events]kind, userOnly bool) (*Counters, error) {
	for range tries {
		threads, err := s.threads()
		if err != nil {
			return nil, err
		}
		c := &Counters{sys: s, kinds: kinds, userOnly: userOnly}
		for _, t := range threads {
			if err := c.attachTo(t); err != nil {
				c.Close()
				return nil, err
			}
		}
		after, err := s.threads()
		if err == nil && !slices.ContainsFunc(after, func(t int) bool { return !slices.Contains(threads, t) }) {
			return c, nil
		}
		c.Close()
		if err != nil {
			return nil, err
		}
	}
	return nil, errRestless
}

var errRestless = errors.New("threads kept coming up")

// attachTo opens all events on one thread, or none if the thread is gone.
func (c *Counters) attachTo(thread int) error {
	have := len(c.files)
	for e, k := range c.kinds {
		fd, err := c.sys.open(k, thread, c.userOnly)
		if errors.Is(err, unix.ESRCH) {
			for _, f := range c.files[have:] {
				c.sys.close(f.fd)
			}
			c.files = c.files[:have]
			return nil
		}
		if err != nil {
			return err
		}
		c.files = append(c.files, file{fd: fd, event: e})
	}
	return nil
}

// prove computes until the counters move: some virtual machines offer counters
// that stand still.
func (c *Counters) prove() error {
	var r Reading
	x := uint64(1)
	for begin := time.Now(); time.Since(begin) < trial; {
		for range 10_000 {
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
		runtime.KeepAlive(x)
		var err error
		if r, err = c.Read(); err != nil {
			return &Error{Reason: "the counters open but cannot be read: " + err.Error(), Err: err}
		}
		if r.Instructions > 0 && r.Cycles > 0 {
			return nil
		}
	}
	if r.TaskClock > 0 && c.running == 0 {
		return &Error{Reason: "the counters are always taken by others (another perf, the NMI watchdog): end those, or sudo sysctl kernel.nmi_watchdog=0"}
	}
	return &Error{Reason: "the counters open but stand still: this virtual machine does not pass them on from its host"}
}
