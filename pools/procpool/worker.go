package procpool

import (
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// state is what a worker is doing. Changes are made under pool.mu.
type state int

const (
	starting state = iota
	busy           // has work, or is being given some
	idle           // is on pool.idle
	lent           // in the hands of one caller, who sends and receives
	dead           // takes nothing any more
)

// A flight is a span on its way through a worker.
type flight struct {
	b *batch // nil if it was taken back
	s span
}

// A worker is one process of a pool, seen from the parent. One goroutine
// writes to it (the sender) and one reads from it (the receiver); while a
// caller has it (lent) both rest. Frames are numbered as they are claimed; a
// worker answers in order.
type worker struct {
	p      *Pool
	name   string // of the pool, and number
	number int
	link   link
	mem    []byte // what is shared with it
	proc   *child.Process
	page   *page // nil: nothing is sent ahead
	small  [64]byte

	directMax int // bytes of the largest argument of a direct call; 0 is no direct calls

	head   atomic.Uint32 // first frame not answered
	tail   atomic.Uint32 // one after the last claimed
	window atomic.Int32  // how far tail may be ahead of head
	parked atomic.Bool   // the sender waits for work

	wake     chan struct{} // to the sender
	rwake    chan struct{} // to the receiver
	gone     chan struct{} // closed when the process is no more, or was given up
	goneOnce sync.Once
	started  chan struct{} // closed when it is ready, or startErr says why not
	written  chan struct{} // closed when the sender has ended

	// Guarded by pool.mu.
	state     state
	snd       *sender
	rcv       *receiver
	reading   bool // the receiver is not parked
	unflushed bool // the sender has sent something since its last flush
	retiring  bool // is sent nothing more, and ends when it has answered
	recycled  bool // because of MaxTasks or its memory
	ending    bool // was told to end
	condemned bool // was sent SIGKILL
	given     int  // tasks claimed in all
	flights   [maxWindow]flight
	forgotten uint32 // flights before this are cleared
	pinned    batchList
	cause     error  // why this side killed it
	expired   uint32 // 1 + number of the frame that ran out of time
	idleSince time.Time
	weighedAt time.Time // when its memory was last looked at
	seen      sighting

	startErr error

	// Of a worker that is a goroutine.
	goroutine bool
	id        atomic.Uint64 // of the goroutine that runs tasks
	cancelRun func(error)   // ends the context of what runs; guarded by pool.mu
	elem      atomic.Uint32
	keeping   sync.Mutex
	abandoned bool // guarded by keeping, as is
	kept      int  // how many tasks of the frame have their outcome
	cur       answering
}

// A sighting is what a worker looked like at earlier ticks.
type sighting struct {
	progress uint64 // of its tasks
	at       time.Time
	moved    uint64 // of the bytes between it and here
	movedAt  time.Time
	sends    uint32 // how often its sender had entered code of the user's
	sendsAt  time.Time
	recvs    uint32 // how often its receiver had
	recvsAt  time.Time
}

func (w *worker) pending() int   { return int(w.tail.Load() - w.head.Load()) }
func (w *worker) starting() bool { return w.state == starting }

func (w *worker) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *worker) signalReader() {
	select {
	case w.rwake <- struct{}{}:
	default:
	}
}

// stir makes a worker look for pinned work. The caller holds p.mu, here and
// below.
func (w *worker) stir() {
	if w.state == idle {
		w.state = busy
		w.p.idle = slices.DeleteFunc(w.p.idle, func(o *worker) bool { return o == w })
	}
	w.signal()
}

// forget lets go of batches that were answered.
func (w *worker) forget() {
	for head := w.head.Load(); w.forgotten != head; w.forgotten++ {
		w.flights[w.forgotten%maxWindow] = flight{}
	}
}

// retire ends a worker once it has answered what it was sent. Of a pool that is
// closing, one that is not ready yet is given the grace to become so, also if it
// was retired before.
func (w *worker) retire() {
	if !w.retiring {
		w.retiring = true
		w.stir()
	}
	if w.state == starting && w.p.closing {
		time.AfterFunc(w.p.opt.Grace, func() {
			w.p.mu.Lock()
			defer w.p.mu.Unlock()
			if w.state == starting {
				w.kill(ErrClosed)
			}
		})
	}
}

// begun returns the number of the frame after the last that the worker has
// begun, which is head if it runs none. What the page says may be nonsense.
func (w *worker) begun() uint32 {
	head := w.head.Load()
	if w.page == nil {
		if w.pending() > 0 {
			return head + 1
		}
		return head
	}
	n := w.page.started() - head
	switch {
	case int32(n) <= 0:
		return head
	case int(n) > w.pending():
		return head + 1
	}
	return head + n
}

// recall takes back what a worker was sent and has not begun. The one frame of a
// worker that is in the hands of a caller stays: that caller waits for its answer,
// and no batch knows of it yet.
func (w *worker) recall() (dropped []flight) {
	if w.state == starting || w.state == lent || w.page == nil {
		return nil
	}
	end, head := w.tail.Load(), w.head.Load()
	seq := w.page.withdraw(end)
	if int32(seq-head) < 0 || int32(end-seq) < 0 {
		seq = head
	}
	for end != seq { // the last first: they wait again in their order
		end--
		fl := &w.flights[end%maxWindow]
		dropped = append(dropped, w.p.giveBack(fl.b, fl.s)...)
		*fl = flight{}
	}
	return dropped
}

// stop ends what a worker has of a batch: what has not begun is taken back;
// what runs is told.
func (w *worker) stop(b *batch, why error) (dropped []flight) {
	has := false
	for seq, end := w.head.Load(), w.tail.Load(); seq != end && !has; seq++ {
		has = w.flights[seq%maxWindow].b == b
	}
	if !has {
		return nil
	}
	dropped = w.recall()
	for seq, end := w.head.Load(), w.tail.Load(); seq != end; seq++ {
		if w.flights[seq%maxWindow].b == b {
			w.interrupt(seq, why)
		}
	}
	return dropped
}

// interrupt cancels the context of a frame that is running, and kills the
// worker if it is still running after the grace.
func (w *worker) interrupt(seq uint32, why error) {
	if w.cancelRun != nil {
		w.cancelRun(why)
	} else if proc := w.proc; proc != nil {
		go proc.Tell(child.Message{Kind: tellCancel, Seq: seq})
	}
	time.AfterFunc(w.grace(), func() { w.enforce(seq, why, 1) })
}

// enforce ends a frame that did not obey. If that is because of a decoder here
// that concerns it, the frame gets another chance without.
func (w *worker) enforce(seq uint32, why error, chances int) {
	p := w.p
	p.mu.Lock()
	var dropped []flight
	if w.state != dead && int32(w.head.Load()-seq) <= 0 && w.tail.Load() != w.head.Load() {
		d, outside := []flight(nil), false
		if b := w.flights[seq%maxWindow].b; b != nil && chances > 0 {
			d, outside = w.leaveUserCode(b)
		}
		if dropped = d; outside {
			time.AfterFunc(patienceOfUser, func() { w.enforce(seq, why, chances-1) })
		} else {
			w.kill(why)
		}
	}
	p.mu.Unlock()
	p.drop(dropped)
}

// endTime bounds how long Terminate lets workers obey: it returns within a
// second whatever they do.
const endTime = 300 * time.Millisecond

// killTime is how long a process may take to end after SIGKILL before it is
// given up: one that waits in the kernel cannot be killed.
var killTime = 300 * time.Millisecond

// grace is how long a worker may take to obey.
func (w *worker) grace() time.Duration {
	if w.p.err != nil {
		return min(w.p.opt.Grace, endTime)
	}
	return w.p.opt.Grace
}

// kill ends a worker at once.
func (w *worker) kill(why error) {
	if w.cause == nil {
		w.cause = why
	}
	if w.proc != nil {
		w.finishOff()
	} else if w.goroutine {
		w.abandon()
	}
}

// finishOff kills the process, and gives it up if that does not end it.
func (w *worker) finishOff() {
	w.proc.Signal(syscall.SIGKILL)
	if !w.condemned {
		w.condemned = true
		time.AfterFunc(w.p.killTime, w.giveUp)
	}
}

// killAfter kills the process in a while, if it has not ended.
func (w *worker) killAfter(d time.Duration) {
	time.AfterFunc(d, func() {
		w.p.mu.Lock()
		defer w.p.mu.Unlock()
		w.finishOff()
	})
}

// giveUp ends all waiting for the process.
func (w *worker) giveUp() {
	w.goneOnce.Do(func() {
		w.link.hangup()
		close(w.gone) // after which the link may be closed
	})
}

// terminate ends a worker with SIGTERM, and after the grace with SIGKILL.
func (w *worker) terminate(why error) {
	if w.cause == nil {
		w.cause = why
	}
	if w.goroutine {
		w.retire()
		if w.cancelRun != nil {
			w.interrupt(w.head.Load(), why)
		} else if w.state == starting {
			time.AfterFunc(w.grace(), func() {
				w.p.mu.Lock()
				defer w.p.mu.Unlock()
				if w.state == starting {
					w.abandon()
				}
			})
		}
	}
	if w.proc == nil {
		return // a process being started is killed by start
	}
	w.proc.Signal(syscall.SIGTERM)
	w.killAfter(w.grace())
}

// pidNow is the number of the process, 0 while there is none.
func (w *worker) pidNow() int {
	if w.proc != nil {
		return w.proc.Pid
	}
	return 0
}
