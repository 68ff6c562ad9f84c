package procpool

import (
	"encoding/binary"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// flushAfter is how long a frame may stay in the buffer of a sender that is
// kept from its flush by a long task.
const flushAfter = time.Millisecond

// patience is how long a direct call waits for its answer before it leaves
// that to the reader.
const patience = 100 * time.Microsecond

// A pipeLink sends over one stream and receives over another. Small frames are
// collected; the sender flushes when it has nothing else to do, which is what
// makes pipes fast.
type pipeLink struct {
	in     io.ReadCloser
	out    io.WriteCloser
	await  func(time.Duration) bool // waits until there is something to read
	cut    func()                   // makes reads and writes end
	parent bool                     // receives answers, which are sealed

	mu    sync.Mutex // sending: the sender, and the timer behind its back
	wbuf  []byte     // capacity outSize
	page  *page      // of a worker: where wbuf lies
	wpos  uint64
	timer *time.Timer
	armed bool // the timer is set
	err   error
	bytes atomic.Uint64 // read and written so far

	rbuf     []byte
	r, w     int
	rpos     uint64 // bytes received in all
	big      gathering
	mine     bool                    // the last payload is the caller's
	leftover func(pos uint64) []byte // of the parent: what the dead worker had not written yet
}

func newPipeLink(in io.ReadCloser, out io.WriteCloser) *pipeLink {
	l := &pipeLink{in: in, out: out, wbuf: make([]byte, 0, outSize), rbuf: make([]byte, outSize)}
	l.timer = time.AfterFunc(time.Hour, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.armed = false
		l.write()
	})
	l.timer.Stop()
	return l
}

// share makes a worker collect its answers in the page.
func (l *pipeLink) share(p *page) {
	l.page = p
	l.wbuf = p.out[:0]
}

func (l *pipeLink) send(h header, payload []byte) error {
	h.size = uint64(len(payload))
	if !l.parent {
		h.fn = h.seal(payload)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	need := headerSize + len(payload)
	if len(l.wbuf) > 0 && len(l.wbuf)+need > outSize {
		if err := l.write(); err != nil {
			return err
		}
	}
	a, b := h.words()
	l.wbuf = binary.LittleEndian.AppendUint64(l.wbuf, a)
	l.wbuf = binary.LittleEndian.AppendUint64(l.wbuf, b)
	if need <= outSize {
		l.wbuf = append(l.wbuf, payload...)
		if l.page != nil {
			l.page.outLen.Store(uint64(len(l.wbuf)))
		}
		return l.err
	}
	if err := l.write(); err != nil {
		return err
	}
	return l.stream(payload)
}

func (l *pipeLink) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.write()
}

// linger sets the timer, once: setting a timer can be as dear as a write.
func (l *pipeLink) linger() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wbuf) > 0 && !l.armed {
		l.armed = true
		l.timer.Reset(flushAfter)
	}
}

// write writes the buffer.
func (l *pipeLink) write() error {
	if len(l.wbuf) == 0 {
		return l.err
	}
	err := l.stream(l.wbuf)
	l.wbuf = l.wbuf[:0]
	return err
}

func (l *pipeLink) stream(b []byte) error {
	if l.err != nil {
		return l.err
	}
	for done := 0; done < len(b); { // in pieces, so that moved moves
		n, err := l.out.Write(b[done:min(len(b), done+outSize)])
		done += n
		l.bytes.Add(uint64(n))
		if err != nil {
			l.err = errHangup
			return l.err
		}
	}
	if l.page != nil {
		l.page.outLen.Store(0)
		l.wpos += uint64(len(b))
		l.page.outPos.Store(l.wpos)
	}
	return nil
}

func (l *pipeLink) recv() (header, []byte, error) {
	l.mine = false
	if err := l.need(headerSize); err != nil {
		return header{}, nil, err
	}
	h := l.peek()
	if l.parent && !h.sealedHeader() || h.size > maxPayload {
		return header{}, nil, errProtocol
	}
	l.r += headerSize
	payload, err := l.payload(h.size)
	if err == nil && l.parent && h.flags&summed != 0 && h.fn != h.seal(payload) {
		err = errProtocol
	}
	return h, payload, err
}

func (l *pipeLink) peek() header {
	return headerOf(binary.LittleEndian.Uint64(l.rbuf[l.r:]), binary.LittleEndian.Uint64(l.rbuf[l.r+8:]))
}

func (l *pipeLink) payload(size uint64) ([]byte, error) {
	if size <= uint64(len(l.rbuf)) {
		if err := l.need(int(size)); err != nil {
			return nil, err
		}
		b := l.rbuf[l.r : l.r+int(size)]
		l.r += int(size)
		return b, nil
	}
	l.big.begin(size)
	l.big.add(l.rbuf[l.r:l.w])
	l.r, l.w = 0, 0
	for l.big.n < l.big.size {
		m, err := l.read(l.big.room())
		l.big.n += m
		if err != nil && l.big.n < l.big.size {
			return nil, errHangup
		}
	}
	b, mine := l.big.whole()
	l.mine = mine
	return b, nil
}

func (l *pipeLink) owned() bool { return l.mine }

func (l *pipeLink) read(b []byte) (int, error) {
	n, err := l.in.Read(b)
	l.rpos += uint64(n)
	l.bytes.Add(uint64(n))
	return n, err
}

// need makes at least n bytes (at most the buffer) lie in rbuf[r:w].
func (l *pipeLink) need(n int) error {
	if l.w-l.r >= n {
		return nil
	}
	l.compact(n)
	for l.w-l.r < n {
		m, err := l.read(l.rbuf[l.w:])
		l.w += m
		if m > 0 || err == nil {
			continue
		}
		if l.leftover == nil {
			return errHangup
		}
		rest := l.leftover(l.rpos)
		l.leftover = nil
		if len(rest) == 0 {
			return errHangup
		}
		// What is left of one buffer fits into what is left of another,
		// once that has been made twice as large.
		l.rbuf = append(append(make([]byte, 0, 2*outSize), l.rbuf[l.r:l.w]...), rest...)
		l.r, l.w = 0, len(l.rbuf)
		l.rpos += uint64(len(rest))
		l.rbuf = l.rbuf[:cap(l.rbuf)]
	}
	return nil
}

// compact makes room for n bytes from r on.
func (l *pipeLink) compact(n int) {
	if len(l.rbuf)-l.r < n || l.r == l.w {
		l.w = copy(l.rbuf, l.rbuf[l.r:l.w])
		l.r = 0
	}
}

func (l *pipeLink) ready() bool { return l.w-l.r >= headerSize }

// whole reports whether recv will find a whole result in the buffer.
func (l *pipeLink) whole() bool {
	if !l.ready() {
		return false
	}
	h := l.peek()
	return h.kind == frameOK && h.flags&part == 0 && h.size <= uint64(l.w-l.r-headerSize)
}

func (l *pipeLink) spin() bool {
	if l.whole() {
		return true
	}
	if l.await == nil || !l.await(patience) {
		return false
	}
	l.compact(len(l.rbuf))
	if l.w == len(l.rbuf) {
		return false
	}
	m, _ := l.read(l.rbuf[l.w:]) // an end comes again
	l.w += m
	return l.whole()
}

func (l *pipeLink) moved() uint64 { return l.bytes.Load() }

func (l *pipeLink) hangup() {
	if l.cut != nil {
		l.cut()
	}
}

func (l *pipeLink) close() {
	l.timer.Stop()
	l.hangup()
	l.mu.Lock() // the timer may be writing
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = errHangup
	}
	l.in.Close()
	l.out.Close()
}

// unwritten returns what a dead worker had collected beyond position pos of
// its stream of answers.
func (p *page) unwritten(pos uint64) []byte {
	start, n := p.outPos.Load(), p.outLen.Load()
	if n > outSize || pos < start || pos-start >= n {
		return nil
	}
	return append([]byte(nil), p.out[pos-start:n]...)
}
