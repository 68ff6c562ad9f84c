package child

import (
	"io"
	"os"
	"reflect"
	"sync"
)

// A tail keeps the end of what a child wrote.
type tail struct {
	mu  sync.Mutex
	end []byte
}

const tailSize = 64 << 10 // the dump of a crash, whose first line is the telling one, takes 10 to 30 KiB

func (t *tail) add(b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, b[max(0, len(b)-tailSize):]...)
	if over := len(t.end) - tailSize; over > 0 {
		t.end = append(t.end[:0], t.end[over:]...)
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.end)
}

// passOn copies what a child prints to an outlet, until the end or giveUp. A
// writer that blocks holds up the child that prints, and nothing else.
func passOn(r *os.File, out *outlet, t *tail, giveUp chan struct{}) {
	if out != nil {
		defer out.release()
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			if t != nil {
				t.add(buf[:n])
			}
			if out != nil && !out.write(append([]byte(nil), buf[:n]...), giveUp) {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// An outlet is a goroutine that writes to one writer of the user's, for all
// children that share it: the writer is called by one goroutine at a time, and
// if it never returns, that goroutine is all that waits for it.
type outlet struct {
	to     io.Writer
	chunks chan chunk

	// Guarded by outlets.
	users int
	busy  bool // the writer has been called and has not returned
}

type chunk struct {
	data    []byte
	written chan struct{}
}

var outlets struct {
	sync.Mutex
	of map[io.Writer]*outlet
}

// outletOf returns the outlet of a writer; whoever gets it releases it.
func outletOf(w io.Writer) *outlet {
	if w == nil {
		return nil
	}
	outlets.Lock()
	defer outlets.Unlock()
	shared := hashable(w)
	if shared {
		if o := outlets.of[w]; o != nil {
			o.users++
			return o
		}
	}
	o := &outlet{to: w, chunks: make(chan chunk), users: 1}
	if shared {
		if outlets.of == nil {
			outlets.of = map[io.Writer]*outlet{}
		}
		outlets.of[w] = o
	}
	go o.run()
	return o
}

// hashable reports whether a writer can be the key of a map.
func hashable(w io.Writer) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return reflect.ValueOf(w).Comparable()
}

func (o *outlet) run() {
	for c := range o.chunks {
		o.one(c)
	}
}

// one writes a chunk. The writer may panic or call Goexit.
func (o *outlet) one(c chunk) {
	o.mark(true)
	returned := false
	defer func() {
		if r := recover(); r == nil && !returned {
			go o.run()
		}
		o.mark(false)
		close(c.written)
	}()
	o.to.Write(c.data) // its errors must not stop the child
	returned = true
}

func (o *outlet) mark(busy bool) {
	outlets.Lock()
	defer outlets.Unlock()
	o.busy = busy
	o.endIfUnused()
}

// endIfUnused ends the goroutine of an outlet without users. One whose writer
// does not return stays known, so that the writer is not called twice at once.
func (o *outlet) endIfUnused() {
	if o.users > 0 || o.busy {
		return
	}
	if hashable(o.to) && outlets.of[o.to] == o {
		delete(outlets.of, o.to)
	}
	close(o.chunks)
}

// write passes data on and waits until it is written; false means that it gave
// up first.
func (o *outlet) write(data []byte, giveUp chan struct{}) bool {
	c := chunk{data, make(chan struct{})}
	select {
	case o.chunks <- c:
	case <-giveUp:
		return false
	}
	select {
	case <-c.written:
		return true
	case <-giveUp:
		return false
	}
}

// release ends one use.
func (o *outlet) release() {
	outlets.Lock()
	defer outlets.Unlock()
	o.users--
	o.endIfUnused()
}
