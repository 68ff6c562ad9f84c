package procpool

import (
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// A server is a worker, seen from the inside.
type server struct {
	execution

	// ballast is never touched, so it takes no memory, but it counts for the
	// garbage collector: a worker whose heap is small does not collect every
	// 4 MiB that its arguments take.
	ballast []byte

	link   link
	page   *page
	limit  int64 // of memory, in bytes
	seq    uint32
	cur    runner // the frame at hand, nil between frames
	runs   map[uint32]runner
	lastFn uint32
	last   runner
	look   time.Time // when memory was last looked at

	task      *taskContext
	running   atomic.Uint64 // 1 + number of the running frame, and cancelBit
	cancels   atomic.Int32  // how many cancellations are noted
	mu        sync.Mutex
	cancelled map[uint32]bool
}

// What the messages between a worker and its parent are.
const (
	tellCancel  byte = iota + 1 // to a worker: frame Seq is cancelled
	tellArray                   // to a worker: here is array ID, of Size bytes; without a file there is none
	tellFreed                   // to a worker: array ID was closed
	askForArray                 // to the parent: send array ID
)

// serve is the life of a worker.
func serve(how string) {
	bad := func(why any) {
		fmt.Fprintf(os.Stderr, "procpool: %s=%q does not fit the descriptors of this process: unset it: %v\n", child.Variable, how, why)
		os.Exit(2)
	}
	f := strings.Split(how, " ")
	want := map[string]int{"ring": 1, "pipe": 3, "bare": 2}[f[0]]
	if want == 0 || len(f) < 4 {
		bad("not a way to be a worker")
	}
	control, files, err := child.Inherit(f[3:])
	if err != nil || len(files) != want {
		bad(err)
	}
	title, _ := url.QueryUnescape(f[2])
	child.SetTitle(title)
	s := &server{ballast: make([]byte, 16<<20), runs: map[uint32]runner{}, cancelled: map[uint32]bool{}}
	s.send = func(h header, payload []byte) { s.link.send(h, payload) }
	size := pageSize
	if f[0] == "ring" {
		size += 2 * ringSize
	}
	s.jour = new(journal)
	if f[0] != "bare" {
		mem, err := child.Map(files[0], size)
		if err != nil {
			fmt.Fprintf(os.Stderr, "procpool: shared memory: %v\n", err)
			os.Exit(2)
		}
		files[0].Close()
		s.page = pageOf(mem)
		s.jour = &s.page.journal
		if f[0] == "ring" {
			s.link = newRingLink(mem[pageSize:], false)
		}
	}
	if f[0] != "ring" {
		l := newPipeLink(files[want-2], files[want-1])
		if s.page != nil {
			l.share(s.page)
		}
		s.link = l
	}
	if name, _ := url.QueryUnescape(f[1]); name != "" {
		c, ok := codecs.Load(name)
		if !ok {
			fmt.Fprintf(os.Stderr, "procpool: codec %q is not known here: call RegisterCodec at package level\n", name)
			os.Exit(2)
		}
		s.in.codec, s.out.codec = c.(Codec), c.(Codec)
	}
	arrays.parent = control
	go s.control(control)
	go s.loop()
	select {} // main; tasks may end their goroutine
}

// control takes the messages of the parent. Their end is the parent's.
func (s *server) control(c *child.Control) {
	for {
		m, err := c.Recv()
		if err != nil {
			os.Exit(0)
		}
		switch m.Kind {
		case tellCancel:
			s.mu.Lock()
			s.cancelled[m.Seq] = true
			s.cancelTask()
			s.mu.Unlock()
		case tellArray:
			arrays.arrived(m)
		case tellFreed:
			arrays.forget(m.ID)
		}
	}
}

// cancelBit marks the running frame as cancelled: its context is not for the
// next frame.
const cancelBit = 1 << 63

// cancelTask ends the context of the running frame if it was cancelled. The
// caller holds s.mu, which a marked frame waits for when it ends.
func (s *server) cancelTask() {
	now := s.running.Load()
	for seq := range s.cancelled {
		if now != 0 && int32(seq-uint32(now-1)) <= 0 {
			delete(s.cancelled, seq)
		}
		if now == uint64(seq)+1 && s.running.CompareAndSwap(now, now|cancelBit) {
			s.task.cancel()
		}
	}
	s.cancels.Store(int32(len(s.cancelled)))
}

// loop serves until the end. If a task ends it with Goexit, it goes on in
// another goroutine.
func (s *server) loop() {
	returned := false
	defer func() {
		if !returned {
			go s.loop()
		}
	}()
	for {
		if s.cur == nil {
			s.receive()
			continue
		}
		if s.cur.step(&s.execution) {
			s.reply()
		}
	}
}

// receive takes the next frame. A parent that is no more is the end.
func (s *server) receive() {
	if !s.link.ready() {
		s.link.flush()
	}
	h, data, err := s.link.recv()
	if err != nil {
		os.Exit(0)
	}
	switch h.kind {
	case frameSetup:
		s.setup(h, data)
	case frameEnd:
		s.exit()
	case frameCall:
		s.call(h, data)
	default:
		s.fault(failReturn, errProtocol)
	}
}

// call begins a frame.
func (s *server) call(h header, data []byte) {
	seq := s.seq
	s.seq++
	if h.flags&fresh != 0 {
		s.in = coder{codec: s.in.codec}
	}
	if s.page != nil && !s.page.begin(seq) {
		if f := lookup(h.fn); f != nil && f.arg.form == coded {
			s.in.skip(&f.arg, data, int(h.count))
		}
		s.link.send(header{kind: frameSkipped}, nil)
		return
	}
	if s.task == nil || s.task.touched.Load() {
		s.task = newTaskContext()
		s.ctx = s.task
	}
	s.running.Store(uint64(seq) + 1)
	if s.cancels.Load() != 0 {
		s.mu.Lock()
		s.cancelTask()
		s.mu.Unlock()
	}
	r, err := s.runner(h.fn)
	if err == nil {
		err = r.begin(&s.execution, data, int(h.count))
	}
	if err != nil {
		s.ran()
		s.fault(failUnknown, err)
		return
	}
	s.cur = r
	s.link.linger()
}

func (s *server) runner(id uint32) (runner, error) {
	if s.lastFn == id && s.last != nil {
		return s.last, nil
	}
	r := s.runs[id]
	if r == nil {
		f := lookup(id)
		if f == nil {
			return nil, fmt.Errorf("number %#x", id)
		}
		r = f.newRun()
		s.runs[id] = r
	}
	s.lastFn, s.last = id, r
	return r, nil
}

// ran marks that no frame is running.
func (s *server) ran() {
	if s.running.Swap(0)&cancelBit != 0 {
		s.mu.Lock()
		s.task = nil
		s.mu.Unlock()
	}
}

// fault answers a frame that cannot be run.
func (s *server) fault(how byte, err error) {
	s.link.send(header{kind: frameFault, flags: summed}, encodeError(how, "", err))
}

// reply answers the frame at hand.
func (s *server) reply() {
	s.ran()
	h, payload := s.cur.answer()
	if s.link.send(h, payload) != nil {
		os.Exit(0)
	}
	s.jour.restart()
	runtime.KeepAlive(s.cur)
	s.cur.end()
	s.cur = nil
	if s.limit > 0 && time.Since(s.look) > time.Millisecond {
		s.look = time.Now()
		if child.Resident(os.Getpid()) > s.limit {
			s.limit = 0
			s.link.send(header{kind: frameRetire}, nil)
		}
	}
}
