package remote

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// Connections to the server that send nothing, or half a line, do not disturb a Run, and
// neither does a node whose connection is dead and not closed.
func TestHalfOpen(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: 200 * time.Millisecond, Patience: limit, Say: func(string) {}})
			for i := range 50 {
				c, err := net.Dial("tcp", h.server.addr())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { c.Close() })
				_, _ = io.WriteString(c, []string{"", "CONN", "CONNECT {", "PING\r\nPUB x 99999999999\r\n", strings.Repeat("x", 1<<16)}[i%5])
			}
			g := newGate(t, h.server.addr())
			joins(t, Access{URL: replaceHost(h.URL(), g.l.Addr().String()) + "/main"})
			here(t, h, sleeping)
			p, err := h.Open(bounded(t), 2, job("2ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			run := begin(t, p, 150)
			run.unanswered(149)
			g.shut()
			t.Cleanup(g.release) // the node can leave then
			run.right()
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// twin serves as a node with what the coordinator has said, until leave is called or the
// test ends.
func twin(t *testing.T, h *Hub, nc *nats.Conn, in welcome) (leave func()) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(context.Background())
	w := &worker{
		program: sleeping, subjects: subjects{session: h.session, hub: in.Hub}, nc: nc, id: in.Node, lease: in.Lease,
		ctx: ctx, quit: cancel, hosts: map[int]*hosting{},
	}
	if err := w.listen(); err != nil {
		t.Fatal(err)
	}
	w.beat(false)
	ended := make(chan struct{})
	go func() { defer close(ended); w.serve(ctx) }()
	leave = func() { cancel(nil); <-ended }
	t.Cleanup(leave)
	return leave
}

// Two processes with the number of one node, as when a node says hello again for another
// one: each range counts once, and when one of them leaves the other goes on.
func TestOneNumberTwice(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: 300 * time.Millisecond, Patience: limit, Say: func(string) {}})
			token := rand.Text()
			leave := func() {}
			for range 2 {
				x := intrude(t, h)
				m, err := x.Request(h.up("hello"), encode(sleeping.hello(token)), limit)
				if err != nil {
					t.Fatal(err)
				}
				in, err := decode[welcome](m.Data)
				if err != nil || in.Node != 1 {
					t.Fatalf("welcome %+v, %v, want node 1", in, err)
				}
				leave = twin(t, h, x.Conn, in)
			}
			until(t, "the node is there", func() bool { return len(alive(h)) == 1 })
			if n := len(h.Nodes()); n != 1 {
				t.Fatalf("%d nodes, want one", n)
			}
			p, err := h.Open(bounded(t), 1, job("1ms"), Shape{Queue: queue, Prefetch: 1})
			if err != nil {
				t.Fatal(err)
			}
			rightNow(t, p, 100)
			run := begin(t, p, 100)
			run.unanswered(99)
			leave()
			run.right()
			rightNow(t, p, 20)
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A server that takes shorter messages than the longest by which a link is measured is
// measured with those that it takes; one that takes too short ones is refused.
func TestShortMessages(t *testing.T) {
	leavesNoGoroutine(t)
	s := outside(t, func(o *server.Options) { o.MaxPayload = 300 << 10 })
	h := hubAt(t, Options{Server: Access{URL: s.ClientURL()}})
	joins(t, Access{URL: h.URL()})
	p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := h.Measure(bounded(t), p); err != nil || m.RTT <= 0 {
		t.Errorf("Measure = %v, %v", m, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	short := outside(t, func(o *server.Options) { o.MaxPayload = 100 << 10 })
	if _, err := examined(t, Access{URL: short.ClientURL()}); !contains(err, "raise max_payload") {
		t.Errorf("Examine: %v", err)
	}
}

// Nothing that a Run depends on is a time of a clock: clocks of several machines may be
// far off. Only -doctor compares them.
func TestNoClockTravels(t *testing.T) {
	for _, m := range []any{hello{}, welcome{}, order{}, report{}, work{}, answer{}, beat{}} {
		for field := range reflect.TypeOf(m).Fields() {
			if field.Type == reflect.TypeFor[time.Time]() {
				t.Errorf("%T.%s is a time of a clock", m, field.Name)
			}
		}
	}
	leavesNoGoroutine(t)
	s := outside(t, nil)
	nc, err := nats.Connect(s.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	who := sleeping.identity()
	who.Now = time.Now().AddDate(0, 0, -400)
	if _, err := nc.Subscribe(subjects{session: mainSession}.up("who"), func(m *nats.Msg) { _ = m.Respond(encode(who)) }); err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if text, err := examined(t, Access{URL: s.ClientURL()}); err != nil || !strings.Contains(text, "the coordinator's is 400 days behind, give or take ") {
		t.Errorf("%v, got\n%s", err, text)
	}
}

// What listens at the port is no NATS server: the error asks about that.
func TestNoNATSServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
			c.Close()
		}
	}()
	if _, err := examined(t, Access{URL: "nats://node:secret@" + l.Addr().String()}); !contains(err, ": is that the port of a NATS server?") || contains(err, "secret") {
		t.Errorf("Examine: %v", err)
	}
}
