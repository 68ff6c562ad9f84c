package procpool

import (
	"sync/atomic"
	"unsafe"
)

// A page is memory that a worker and its parent share, and that the parent
// can still read when the worker is dead. It tells which task a dead worker
// was running, holds the results of the tasks before it in their frame, and
// lets the parent take back frames that were sent ahead.
//
// started counts the frames that the worker has begun; frames are numbered
// from 0 in the order they were sent, modulo 2^32. Frames numbered below
// withdrawn that have not begun by the time it is set are skipped; it is never
// behind started. Both are changed together, so a frame is either begun or
// taken back, never both.
//
// A pipe's worker also collects its answers here, so that those which had not
// been written when it died are not lost.
type page struct {
	word   atomic.Uint64 // withdrawn<<32 | started
	outPos atomic.Uint64 // position in the stream of answers of out[0]
	outLen atomic.Uint64 // bytes of out not known to be written
	_      [5]uint64
	journal
	out [outSize]byte
}

// A journal keeps the results of the frame that is running. The worker alone
// writes it.
type journal struct {
	elem    uint32 // number of the running task in its frame, and so how many have finished
	kept    uint32 // number of the first task in results; those before it were sent
	marked  uint32 // 1: results are marked, each with its length
	filled  uint32 // bytes of results in use, if marked
	_       [6]uint64
	results [resultSpace]byte
}

const (
	outSize     = 64 << 10
	resultSpace = 64 << 10
	pageSize    = (int(unsafe.Sizeof(page{})) + 4095) &^ 4095
)

func pageOf(mem []byte) *page { return (*page)(unsafe.Pointer(&mem[0])) }

// begin marks frame seq as begun, or reports that it was taken back.
func (p *page) begin(seq uint32) bool {
	for {
		old := p.word.Load()
		if int32(seq-uint32(old>>32)) < 0 {
			return false
		}
		if p.word.CompareAndSwap(old, uint64(seq+1)<<32|uint64(seq+1)) {
			return true
		}
	}
}

// withdraw takes back the frames below end that have not begun, and returns
// the number of the first of them.
func (p *page) withdraw(end uint32) (first uint32) {
	for {
		old := p.word.Load()
		if int32(end-uint32(old)) <= 0 {
			return end
		}
		if p.word.CompareAndSwap(old, uint64(end)<<32|old&0xffffffff) {
			// Frames up to an earlier withdrawn were gone already.
			return uint32(old)
		}
	}
}

func (p *page) started() uint32 { return uint32(p.word.Load()) }

func (j *journal) element() int { return int(atomic.LoadUint32(&j.elem)) }

// restart empties the journal, between two frames.
func (j *journal) restart() {
	publish(&j.elem, 0)
	publish(&j.kept, 0)
	publish(&j.marked, 0)
}

// salvage returns what a dead worker had kept of the frame that it was
// running: the results of n tasks from the number first on. All that it reads
// may be nonsense.
func (j *journal) salvage() (h header, data []byte, first, n int) {
	first, n = int(j.kept), j.element()-int(j.kept)
	if n <= 0 {
		return header{}, nil, first, 0
	}
	h = header{kind: frameOK, count: uint32(n)}
	if j.marked != 0 {
		h.kind = frameMixed
		return h, append([]byte(nil), j.results[:min(j.filled, resultSpace)]...), first, n
	}
	return h, append([]byte(nil), j.results[:]...), first, n
}
