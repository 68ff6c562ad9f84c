package procpool

import (
	"errors"
	"hash/crc32"
)

// A header stands before every payload, in both directions. On the wire it is
// two words: size<<16 | flags<<8 | kind, and count<<32 | fn.
type header struct {
	kind  byte
	flags byte
	fn    uint32 // which function; of an answer its seal
	count uint32 // how many tasks
	size  uint64 // bytes of payload
}

const headerSize = 16

// To a worker come setup (once), calls, and the end. Each call gets exactly
// one answer, in order, and before that any number of parts of it.
const (
	frameSetup byte = iota + 1 // initializer and its argument
	frameCall                  // count tasks of function fn
	frameEnd                   // finish, run the exit functions, go
	framePad                   // of the ring: skip to the start

	frameHello   // worker is ready; payload is its fingerprint
	frameOK      // count results
	frameMixed   // count results or errors, each marked
	frameFault   // one error for the whole frame
	frameSkipped // the frame had been taken back
	frameRetire  // as frameOK with no results: replace me
)

// Flags of a header. The first two are the ring's.
const (
	inSlab byte = 1 << iota // the payload of 16 bytes is place and end in the slab
	more                    // a piece of a payload; more follow
	summed                  // the seal covers the payload, which holds encoded values
	part                    // the first results of a frame; the rest follows
	fresh                   // the sender's codec starts anew with this frame
)

func (h header) words() (uint64, uint64) {
	return h.size<<16 | uint64(h.flags)<<8 | uint64(h.kind), uint64(h.count)<<32 | uint64(h.fn)
}

func headerOf(a, b uint64) header {
	return header{kind: byte(a), flags: byte(a >> 8), size: a >> 16, fn: uint32(b), count: uint32(b >> 32)}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// seal is what the fn of an answer must be. A worker may write anything to the
// descriptors that it has, by mistake: its parent believes only answers that
// are sealed.
func (h header) seal(payload []byte) uint32 {
	x := h.size<<16 | uint64(h.flags&^(inSlab|more))<<8 | uint64(h.kind)
	x = (x ^ 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	x ^= uint64(h.count)<<32 | uint64(h.count)
	if h.flags&summed != 0 {
		x ^= uint64(crc32.Checksum(payload, castagnoli))
	}
	x *= 0x94d049bb133111eb
	return uint32(x >> 32)
}

// sealedHeader reports whether the header can be that of an answer; a summed
// one is checked again with its payload.
func (h header) sealedHeader() bool {
	if h.kind < frameHello || h.kind > frameRetire || h.size > maxPayload {
		return false
	}
	return h.flags&summed != 0 || h.fn == h.seal(nil)
}

// A link carries frames between this process and one other: a transport. One
// goroutine at a time sends, one at a time receives; the two do not wait for
// each other.
type link interface {
	// send takes a frame; the payload is the caller's again on return. It may
	// stay here until flush. linger says that the sender is about to do
	// something that may take long: what it has sent arrives within about a
	// millisecond.
	send(h header, payload []byte) error
	flush() error
	linger()

	// recv waits for a frame. The payload is good until the next recv; if
	// owned is true then it is the caller's.
	recv() (h header, payload []byte, err error)
	owned() bool

	// ready reports whether a frame has begun to arrive. spin waits a short
	// while for a whole result, so that recv will not wait, or reports false
	// at once where that is not worth it, or something else is there.
	ready() bool
	spin() bool

	// moved changes when bytes arrive at, or are taken by, the other side.
	moved() uint64

	// hangup makes send and recv fail, now or once what has arrived is
	// received; it may be called at any time, by any goroutine.
	hangup()

	// close frees what the link took; no other call is under way.
	close()
}

var (
	errHangup   = errors.New("procpool: connection ended")
	errProtocol = errors.New("procpool: frame makes no sense")
)

// maxPayload bounds the payload of one frame.
const maxPayload = 1 << 47

// A gathering collects a payload that arrives in pieces. It never holds more
// than twice what has arrived and a first piece: a size that is announced is
// not believed.
type gathering struct {
	kept   []byte // a buffer of before, if it is large enough
	pieces [][]byte
	size   int
	n      int
}

const firstPiece = 64 << 10

func (g *gathering) begin(size uint64) {
	g.size, g.n = int(size), 0
	if cap(g.kept) >= g.size {
		g.pieces = append(g.pieces[:0], g.kept[:g.size])
	} else {
		g.pieces, g.kept = nil, nil
	}
}

// room returns where the next bytes go.
func (g *gathering) room() []byte {
	at := g.n
	for _, p := range g.pieces {
		if at < len(p) {
			return p[at:]
		}
		at -= len(p)
	}
	p := make([]byte, min(g.size-g.n, max(firstPiece, g.n)))
	g.pieces = append(g.pieces, p)
	return p
}

func (g *gathering) add(b []byte) {
	for len(b) > 0 {
		k := copy(g.room(), b)
		g.n += k
		b = b[k:]
	}
}

// keepUpTo is how large a buffer is kept for the next payload.
const keepUpTo = 4 << 20

// whole returns the payload, and whether it is the caller's.
func (g *gathering) whole() (b []byte, owned bool) {
	if len(g.pieces) == 1 {
		b = g.pieces[0]
	} else {
		b = make([]byte, 0, g.size)
		for i, p := range g.pieces {
			b = append(b, p...)
			g.pieces[i] = nil
		}
	}
	g.pieces = nil
	if owned = g.size > keepUpTo; owned {
		g.kept = nil
	} else {
		g.kept = b
	}
	return b, owned
}
