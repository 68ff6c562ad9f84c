package remote

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"amdahl/pools"
)

func job(spec string) pools.Job { return pools.Job{Spec: spec} }

func contains(err error, text string) bool {
	return err != nil && strings.Contains(err.Error(), text)
}

// leavesNoGoroutine checks at the end of the test, after all that is registered later,
// that no goroutine is left.
func leavesNoGoroutine(t testing.TB) {
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for deadline := time.Now().Add(limit); runtime.NumGoroutine() > before; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				buf := make([]byte, 1<<20)
				t.Fatalf("%d goroutines are left, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
			}
		}
	})
}

// startAt starts a node in this process that reaches the server by a, and returns when it
// has joined or ended: how to make it leave, and its end. It leaves with the test.
func startAt(t *testing.T, a Access, p Program) (leave func(), ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	end, ready := make(chan error, 1), make(chan struct{})
	go func() {
		end <- Join(ctx, p, JoinOptions{Server: a, Ready: func(int) { close(ready) }})
	}()
	select {
	case <-ready:
	case err := <-end:
		end <- err
	case <-time.After(limit):
		t.Fatal("the node does not join")
	}
	t.Cleanup(cancel)
	return cancel, end
}

// here starts a node of the hub in this process and returns how to make it leave, and its
// end.
func here(t *testing.T, h *Hub, p Program) (leave func(), ended <-chan error) {
	t.Helper()
	return startAt(t, Access{URL: h.URL()}, p)
}

// joins starts a node in this process that reaches the server by a, and checks at the end
// of the test that it ends without an error.
func joins(t *testing.T, a Access) {
	t.Helper()
	leave, ended := startAt(t, a, sleeping)
	t.Cleanup(func() {
		leave()
		if err := <-ended; err != nil {
			t.Errorf("Join: %v", err)
		}
	})
}

// A background is a Run of the tasks [0, n) of a pool beside the test.
type background struct {
	t     *testing.T
	p     *Pool
	n     int
	ended chan ending
}

// An ending is what Run returned.
type ending struct {
	sum uint64
	err error
}

// begin begins a background. The caller calls right, or ends.
func begin(t *testing.T, p *Pool, n int) *background {
	t.Helper()
	b, ctx := &background{t, p, n, make(chan ending, 1)}, bounded(t)
	go func() {
		sum, err := p.Run(ctx, 0, n)
		b.ended <- ending{sum, err}
	}()
	return b
}

// ends waits for the end.
func (b *background) ends() ending {
	b.t.Helper()
	select {
	case e := <-b.ended:
		return e
	case <-time.After(limit):
		b.t.Fatal("Run does not end")
		return ending{}
	}
}

// right waits for the end and checks the sum.
func (b *background) right() {
	b.t.Helper()
	if e := b.ends(); e.err != nil || e.sum != sumOf(b.n) {
		b.t.Errorf("Run = %d, %v, want %d", e.sum, e.err, sumOf(b.n))
	}
}

// unanswered waits until at least one range has been answered and at most n have not, or
// until Run has ended.
func (b *background) unanswered(n int) {
	b.t.Helper()
	until(b.t, "enough ranges have been answered", func() bool {
		select {
		case e := <-b.ended:
			b.ended <- e
			return true
		default:
		}
		b.p.mu.Lock()
		r := b.p.run
		b.p.mu.Unlock()
		if r == nil {
			return false
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.left < len(r.ranges) && r.left <= n
	})
}

// rightNow runs the tasks [0, n) of a pool and checks the sum.
func rightNow(t *testing.T, p *Pool, n int) {
	t.Helper()
	begin(t, p, n).right()
}

// alive lists the nodes that are not lost.
func alive(h *Hub) (all []Node) {
	for _, n := range h.Nodes() {
		if !n.Lost {
			all = append(all, n)
		}
	}
	return all
}

// An intruder is a client with the rights of a node that does not keep to the protocol.
type intruder struct {
	*nats.Conn
	t      *testing.T
	denied chan error
}

// intrude connects an intruder to the server of a hub, until the end of the test.
func intrude(t *testing.T, h *Hub) *intruder {
	t.Helper()
	x := &intruder{t: t, denied: make(chan error, 100)}
	nc, _, err := Access{URL: h.URL()}.connect("intruder", nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		select {
		case x.denied <- err:
		default:
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	x.Conn = nc
	return x
}

// refused fails the test if the server does not refuse what the intruder did last.
func (x *intruder) refused(what string) {
	x.t.Helper()
	if err := x.Flush(); err != nil {
		x.t.Fatal(err)
	}
	select {
	case err := <-x.denied:
		if !strings.Contains(err.Error(), "ermissions violation") {
			x.t.Errorf("%s: %v", what, err)
		}
	case <-time.After(limit):
		x.t.Errorf("a node may %s", what)
	}
}

// send publishes a message and waits until the server has it.
func (x *intruder) send(subject string, data []byte) {
	x.t.Helper()
	if err := x.Publish(subject, data); err != nil {
		x.t.Fatal(err)
	}
	if err := x.Flush(); err != nil {
		x.t.Fatal(err)
	}
}

// listens subscribes, and returns when the server knows.
func (x *intruder) listens(subject string, handle nats.MsgHandler) *nats.Subscription {
	x.t.Helper()
	sub, err := x.Subscribe(subject, handle)
	if err == nil {
		err = x.Flush()
	}
	if err != nil {
		x.t.Fatal(err)
	}
	return sub
}
