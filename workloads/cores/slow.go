package cores

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// Slow stands for slow2, slow3, …: see [SlowBy].
var Slow = Model{
	Name: "slowK",
	Doc:  "processors of 1/K of real speed, of which a small machine has many; K is a number",
	Open: func(int) (Cores, error) {
		return nil, fmt.Errorf("cores: slowK stands for slow2, slow3, …: write how many times slower")
	},
}

// mostSlowdown is far above any use: at 1000 a task of 100 µs takes 0.1 s.
const mostSlowdown = 10_000

// Slowdown is the smallest K with which n slow cores keep at most half of so
// many real processors busy: n/K ≤ processors/2. With more, they wait for
// one another on the real ones, and the curve bends for a reason of its own
// (K = 10 at 16 cores on 2 processors gave a speedup of 6.6 where 9.1 is
// right).
func Slowdown(n, processors int) int {
	return max(2, (2*n+processors-1)/processors)
}

// SlowBy is a machine of slow processors, each with 1/k of the speed of a
// real one: n of them measure on 2 real processors what n processors would.
//
// A section of compute is locked to its thread. The thread's CPU time c is
// read before and after, and the section then sleeps off its debt, (k−1)·c,
// before it ends, so inside any lock that its caller holds. Time in which the
// section was blocked pays nothing. Time in which it was ready to run and the
// machine busy with others does, where the system tells one from the other
// (Linux counts how often a thread gave up its processor): the core that is
// imitated would have gone on. How much later than asked the sleep ended
// counts for the same core's next debt, so lateness of timers does not add up.
//
// They show a serial part, imbalance, locks, queues and overlap of waiting.
// They do not show caches, memory bandwidth, SMT siblings or turbo, and what
// is not compute (handing out tasks, system calls) runs at full speed.
//
// On Linux the thread of a section sleeps in a system call that the runtime
// does not see: handing its place to another thread at every sleep took more
// processor time than a task. So each core at work occupies one of the
// GOMAXPROCS, which must be at least n beyond the real processors, and a
// garbage collection may have to wait for 4 ms. With more cores than
// [Slowdown] allows Open returns an error, and so it does on other systems
// than Linux and macOS.
func SlowBy(k int) Model {
	name := fmt.Sprintf("slow%d", k)
	m := Model{
		Name:     name,
		Doc:      fmt.Sprintf("processors of 1/%d of real speed", k),
		Slowdown: k,
	}
	open := m
	m.Open = func(n int) (Cores, error) {
		if err := open.carried(n); err != nil {
			return nil, err
		}
		return bound(n, &slow{k: k}), nil
	}
	return m
}

// carried returns an error unless n cores of the model keep at most half of the
// real processors busy, and a thread's CPU time can be read.
func (m Model) carried(n int) error {
	if _, err := ThreadTime(); err != nil {
		return fmt.Errorf("cores: %s: this system does not tell the CPU time of a thread: %w: use Linux or macOS", m.Name, err)
	}
	if need := m.Needs(n); n > 0 && m.Slowdown < need {
		return fmt.Errorf("cores: %s: %d such cores would keep more than half of the %d real processors busy: use %s", m.Name, n, runtime.NumCPU(), m.Slower(need))
	}
	return nil
}

// Slower is the name of the model with cores of 1/k of real speed.
func (m Model) Slower(k int) string {
	_, big, _ := strings.Cut(m.Name, "+")
	if big != "" {
		big = "+" + big
	}
	return fmt.Sprintf("slow%d%s", k, big)
}

// Needs is the smallest slowdown with which this machine carries n cores of the
// model: see [Slowdown].
func (m Model) Needs(n int) int {
	if m.Speed != nil && n > 0 {
		n = int(math.Ceil(m.Speed(n)))
	}
	return Slowdown(n, runtime.NumCPU())
}

type slow struct {
	k int

	free FreeList[slowCore]
}

// A slowCore runs one section at a time.
type slowCore struct {
	credit time.Duration // slept too long the last time
}

func (s *slow) Compute(ctx context.Context, f func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := s.free.Take(func() *slowCore { return &slowCore{} })
	defer s.free.Put(c)
	c.run(ctx, float64(s.k), f)
	return nil
}

// Yield does nothing: a section pays at its end.
func (s *slow) Yield(context.Context) {}

func (s *slow) Close() error { return nil }

// pay sleeps off a debt, or until ctx ends.
func (c *slowCore) pay(ctx context.Context, debt time.Duration) {
	debt -= c.credit
	begin := time.Now()
	for ctx.Err() == nil {
		left := debt - time.Since(begin)
		if left <= 0 {
			break
		}
		preciseSleep(min(left, longestSleep))
	}
	c.credit = min(max(time.Since(begin)-debt, 0), mostCredit)
}

// longestSleep is how long a section's thread is out of the runtime's reach
// at a time: the runtime sends threads that it cannot preempt for 10 ms a
// signal.
const longestSleep = 4 * time.Millisecond

// mostCredit bounds what one late wake-up can do to later sections.
const mostCredit = 10 * time.Millisecond

// neverTheSame stands for a count that cannot be told: two readings always differ.
func neverTheSame() int64 { return readings.Add(1) }

var readings atomic.Int64

func mustThreadTime() time.Duration {
	t, err := ThreadTime()
	if err != nil {
		panic("cores: the clock of this thread's CPU time worked at Open and fails now: " + err.Error())
	}
	return t
}
