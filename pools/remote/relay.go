package remote

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"time"
)

// A relay is an emulated link: connections to it reach the target late, slowly and
// with stalls. Each direction of a connection has a thread that sleeps in a system
// call, because Go's timers can be late by a millisecond.
type relay struct {
	link   Link
	target string
	l      net.Listener
	late   *lateness // of one direction by itself; taken from its delay
	ended  chan struct{}
	grows  func(threads int) // is told of how many threads there are; nil is nobody

	mu    sync.Mutex
	conns map[net.Conn]bool
	wg    sync.WaitGroup
	seed  uint64
}

// newRelay starts a relay on a free port of 127.0.0.1. It closes late with itself. The caller
// calls close.
func newRelay(link Link, target string, late *lateness) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		late.close()
		return nil, fmt.Errorf("remote: link: %w", err)
	}
	r := &relay{link: link, target: target, l: l, late: late, ended: make(chan struct{}), conns: map[net.Conn]bool{}}
	r.wg.Go(r.accept)
	return r, nil
}

func (r *relay) addr() string { return r.l.Addr().String() }

func (r *relay) accept() {
	for {
		in, err := r.l.Accept()
		if err != nil {
			return
		}
		out, err := net.DialTimeout("tcp", r.target, dialTime)
		if err != nil {
			in.Close()
			continue
		}
		r.mu.Lock()
		select {
		case <-r.ended:
			r.mu.Unlock()
			in.Close()
			out.Close()
			return
		default:
		}
		r.conns[in], r.conns[out] = true, true
		if r.grows != nil {
			r.grows(len(r.conns))
		}
		r.seed += 2
		for i, way := range [2][2]net.Conn{{in, out}, {out, in}} {
			rng := rand.New(rand.NewPCG(r.seed, uint64(i)))
			q := &pipe{chunks: make(chan chunk, 4096)}
			r.wg.Go(func() { r.read(way[0], q) })
			r.wg.Go(func() { r.write(way[1], q, rng) })
		}
		r.mu.Unlock()
	}
}

// A pipe is one direction of a connection.
type pipe struct{ chunks chan chunk }

// A chunk is bytes on their way, and when they came.
type chunk struct {
	data []byte
	at   time.Time
}

// read reads what comes. It ends with the connection.
func (r *relay) read(from net.Conn, q *pipe) {
	defer close(q.chunks)
	for {
		buf := make([]byte, 16<<10)
		n, err := from.Read(buf)
		if n > 0 {
			select {
			case q.chunks <- chunk{buf[:n], time.Now()}:
			case <-r.ended:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// write passes chunks on when they are due. A chunk is on the link when the one
// before it has left, and arrives half a round trip after it has left.
func (r *relay) write(to net.Conn, q *pipe, rng *rand.Rand) {
	runtime.LockOSThread() // never unlocked: the thread ends with its timer slack
	sharpTimer()
	defer to.Close()
	defer func() {
		for range q.chunks { // so that read does not hang
		}
	}()
	var free time.Time // when the link has sent what it has
	for c := range q.chunks {
		begin := c.at
		if free.After(begin) {
			begin = free
		}
		packets := float64((len(c.data) + packet - 1) / packet)
		if r.link.Loss > 0 && rng.Float64() < 1-math.Pow(1-r.link.Loss, packets) {
			begin = begin.Add(r.link.retransmission())
		}
		free = begin.Add(r.link.takes(len(c.data)))
		if !r.sleepUntil(free.Add(r.link.RTT/2 - r.late.now())) {
			return
		}
		if _, err := to.Write(c.data); err != nil {
			return
		}
	}
}

// sleepUntil returns false if the relay has ended.
func (r *relay) sleepUntil(at time.Time) bool {
	for {
		select {
		case <-r.ended:
			return false
		default:
		}
		left := time.Until(at)
		if left <= 0 {
			return true
		}
		nanosleep(min(left, 50*time.Millisecond))
	}
}

// cut breaks all connections, as a cable that is pulled and put back.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.conns {
		c.Close()
	}
	clear(r.conns)
}

func (r *relay) close() {
	r.mu.Lock()
	close(r.ended)
	r.mu.Unlock()
	r.l.Close()
	r.cut()
	r.wg.Wait()
	r.late.close()
}
