package remote

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"
)

// A Hub is the coordinator: it has the connection to the server, and knows the
// nodes. Its methods can be called from several goroutines at a time.
type Hub struct {
	program Program
	o       Options
	subjects
	server    *embedded // nil if the server is somebody else's
	relayAddr string    // where nodes connect to, if the link is emulated
	relay     *relay    // the emulated link, if it is in this process
	stopRelay func() error
	access    Access        // how this process reaches the server
	options   []nats.Option // of every connection of this process
	nc        *nats.Conn
	js        jetstream.JetStream
	subs      []*nats.Subscription
	stopWatch chan struct{}
	watching  sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	nodes   map[int]*node
	tokens  map[string]int // node by its token
	last    int            // number of the last node
	pools   map[int]*Pool
	opened  int
	changed chan struct{} // closed when a node joins, is lost or comes back
	stops   []func() error
}

// NewHub connects to a server, or starts one. The caller calls Close.
func NewHub(program Program, o Options) (_ *Hub, err error) {
	o = o.complete()
	o.Say = sparing(rate.NewLimiter(rate.Every(time.Second), mostLines), o.Say)
	h := &Hub{
		program: program, o: o, stopWatch: make(chan struct{}),
		nodes: map[int]*node{}, tokens: map[string]int{}, pools: map[int]*Pool{}, changed: make(chan struct{}),
	}
	h.hub = rand.Text()
	defer func() {
		if err != nil {
			err = errors.Join(err, h.Close())
		}
	}()
	access := o.Server
	if access.URL == "" {
		h.session = cmp.Or(o.Session, mainSession)
		h.server, err = serve(serverOptions{listen: o.Listen, token: o.Token, session: h.session, dir: o.Dir, tls: o.TLS})
		if err != nil {
			return h, err
		}
		access = Access{URL: h.server.url(coordinatorUser, h.server.addr(), h.session)}
	}
	h.access = access
	if h.server != nil {
		h.options = append(h.options, nats.CustomInboxPrefix("_HUB."+h.hub)) // no node can listen there
	}
	if h.server != nil && o.TLS != nil {
		// The certificate is for other names than that of loopback, and the connection does
		// not leave this process.
		h.options = append(h.options, nats.InProcessServer(h.server), nats.Secure(&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}))
	}
	h.nc, h.session, err = access.connect("amdahl coordinator", append(h.options, nats.ReconnectHandler(func(*nats.Conn) { h.reconnected() }))...)
	if err != nil {
		return h, err
	}
	if o.Session != "" {
		h.session = o.Session
	}
	if h.js, err = jetstream.New(h.nc); err != nil {
		return h, fmt.Errorf("remote: %w", err)
	}
	if err := h.alone(); err != nil {
		return h, err
	}
	h.sweep()
	if err := h.listen(); err != nil {
		return h, err
	}
	if o.Link != (Link{}) {
		if err := h.emulate(); err != nil {
			return h, err
		}
	}
	h.watching.Add(1)
	go h.watch()
	return h, nil
}

// emulate starts the emulated link: as a process of its own where Options.Helper
// starts one, else in this one.
func (h *Hub) emulate() error {
	link, target := h.o.Link, h.serverAddr()
	if h.o.Helper == nil {
		late, err := newLateness(link)
		if err != nil {
			return fmt.Errorf("remote: link: %w", err)
		}
		r, err := newRelay(link, target, late)
		if err != nil {
			return err
		}
		h.relay, h.relayAddr = r, r.addr()
		h.stopRelay = func() error { r.close(); return nil }
		return nil
	}
	addr, stop, err := h.o.Helper(context.Background(), LinkRole, link.Text()+" "+target)
	if err != nil {
		return fmt.Errorf("remote: link: %w", err)
	}
	h.relayAddr, h.stopRelay = addr, stop
	return nil
}

// listen subscribes to what nodes say.
func (h *Hub) listen() error {
	for subject, handle := range map[string]nats.MsgHandler{
		h.up("hello"):    func(m *nats.Msg) { h.onHello(m.Data, func(w welcome) { _ = m.Respond(encode(w)) }) },
		h.up("beat"):     func(m *nats.Msg) { h.onBeat(m.Data) },
		h.up("answer.*"): func(m *nats.Msg) { h.onAnswer(m.Data) },
		h.up("who"):      func(m *nats.Msg) { _ = m.Respond(encode(h.program.identity())) },
	} {
		sub, err := h.nc.Subscribe(subject, handle)
		if err != nil {
			return fmt.Errorf("remote: %w", err)
		}
		h.subs = append(h.subs, sub)
	}
	if err := h.nc.Flush(); err != nil {
		return fmt.Errorf("remote: %w", err)
	}
	return nil
}

// URL is what a node joins at. It holds the token of the server.
func (h *Hub) URL() string {
	if h.server == nil {
		a := h.o.Server
		server, _, _ := a.parse()
		if h.relayAddr != "" {
			server = replaceHost(server, h.relayAddr)
		}
		return strings.TrimSuffix(server, "/") + "/" + h.session
	}
	addr := h.server.addrForOthers()
	if h.relayAddr != "" {
		addr = h.relayAddr
	}
	return h.server.url(nodeUser, addr, h.session)
}

// serverAddr is the address of the server for this machine.
func (h *Hub) serverAddr() string {
	if h.server != nil {
		return h.server.addr()
	}
	return hostOf(h.o.Server.URL)
}

// onAnswer passes an answer to its pool.
func (h *Hub) onAnswer(data []byte) {
	m, err := decode[answer](data)
	if err != nil {
		return
	}
	h.mu.Lock()
	p := h.pools[m.Pool]
	n := h.nodes[m.Node]
	if n != nil {
		delete(n.held, held{m.Pool, m.Run, m.ID})
	}
	h.mu.Unlock()
	if m.Fail != nil {
		m.Fail.Text, m.Fail.Stack = shown(m.Fail.Text, maxText), []byte(shown(string(m.Fail.Stack), maxStack))
	}
	if p != nil && n != nil {
		p.onAnswer(m)
	}
}

// watch looks for nodes that give no sign of life, and lets pools look for ranges
// that are lost, until Close.
func (h *Hub) watch() {
	defer h.watching.Done()
	tick := time.NewTicker(beatEvery(h.o.Lease))
	defer tick.Stop()
	for {
		select {
		case <-h.stopWatch:
			return
		case <-tick.C:
		}
		h.mu.Lock()
		for _, n := range h.nodes {
			if !n.Lost && time.Since(n.seen) > h.o.Lease {
				h.lose(n, fmt.Sprintf("is lost: no sign of life for %v", h.o.Lease))
			}
		}
		var pools []*Pool
		for _, p := range h.pools {
			pools = append(pools, p)
		}
		h.mu.Unlock()
		_ = h.nc.Publish(h.everyNode(), nil)
		for _, p := range pools {
			p.look(false)
		}
	}
}

// reconnected lets pools look at once what the server has lost.
func (h *Hub) reconnected() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.pools {
		p.suspect.Store(true)
	}
}

// Close tells the nodes to leave, ends those that Options.Start started, and ends
// the server if it is the hub's own. A second call does nothing.
func (h *Hub) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	var pools []*Pool
	for _, p := range h.pools {
		pools = append(pools, p)
	}
	stops := h.stops
	h.mu.Unlock()
	var errs []error
	for _, p := range pools {
		errs = append(errs, p.Close())
	}
	close(h.stopWatch)
	h.watching.Wait()
	if h.nc != nil {
		_ = h.nc.Publish(h.everyNode(), encode(order{Op: opQuit}))
		_ = h.nc.FlushTimeout(time.Second)
	}
	errs = append(errs, together(stops))
	for _, s := range h.subs {
		_ = s.Unsubscribe()
	}
	if h.nc != nil {
		h.nc.Close()
	}
	if h.stopRelay != nil {
		errs = append(errs, h.stopRelay())
	}
	if h.server != nil {
		errs = append(errs, h.server.close())
	}
	return errors.Join(errs...)
}

// together calls functions at the same time and joins their errors.
func together(all []func() error) error {
	errs := make([]error, len(all))
	var wg sync.WaitGroup
	for i, f := range all {
		wg.Go(func() { errs[i] = f() })
	}
	wg.Wait()
	return errors.Join(errs...)
}
