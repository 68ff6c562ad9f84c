package remote

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// outside starts a NATS server that is not the coordinator's, and ends it with the test.
// It has JetStream and a free port of loopback beside what edit sets.
func outside(t *testing.T, edit func(*server.Options)) *server.Server {
	t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoLog: true, NoSigs: true, JetStream: true, StoreDir: t.TempDir()}
	if edit != nil {
		edit(o)
	}
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(readyTime) {
		t.Fatal("the server does not accept connections")
	}
	return s
}

// hubAt makes a hub at a server that exists. The test closes it, or its end.
func hubAt(t *testing.T, o Options) *Hub {
	t.Helper()
	if o.Say == nil {
		o.Say = func(string) {}
	}
	h, err := NewHub(sleeping, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return h
}

// runs opens a pool of one worker under every queue and runs tasks.
func runs(t *testing.T, h *Hub) {
	t.Helper()
	for _, queue := range Queues {
		p, err := h.Open(bounded(t), 1, job("1ms"), Shape{Queue: queue})
		if err != nil {
			t.Fatal(err)
		}
		rightNow(t, p, 20)
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// streams lists the work queues of a server.
func streams(t *testing.T, url string) (names []string) {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	list := js.StreamNames(bounded(t))
	for name := range list.Name() {
		names = append(names, name)
	}
	if list.Err() != nil {
		t.Fatal(list.Err())
	}
	return names
}

// Of a coordinator and nodes at somebody else's server nothing is left there: no work
// queue and no connection.
func TestLeavesServerClean(t *testing.T) {
	leavesNoGoroutine(t)
	s := outside(t, nil)
	h := hubAt(t, Options{Server: Access{URL: s.ClientURL()}})
	joins(t, Access{URL: h.URL()})
	runs(t, h)
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "all connections are closed", func() bool { return s.NumClients() == 0 })
	if left := streams(t, s.ClientURL()); len(left) > 0 {
		t.Errorf("work queues are left: %v", left)
	}
}

// A second coordinator in the same session of a server is refused and told what to do; in
// a session of its own it has its own nodes.
func TestTwoCoordinators(t *testing.T) {
	leavesNoGoroutine(t)
	s := outside(t, nil)
	one := hubAt(t, Options{Server: Access{URL: s.ClientURL() + "/one"}})
	if h, err := NewHub(sleeping, Options{Server: Access{URL: s.ClientURL() + "/one"}}); !contains(err, `is measuring in session "one" of this server: give another session, as in nats://host:4222/mine`) {
		t.Errorf("a second coordinator: %v", err)
		if err == nil {
			h.Close()
		}
	}
	two := hubAt(t, Options{Server: Access{URL: s.ClientURL() + "/two"}})
	for _, h := range []*Hub{one, two} {
		joins(t, Access{URL: h.URL()})
		runs(t, h)
		if nodes := h.Nodes(); len(nodes) != 1 {
			t.Errorf("session %s has nodes %v, want one", h.session, nodes)
		}
	}
}

// A coordinator is killed while it measures: what it has left on the server, a work queue
// with ranges and a node that does not know yet, does not disturb the next one in the
// same session; and the next one removes the work queue.
func TestKilledCoordinator(t *testing.T) {
	leavesNoGoroutine(t)
	s := outside(t, nil)
	url := s.ClientURL()
	dead, err := NewHub(sleeping, Options{Server: Access{URL: url}, Lease: 200 * time.Millisecond, Patience: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close() // which can tell nobody any more
	joins(t, Access{URL: dead.URL()})
	p, err := dead.Open(bounded(t), 1, job("5ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	end := make(chan error, 1)
	go func() {
		_, err := p.Run(bounded(t), 0, 5000)
		end <- err
	}()
	until(t, "the work queue has ranges", func() bool {
		info, err := dead.js.Stream(bounded(t), dead.stream(1))
		return err == nil && info.CachedInfo().State.Msgs > 0
	})
	dead.nc.Close() // it is gone without a word
	h := hubAt(t, Options{Server: Access{URL: url}})
	if left := streams(t, url); len(left) > 0 {
		t.Errorf("work queues are left: %v", left)
	}
	joins(t, Access{URL: h.URL()})
	if nodes := h.Nodes(); len(nodes) != 1 || nodes[0].ID != 1 {
		t.Fatalf("nodes %v, want one with the number that the other one has too", nodes)
	}
	runs(t, h)
	if err := <-end; err == nil {
		t.Error("the Run of the dead coordinator ended without an error")
	}
}

// A node whose coordinator is silent for long ends, and with Again waits for the next.
func TestCoordinatorDies(t *testing.T) {
	leavesNoGoroutine(t)
	before := leastSilent
	leastSilent = 300 * time.Millisecond
	t.Cleanup(func() { leastSilent = before })
	h, err := NewHub(sleeping, Options{Lease: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lines, once, again := make(chan string, 1000), make(chan error, 1), make(chan error, 1)
	joined := make(chan int, 2)
	o := JoinOptions{Server: Access{URL: h.URL()}, Ready: func(n int) { joined <- n }}
	go func() { once <- Join(ctx, sleeping, o) }()
	waits := o
	waits.Again, waits.Say = true, func(line string) { lines <- line }
	go func() { again <- Join(ctx, sleeping, waits) }()
	<-joined
	<-joined
	h.server.stop() // with the coordinator's process its server dies
	select {
	case err := <-once:
		if err != nil {
			t.Errorf("Join: %v, want nil", err)
		}
	case <-time.After(limit):
		t.Fatal("the node does not end")
	}
	seen := map[string]int{}
	for text := ""; !strings.HasSuffix(text, "/main: nothing listens there"); {
		select {
		case text = <-lines:
			seen[text]++
		case <-time.After(limit):
			t.Fatalf("the other node says %v, want that it waits", seen)
		}
	}
	cancel()
	if err := <-again; err != nil {
		t.Errorf("Join after its end: %v, want nil", err)
	}
}

// Whatever address the server listens at, the URL that is printed leads there; and where it
// cannot listen it says so at once.
func TestListenAddresses(t *testing.T) {
	for _, listen := range []string{"127.0.0.1:0", "[::1]:0", "localhost:0"} {
		if l, err := net.Listen("tcp", listen); err != nil {
			t.Logf("%s is left out: %v", listen, err)
			continue
		} else {
			l.Close()
		}
		h := newHub(t, sleeping, Options{Listen: listen})
		joins(t, Access{URL: h.URL()})
		runs(t, h)
		if host, _, _ := net.SplitHostPort(listen); !strings.Contains(h.URL(), host) {
			t.Errorf("%s: the URL is %s", listen, h.URL())
		}
		if _, err := NewHub(sleeping, Options{Listen: h.server.addr()}); !contains(err, "a port that is free") {
			t.Errorf("%s again: %v", listen, err)
		}
	}
	for _, listen := range []string{":4222", "0.0.0.0:4222", "[::]:4222"} {
		host, port, err := ParseListen(listen)
		e := &embedded{opts: &server.Options{Host: host, Port: port}}
		others, _, _ := net.SplitHostPort(e.addrForOthers())
		here, _, _ := net.SplitHostPort(e.addr())
		if ip := net.ParseIP(others); err != nil || ip == nil || ip.IsUnspecified() || here != "127.0.0.1" {
			t.Errorf("%s: for others %s, here %s, %v", listen, others, here, err)
		}
	}
	if _, err := NewHub(sleeping, Options{Listen: "192.0.2.77:0"}); !contains(err, "an address of this machine") {
		t.Errorf("an address of another machine: %v", err)
	}
}

// An error that would come again ends a node that waits for coordinators.
func TestJoinGivesUp(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	other := sleeping
	other.Build = "other"
	for _, tt := range []struct {
		name string
		p    Program
		a    Access
		want string
	}{
		{"a wrong token", sleeping, Access{URL: strings.Replace(h.URL(), h.server.token, "guess", 1)}, "copy the whole URL"},
		{"another build", other, Access{URL: h.URL()}, "build both from the same sources"},
		{"no URL", sleeping, Access{URL: "192.168.1.10"}, "write nats://host:4222"},
		{"credentials that are not there", sleeping, Access{URL: h.URL(), Creds: "no-such.creds"}, "-creds: open no-such.creds"},
		{"a certificate without its key", sleeping, Access{URL: h.URL(), Cert: "x"}, "write -cert FILE -key FILE"},
		{"encryption that is not there", sleeping, Access{URL: strings.Replace(h.URL(), "nats://", "tls://", 1)}, "write nats:// instead of tls://"},
	} {
		if err := Join(bounded(t), tt.p, JoinOptions{Server: tt.a, Again: true}); !contains(err, tt.want) || strings.Contains(err.Error(), h.server.token) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
