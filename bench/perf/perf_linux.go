package perf

import (
	"fmt"
	"math"
	"os"
	"sync"
	"time"
)

// The events, in this order.
const (
	instructions = iota
	cycles
	taskClock
	events
)

// Counters count what this process does, in every thread that it has and will
// have; its child processes are not counted. They hold three open files for
// each thread that there was at Open; a Go program has 5 to 20. The methods may
// be called concurrently. Whoever called [Open] calls Close.
//
// While they count, the kernel saves them at every switch between threads: count
// where that is wanted, not always.
type Counters struct {
	sys      system
	kinds    [events]kind
	userOnly bool

	mu      sync.Mutex
	files   []file // nil when closed
	closed  bool
	total   [events]uint64
	enabled uint64 // ns in which the hardware should have counted
	running uint64 // and in which it did
}

// A file is one event of one thread, and of the threads that it started.
type file struct {
	fd    int
	event int // instructions, cycles, taskClock
	last  count
}

// A count is what the kernel says of one file since it was opened.
type count struct {
	value            uint64
	enabled, running uint64 // ns
}

// Read returns what was used since Open. It takes a system call for each open
// file. The error is not nil after Close, or
// if the kernel takes a counter away.
func (c *Counters) Read() (Reading, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return Reading{}, fmt.Errorf("perf: reading the counters: %w", os.ErrClosed)
	}
	for i := range c.files {
		f := &c.files[i]
		now, err := c.sys.read(f.fd)
		if err != nil {
			return Reading{}, fmt.Errorf("perf: reading %s: %w", c.kinds[f.event].name, err)
		}
		c.add(f, now)
	}
	r := Reading{
		Instructions: c.total[instructions],
		Cycles:       c.total[cycles],
		TaskClock:    time.Duration(c.total[taskClock]),
		UserOnly:     c.userOnly,
		Running:      1,
	}
	if c.enabled > 0 {
		r.Running = float64(c.running) / float64(c.enabled)
	}
	return r, nil
}

// add takes what a file counted since it was read last, scaled up where the
// counter had to make way for others. While it did not run at all its time
// stays open, and is made up for when it has.
func (c *Counters) add(f *file, now count) {
	value, enabled, running := now.value-f.last.value, now.enabled-f.last.enabled, now.running-f.last.running
	if running == 0 {
		return
	}
	f.last = now
	if running < enabled {
		value = uint64(math.Round(float64(value) * (float64(enabled) / float64(running))))
	}
	c.total[f.event] += value
	if f.event != taskClock {
		c.enabled += enabled
		c.running += running
	}
}

// Close ends the counting. A second call does nothing.
func (c *Counters) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var first error
	for _, f := range c.files {
		if err := c.sys.close(f.fd); err != nil && first == nil {
			first = fmt.Errorf("perf: closing %s: %w", c.kinds[f.event].name, err)
		}
	}
	c.files, c.closed = nil, true
	return first
}
