package procpool

import (
	"encoding/binary"
	"io"
	"os"
	"sync"
	"time"
)

// flushAfter is how long a frame may stay in the buffer of a sender that is
// kept from its flush by a long task.
const flushAfter = time.Millisecond

// patience is how long a direct call waits for its answer before it leaves
// that to the reader.
const patience = 100 * time.Microsecond

// A pipeLink sends over one blocking stream and receives over another. Small
// frames are collected; the sender flushes when it has nothing else to do,
// which is what makes pipes fast.
type pipeLink struct {
	in  io.ReadCloser
	out io.WriteCloser
	fd  uintptr // of in

	mu    sync.Mutex // sending: the sender, and the timer behind its back
	wbuf  []byte     // capacity outSize
	page  *page      // of a worker: where wbuf lies
	wpos  uint64
	timer *time.Timer
	armed bool // the timer is set
	err   error

	rbuf     []byte
	r, w     int
	rpos     uint64 // bytes received in all
	big      []byte
	leftover func(pos uint64) []byte // of the parent: what the dead worker had not written yet
}

func newPipeLink(in, out *os.File) *pipeLink {
	l := &pipeLink{in: in, out: out, fd: in.Fd(), wbuf: make([]byte, 0, outSize), rbuf: make([]byte, outSize)}
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
	l.mu.Lock()
	defer l.mu.Unlock()
	need := headerSize + len(payload)
	if len(l.wbuf) > 0 && len(l.wbuf)+need > outSize {
		if err := l.write(); err != nil {
			return err
		}
	}
	h.size = uint64(len(payload))
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
	if _, err := l.out.Write(b); err != nil {
		l.err = errHangup
		return l.err
	}
	if l.page != nil {
		l.page.outLen.Store(0)
		l.wpos += uint64(len(b))
		l.page.outPos.Store(l.wpos)
	}
	return nil
}

func (l *pipeLink) recv() (header, []byte, error) {
	if err := l.need(headerSize); err != nil {
		return header{}, nil, err
	}
	h := headerOf(binary.LittleEndian.Uint64(l.rbuf[l.r:]), binary.LittleEndian.Uint64(l.rbuf[l.r+8:]))
	l.r += headerSize
	if h.size <= uint64(len(l.rbuf)) {
		if err := l.need(int(h.size)); err != nil {
			return header{}, nil, err
		}
		b := l.rbuf[l.r : l.r+int(h.size)]
		l.r += int(h.size)
		if cap(l.big) > 4<<20 {
			l.big = nil
		}
		return h, b, nil
	}
	if h.size > maxPayload {
		return header{}, nil, errProtocol
	}
	if uint64(cap(l.big)) < h.size {
		l.big = make([]byte, h.size)
	}
	l.big = l.big[:h.size]
	n := copy(l.big, l.rbuf[l.r:l.w])
	l.r, l.w = 0, 0
	for n < len(l.big) {
		m, err := l.in.Read(l.big[n:])
		n += m
		l.rpos += uint64(m)
		if err != nil && n < len(l.big) {
			return header{}, nil, errHangup
		}
	}
	return h, l.big, nil
}

// need makes at least n bytes (at most the buffer) lie in rbuf[r:w].
func (l *pipeLink) need(n int) error {
	if l.w-l.r >= n {
		return nil
	}
	if len(l.rbuf)-l.r < n || l.r == l.w {
		l.w = copy(l.rbuf, l.rbuf[l.r:l.w])
		l.r = 0
	}
	for l.w-l.r < n {
		m, err := l.in.Read(l.rbuf[l.w:])
		l.w += m
		l.rpos += uint64(m)
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

func (l *pipeLink) ready() bool { return l.w-l.r >= headerSize }
func (l *pipeLink) spin() bool  { return l.ready() || readable(l.fd, patience) }
func (l *pipeLink) hangup()     {} // the end of the other process ends the streams

func (l *pipeLink) close() {
	l.timer.Stop()
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

// maxPayload bounds the payload of one frame: 2^47 bytes.
const maxPayload = 1 << 47
