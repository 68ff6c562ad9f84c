package procpool

import "errors"

// A header stands before every payload, in both directions. On the wire it is
// two words: size<<16 | flags<<8 | kind, and count<<32 | fn.
type header struct {
	kind  byte
	flags byte   // of the transport
	fn    uint32 // which function
	count uint32 // how many tasks
	size  uint64 // bytes of payload
}

const headerSize = 16

// To a worker come setup (once), calls, and the end. Each call gets exactly
// one answer, in order.
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

func (h header) words() (uint64, uint64) {
	return h.size<<16 | uint64(h.flags)<<8 | uint64(h.kind), uint64(h.count)<<32 | uint64(h.fn)
}

func headerOf(a, b uint64) header {
	return header{kind: byte(a), flags: byte(a >> 8), size: a >> 16, fn: uint32(b), count: uint32(b >> 32)}
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

	// recv waits for a frame. The payload is good until the next recv.
	recv() (header, []byte, error)

	// ready reports whether a frame is there already; spin waits a short
	// while for one, or reports false at once where that is not worth it.
	ready() bool
	spin() bool

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
