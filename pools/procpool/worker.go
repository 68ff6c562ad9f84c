package procpool

import (
	"encoding/binary"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
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
// writes to it and one reads from it; while a caller has it (lent) both
// rest. Frames are numbered as they are claimed; a worker answers in order.
type worker struct {
	p     *Pool
	link  link
	mem   []byte // what is shared with it
	proc  *process
	page  *page // nil: nothing is sent ahead
	enc   coder // of the writer
	dec   coder // of the reader
	small [64]byte

	head   atomic.Uint32 // first frame not answered
	tail   atomic.Uint32 // one after the last claimed
	window atomic.Int32  // how far tail may be ahead of head
	parked atomic.Bool   // the writer waits for work

	wake    chan struct{} // to the writer
	rwake   chan struct{} // to the reader
	gone    chan struct{} // closed when the process is no more
	started chan struct{} // closed when it is ready, or startErr says why not
	written chan struct{} // closed when the writer has ended

	// Guarded by pool.mu.
	state     state
	reading   bool // the reader is not parked
	unflushed bool // the writer has sent something since its last flush
	retiring  bool // is sent nothing more, and ends when it has answered
	ending    bool // was told to end
	given     int  // tasks claimed in all
	flights   [maxWindow]flight
	forgotten uint32 // flights before this are cleared
	pinned    []*batch
	cause     error  // why this side killed it
	expired   uint32 // 1 + number of the frame that ran out of time
	idleSince time.Time
	seen      uint64    // progress at the last tick
	seenAt    time.Time // when that was new
	weighedAt time.Time // when its memory was last looked at

	startErr error

	// Of a worker that is a goroutine.
	goroutine bool
	cancelRun func(error) // ends the context of what runs; guarded by pool.mu
	elem      atomic.Uint32
	keeping   sync.Mutex
	abandoned bool // guarded by keeping

	// Of the writer.
	sending []flight
	at      int    // the next of them to send
	first   uint32 // number of sending[0]
	scratch []byte

	// Of the reader.
	cur      answering
	got      uint32 // what head will be after this run
	run      tally
	boundary time.Time // when the last run of answers ended
	perFrame float64   // seconds, smoothed
}

// A tally is a run of answers for one batch, told to it at once.
type tally struct {
	b                     *batch
	frames, tasks, failed int
}

// answering is the answer that the reader is taking apart.
type answering struct {
	flight
	active  bool
	h       header
	data    []byte
	at      int
	instead error
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

// retire ends a worker once it has answered what it was sent.
func (w *worker) retire() {
	w.retiring = true
	w.stir()
}

// recall takes back what a worker was sent and has not begun.
func (w *worker) recall() (dropped []flight) {
	if w.page == nil {
		return nil
	}
	end, head := w.tail.Load(), w.head.Load()
	seq := w.page.withdraw(end)
	if int32(seq-head) < 0 {
		seq = head
	}
	for ; seq != end; seq++ {
		fl := &w.flights[seq%maxWindow]
		dropped = append(dropped, w.p.giveBack(fl.b, fl.s)...)
		*fl = flight{}
	}
	return dropped
}

// stop ends what a worker has of a batch: what has not begun is taken back;
// what runs is told.
func (w *worker) stop(b *batch, why error) (dropped []flight) {
	has := false
	for seq, end := w.head.Load(), w.tail.Load(); seq != end; seq++ {
		has = has || w.flights[seq%maxWindow].b == b
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
		go proc.tell(seq)
	}
	time.AfterFunc(w.p.opt.Grace, func() {
		w.p.mu.Lock()
		defer w.p.mu.Unlock()
		if w.state != dead && int32(w.head.Load()-seq) <= 0 && w.tail.Load() != w.head.Load() {
			w.kill(why)
		}
	})
}

// kill ends a worker at once.
func (w *worker) kill(why error) {
	if w.cause == nil {
		w.cause = why
	}
	if w.proc != nil {
		w.proc.signal(syscall.SIGKILL)
	} else if w.goroutine {
		w.abandon()
	}
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
		}
	}
	if w.proc == nil {
		return // a process being started is killed by start
	}
	w.proc.signal(syscall.SIGTERM)
	time.AfterFunc(w.p.opt.Grace, func() { w.proc.signal(syscall.SIGKILL) })
}

// tell cancels a frame over the lifeline. A worker that does not read it gets
// killed later in any case.
func (c *process) tell(seq uint32) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], seq)
	c.lifeline.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	c.lifeline.Write(b[:])
}

func (c *process) signal(sig os.Signal) {
	select {
	case <-c.exited:
	default:
		signalGroup(c.proc, sig.(syscall.Signal))
	}
}
