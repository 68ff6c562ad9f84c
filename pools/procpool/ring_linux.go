package procpool

import (
	"sync/atomic"
	"unsafe"
)

// A ring is one direction of shared memory, from one sender to one receiver:
// a small ring of frames, and a slab, itself a ring, for payloads too large
// for it. Positions count bytes for ever; a position modulo the size is an
// offset. The sender writes a frame first and head last; the receiver reads
// it in place and then moves tail. A payload in the slab is announced by a
// frame that holds its place, so slab space is freed in order too.
//
// There are no Go pointers in here. The receiver checks every length: the
// other process may have died or gone mad while writing.
type ring struct {
	head     atomic.Uint64 // end of what is shown: where the receiver looks
	_        [7]uint64
	written  atomic.Uint64 // end of what is sent: where it looks before it sleeps
	_        [7]uint64
	asleep   atomic.Uint32 // 1: the receiver sleeps on this word
	full     atomic.Uint32 // 1: the sender sleeps on this word
	down     atomic.Uint32 // 1: hung up
	_        uint32
	_        [6]uint64
	tail     atomic.Uint64 // end of what is received
	slabTail atomic.Uint64
	_        [6]uint64
	frames   [frameSpace]byte
	slab     [slabSpace]byte
}

const (
	frameSpace = 64 << 10
	slabSpace  = 4 << 20
	inlineMax  = 8 << 10 // larger payloads lie in the slab
	pieceMax   = slabSpace / 4

	ringSize = (int(unsafe.Sizeof(ring{})) + 4095) &^ 4095
)

// How long to wait awake: first looking only, then giving the processor to
// others between looks. Spinning without giving way is worse than sleeping
// at once on two processors. A receiver that had to sleep after all gives way
// half as often the next time, down to the least; one for which giving way was
// worth it, twice as often: sixty workers on tasks that wait would spend more
// time on giving way than on their tasks.
const (
	lookSpins   = 30
	yieldSpins  = 200
	firstYields = 2
	leastYields = 1
)

// showEvery is how many bytes are sent before head says so, unless a flush
// comes first: a receiver that reads the very cache line that is being written
// slows both down. One that has nothing else to do looks at written, so
// nothing that was sent waits, and nothing is lost when the sender dies.
const showEvery = 1 << 10

// A ringLink is both directions as one process sees them.
type ringLink struct {
	tx, rx *ring

	// of the sender
	sent     uint64
	shown    uint64 // = tx.head
	sentSlab uint64
	seenTail uint64

	// of the receiver
	yields   int    // how often to give way before sleeping
	pos      uint64 // next frame to read
	done     uint64 // end of the frame last returned
	doneSlab uint64
	told     uint64 // = rx.tail
	seenHead uint64
	big      gathering
	mine     bool // the last payload is the caller's
	parent   bool // receives answers, which are sealed
}

func newRingLink(mem []byte, parent bool) link {
	a, b := (*ring)(unsafe.Pointer(&mem[0])), (*ring)(unsafe.Pointer(&mem[ringSize]))
	if !parent {
		a, b = b, a
	}
	return &ringLink{tx: a, rx: b, yields: firstYields, parent: parent}
}

func (l *ringLink) send(h header, payload []byte) error {
	h.size = uint64(len(payload))
	if !l.parent {
		h.fn = h.seal(payload)
	}
	if len(payload) <= inlineMax {
		return l.put(h, payload)
	}
	for len(payload) > pieceMax {
		p := h
		p.flags |= more
		if err := l.putSlab(p, payload[:pieceMax]); err != nil {
			return err
		}
		payload = payload[pieceMax:]
	}
	return l.putSlab(h, payload)
}

// putSlab copies one piece into the slab and announces it. The size in the
// header stays that of the whole payload.
func (l *ringLink) putSlab(h header, piece []byte) error {
	off := l.sentSlab % slabSpace
	start := l.sentSlab
	if off+uint64(len(piece)) > slabSpace {
		start += slabSpace - off
		off = 0
	}
	end := start + uint64(len(piece)+63)&^63
	if err := l.await(func() bool { return end-l.tx.slabTail.Load() <= slabSpace }); err != nil {
		return err
	}
	copy(l.tx.slab[off:], piece)
	l.sentSlab = end
	place := [2]uint64{start, uint64(len(piece))}
	h.flags |= inSlab
	return l.put(h, unsafe.Slice((*byte)(unsafe.Pointer(&place)), 16))
}

// put writes one frame and its payload into the ring of frames.
func (l *ringLink) put(h header, payload []byte) error {
	need := uint64(headerSize+len(payload)+7) &^ 7
	off := l.sent % frameSpace
	pad := uint64(0)
	if off+need > frameSpace {
		pad = frameSpace - off
	}
	if end := l.sent + pad + need; end-l.seenTail > frameSpace {
		l.seenTail = l.tx.tail.Load()
		if end-l.seenTail > frameSpace {
			if err := l.await(func() bool { l.seenTail = l.tx.tail.Load(); return end-l.seenTail <= frameSpace }); err != nil {
				return err
			}
		}
	}
	if pad > 0 {
		*(*uint64)(unsafe.Pointer(&l.tx.frames[off])) = uint64(framePad)
		off = 0
	}
	at := (*[2]uint64)(unsafe.Pointer(&l.tx.frames[off]))
	at[0], at[1] = h.words()
	copy(l.tx.frames[off+headerSize:], payload)
	l.sent += pad + need
	l.tx.written.Store(l.sent)
	if l.sent-l.shown >= showEvery {
		l.show()
	}
	if l.tx.asleep.Load() != 0 && l.tx.asleep.Swap(0) != 0 {
		wake(&l.tx.asleep)
	}
	return nil
}

// show moves head to the end of what is sent.
func (l *ringLink) show() {
	l.shown = l.sent
	l.tx.head.Store(l.sent)
}

// await waits until there is room.
func (l *ringLink) await(room func() bool) error {
	l.show()
	for n := 0; !room(); n++ {
		if l.tx.down.Load() != 0 {
			return errHangup
		}
		if n < lookSpins+yieldSpins {
			pause(n)
			continue
		}
		l.tx.full.Store(1)
		if room() || l.tx.down.Load() != 0 {
			l.tx.full.Store(0)
			continue
		}
		sleep(&l.tx.full)
	}
	return nil
}

func (l *ringLink) flush() error {
	if l.shown != l.sent {
		l.show()
	}
	if l.tx.down.Load() != 0 {
		return errHangup
	}
	return nil
}

func (l *ringLink) linger() {} // what is sent is there

func (l *ringLink) hangup() {
	for _, r := range []*ring{l.tx, l.rx} {
		r.down.Store(1)
		for _, w := range []*atomic.Uint32{&r.asleep, &r.full} {
			w.Store(0)
			wake(w)
		}
	}
}

// moved counts what the other side has taken from here and sent here.
func (l *ringLink) moved() uint64 {
	return l.tx.tail.Load() + l.tx.slabTail.Load() + l.rx.written.Load()
}

func (l *ringLink) owned() bool { return l.mine }
func (l *ringLink) close()      {} // the memory is the worker's
