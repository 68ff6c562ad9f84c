package procpool

import (
	"encoding/binary"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
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

// serve is the life of a child.
func serve(how string, roles []Role) {
	bad := func() {
		fmt.Fprintf(os.Stderr, "procpool: %s=%q does not fit the descriptors of this process: unset it\n", workerVariable, how)
		os.Exit(2)
	}
	var files []*os.File
	open := func(names []string) {
		for _, name := range names {
			file := inherited(name)
			if file == nil {
				bad()
			}
			files = append(files, file)
		}
		closeStrays(len(names))
	}
	how, rest, _ := strings.Cut(how, " ")
	if how == "helper" {
		f := strings.Split(rest, " ")
		if len(f) != 4 {
			bad()
		}
		open(f[2:])
		role, _ := url.QueryUnescape(f[0])
		arg, _ := url.QueryUnescape(f[1])
		help(role, arg, files[0], files[1], roles)
	}
	f := strings.Split(rest, " ")
	want := map[string]int{"ring": 2, "pipe": 4, "bare": 3}[how]
	if want == 0 || len(f) != 1+want {
		bad()
	}
	open(f[1:])
	s := &server{ballast: make([]byte, 16<<20), runs: map[uint32]runner{}, cancelled: map[uint32]bool{}}
	size := pageSize
	if how == "ring" {
		size += 2 * ringSize
	}
	s.elem = new(uint32)
	if how != "bare" {
		mem, err := mapShared(files[1], size)
		if err != nil {
			fmt.Fprintf(os.Stderr, "procpool: shared memory: %v\n", err)
			os.Exit(2)
		}
		files[1].Close()
		s.page = pageOf(mem)
		s.elem = &s.page.elem
		if how == "ring" {
			s.link = newRingLink(mem[pageSize:], false)
		}
	}
	if how != "ring" {
		l := newPipeLink(files[want-2], files[want-1])
		if s.page != nil {
			l.share(s.page)
		}
		s.link = l
	}
	if name, _ := url.QueryUnescape(f[0]); name != "" {
		c, ok := codecs.Load(name)
		if !ok {
			fmt.Fprintf(os.Stderr, "procpool: codec %q is not known here: call RegisterCodec at package level\n", name)
			os.Exit(2)
		}
		s.in.codec, s.out.codec = c.(Codec), c.(Codec)
	}
	go s.control(files[0])
	go s.loop()
	select {} // main; tasks may end their goroutine
}

// control reads cancellations from the lifeline. Its end is the parent's.
func (s *server) control(lifeline *os.File) {
	var b [4]byte
	for {
		if _, err := readFull(lifeline, b[:]); err != nil {
			os.Exit(0)
		}
		seq := binary.LittleEndian.Uint32(b[:])
		s.mu.Lock()
		s.cancelled[seq] = true
		s.cancelTask()
		s.mu.Unlock()
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
	*s.elem = 0
	if s.page != nil && !s.page.begin(seq) {
		if f := lookup(h.fn); f != nil && f.arg.form == coded {
			s.in.skip(data, int(h.count))
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
		err = r.begin(data, int(h.count))
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
	s.link.send(header{kind: frameFault}, appendError(nil, how, "", err))
}

// reply answers the frame at hand.
func (s *server) reply() {
	s.ran()
	kind, count, payload := s.cur.answer()
	if s.link.send(header{kind: kind, count: uint32(count)}, payload) != nil {
		os.Exit(0)
	}
	runtime.KeepAlive(s.cur)
	s.cur.end()
	s.cur = nil
	if s.limit > 0 && time.Since(s.look) > time.Millisecond {
		s.look = time.Now()
		if resident(os.Getpid()) > s.limit {
			s.limit = 0
			s.link.send(header{kind: frameRetire}, nil)
		}
	}
}

func pageOf(mem []byte) *page { return (*page)(unsafe.Pointer(&mem[0])) }
