package pools

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool/host"
)

// A run is one Run of a pool in this process.
type run struct {
	ctx    context.Context         // ends with the first error
	cancel context.CancelCauseFunc // the first cause stays: the first error wins
	do     TaskFunc
	sum    atomic.Uint64
	wg     sync.WaitGroup // lanes that have not ended
	hungry atomic.Bool    // a lane waits in take, and the range is empty

	mu     sync.Mutex
	refill sync.Cond
	lo, hi int // the tasks that no lane has taken
	lanes  int // lanes of the run; under share, those that call take
	busy   int // those of them that may have tasks left

	draw func() *rand.Rand // the random numbers of this run, for schedules that need some
}

// newRun prepares a run of [lo, hi). lanes is how many lanes will take their
// tasks from the range.
func newRun(ctx context.Context, do TaskFunc, lo, hi, lanes int) *run {
	r := &run{do: do, lo: lo, hi: hi, lanes: lanes, busy: lanes}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.refill.L = &r.mu
	return r
}

// result waits for the lanes and returns what Run returns.
func (r *run) result() (uint64, error) {
	r.wg.Wait()
	err := context.Cause(r.ctx)
	r.cancel(nil)
	if err != nil {
		return 0, err
	}
	return r.sum.Load(), nil
}

// A lane is a goroutine that runs tasks one after another.
type lane struct {
	*run
	task  int    // under way
	total uint64 // of the tasks that ended
	done  bool   // it returned, and did not panic or call runtime.Goexit
	taker bool   // it counts as busy
}

// end is deferred once for all tasks of a lane, so that guarding against a
// panic costs a task nothing.
func (l *lane) end() {
	if v := recover(); !l.done {
		l.cancel(host.Aborted(l.task, v))
	}
	if l.taker {
		l.mu.Lock()
		l.leave()
		l.mu.Unlock()
	}
	l.sum.Add(l.total)
	l.wg.Done()
}

// only is a lane that runs [lo, hi) and nothing else.
func (r *run) only(lo, hi int) {
	l := lane{run: r}
	defer l.end()
	l.span(lo, hi)
	l.done = true
}

// quick is how long a chunk of tasks lasts that is worth doubling. It is far
// above what it costs to take a chunk (under 0.1 µs when nobody waits).
const quick = 20 * time.Microsecond

// share takes chunks from the range until it is empty.
//
// Chunks begin with one task and double as long as a chunk is quick; a slow
// one sends them back to one task. So tasks of more than 20 µs are handed out
// singly, as a central queue would, and tasks of a nanosecond by the
// thousand. A chunk is also never more than a share of what is left. If a
// lane is caught with a long chunk after all (the first thousand tasks were
// short, the next are long), it gives back all but one task as soon as another
// lane has nothing to do.
func (l *lane) share() {
	l.taker = true
	for size := 1; ; {
		lo, hi := l.take(size)
		if lo == hi {
			return
		}
		start := time.Now()
		l.span(lo, hi)
		if time.Since(start) < quick {
			size = 2 * (hi - lo)
		} else {
			size = 1
		}
	}
}

// one runs task i and reports whether the run goes on.
func (l *lane) one(i int) bool {
	if l.ctx.Err() != nil {
		return false
	}
	l.task = i
	n, err := l.do(l.ctx, i)
	if err != nil {
		l.cancel(err)
		return false
	}
	l.total += n
	return true
}

// span runs [lo, hi), unless the run ends or it gives tasks back. It reports
// whether the run goes on.
func (l *lane) span(lo, hi int) bool {
	for i := lo; i < hi && l.ctx.Err() == nil; i++ {
		if l.hungry.Load() && l.giveBack(i+1, hi) {
			hi = i + 1
		}
		l.task = i
		n, err := l.do(l.ctx, i)
		if err != nil {
			l.cancel(err)
			return false
		}
		l.total += n
	}
	return l.ctx.Err() == nil
}

// take takes up to size tasks. If there are none, it waits until another lane
// gives some back or none of them can. The range it returns is empty at the
// end of the run.
func (l *lane) take(size int) (lo, hi int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lo >= l.hi || l.ctx.Err() != nil {
		l.leave()
		l.taker = false
		for l.lo >= l.hi && l.busy > 0 && l.ctx.Err() == nil {
			l.hungry.Store(true)
			l.refill.Wait()
		}
		if l.lo >= l.hi || l.ctx.Err() != nil {
			return 0, 0
		}
		l.busy++
		l.taker = true
	}
	l.hungry.Store(false)
	lo = l.lo
	l.lo += min(size, max(1, (l.hi-l.lo)/(2*l.lanes)))
	return lo, l.lo
}

// leave says that this lane has no tasks left. The caller holds mu.
func (r *run) leave() {
	if r.busy--; r.busy == 0 {
		r.refill.Broadcast()
	}
}

// giveBack puts [lo, hi) where waiting lanes find it, unless there is
// something already.
func (r *run) giveBack(lo, hi int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if lo >= hi || r.lo < r.hi {
		return false
	}
	r.lo, r.hi = lo, hi
	r.hungry.Store(false)
	r.refill.Broadcast()
	return true
}
