package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
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

// A node is another process that has joined.
type node struct {
	Node
	seen time.Time
	held map[held]time.Time // since when it has held a range
}

// A Node is what the hub knows of a process that has joined.
type Node struct {
	ID      int
	Host    string // name of the machine
	System  string // "linux/amd64"
	Pid     int
	Procs   int      // processors
	Machine []string // lines that describe the machine
	Lost    bool     // it gives no sign of life
}

// NewHub connects to a server, or starts one. The caller calls Close.
func NewHub(program Program, o Options) (_ *Hub, err error) {
	o = o.complete()
	h := &Hub{
		program: program, o: o, stopWatch: make(chan struct{}),
		nodes: map[int]*node{}, tokens: map[string]int{}, pools: map[int]*Pool{}, changed: make(chan struct{}),
	}
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
	about := []nats.Option{nats.ReconnectHandler(func(*nats.Conn) { h.reconnected() })}
	if h.server != nil && o.TLS != nil {
		about = append(about, nats.InProcessServer(h.server)) // its certificate is not for loopback
	}
	h.nc, h.session, err = access.connect("amdahl coordinator", about...)
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
	link, target := h.o.Link, h.nodeAddr()
	if h.o.Helper == nil {
		slack, err := calibrate(link)
		if err != nil {
			return fmt.Errorf("remote: link: %w", err)
		}
		r, err := newRelay(link, target, slack)
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

// alone refuses a session that another coordinator has. Its request is the first of
// the connection, which starts what all requests share.
func (h *Hub) alone() error {
	m, err := h.nc.Request(h.up("who"), nil, 500*time.Millisecond)
	if err == nil {
		who, _ := decode[identity](m.Data)
		return fmt.Errorf("remote: %q is measuring in session %q of this server: give another session, as in nats://host:4222/mine", cut(who.Host, maxLine), h.session)
	}
	if errors.Is(err, nats.ErrNoResponders) || errors.Is(err, nats.ErrTimeout) {
		return nil
	}
	return fmt.Errorf("remote: %w", err)
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
	return h.server.url(nodeUser, h.nodeAddr(), h.session)
}

// nodeAddr is the address that nodes connect to.
func (h *Hub) nodeAddr() string {
	switch {
	case h.relayAddr != "":
		return h.relayAddr
	case h.server != nil:
		return h.server.addr()
	}
	return hostOf(h.o.Server.URL)
}

// Nodes lists the nodes that have joined and not left, by their numbers.
func (h *Hub) Nodes() []Node {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []Node
	for _, n := range h.nodes {
		all = append(all, n.Node)
	}
	slices.SortFunc(all, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// onHello takes a node or refuses it.
func (h *Hub) onHello(data []byte, reply func(welcome)) {
	m, err := decode[hello](data)
	if err != nil || len(m.Token) > maxLine {
		return // not of a program of ours
	}
	if why := h.program.refuses(m); why != "" {
		h.o.Say(fmt.Sprintf("refused %s (process %d): %s", cut(m.Host, maxLine), m.Pid, why))
		reply(welcome{Refused: why})
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if id, known := h.tokens[m.Token]; known {
		reply(welcome{Node: id, Lease: h.o.Lease}) // the first reply was lost
		return
	}
	if !h.room() {
		reply(welcome{Refused: fmt.Sprintf("there are %d nodes, and no more are taken", maxNodes)})
		return
	}
	h.last++
	n := &node{seen: time.Now(), held: map[held]time.Time{}, Node: Node{
		ID: h.last, Host: cut(m.Host, maxLine), System: cut(m.System, maxLine), Pid: m.Pid, Procs: m.Procs,
	}}
	for _, line := range m.Machine[:min(len(m.Machine), maxLines)] {
		n.Machine = append(n.Machine, cut(line, maxLine))
	}
	h.nodes[n.ID], h.tokens[m.Token] = n, n.ID
	reply(welcome{Node: n.ID, Lease: h.o.Lease})
	h.o.Say(fmt.Sprintf("node %d joined: %s, %s, %d processors, process %d", n.ID, n.Host, n.System, n.Procs, n.Pid))
	h.notify()
}

// onBeat notes a sign of life, and which ranges are held.
func (h *Hub) onBeat(data []byte) {
	m, err := decode[beat](data)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.nodes[m.Node]
	if n == nil {
		return
	}
	if m.Leaving {
		h.lose(n, "has left")
		return
	}
	now := time.Now()
	n.seen = now
	if n.Lost {
		n.Lost = false
		h.o.Say(fmt.Sprintf("node %d is back: %s", n.ID, n.Host))
		h.notify()
	}
	before := n.held
	n.held = map[held]time.Time{}
	for _, r := range m.Held[:min(len(m.Held), maxHeld)] {
		since, ok := before[r]
		if !ok {
			since = now
		}
		n.held[r] = since
	}
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
	if p != nil && n != nil {
		p.onAnswer(m)
	}
}

// notify wakes whoever waits for nodes. The caller holds mu.
func (h *Hub) notify() {
	close(h.changed)
	h.changed = make(chan struct{})
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

// lose notes that a node is not there. The caller holds mu.
func (h *Hub) lose(n *node, why string) {
	if n.Lost {
		return
	}
	n.Lost = true
	clear(n.held)
	h.o.Say(fmt.Sprintf("node %d (%s, process %d) %s", n.ID, n.Host, n.Pid, why))
	h.notify()
}

// room makes room for one more node, if need be in place of one that is lost.
// The caller holds mu.
func (h *Hub) room() bool {
	if len(h.nodes) < maxNodes {
		return true
	}
	for id, n := range h.nodes {
		if n.Lost {
			delete(h.nodes, id)
			for token, of := range h.tokens {
				if of == id {
					delete(h.tokens, token)
				}
			}
			return true
		}
	}
	return false
}

// holds reports whether a node that is alive says that it holds the range, and
// has not held it for too long.
func (h *Hub) holds(r held) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.nodes {
		if since, ok := n.held[r]; ok && !n.Lost && time.Since(since) < h.o.MostHeld {
			return true
		}
	}
	return false
}

// errLost is wrapped by the error of an order to a node that is lost.
var errLost = errors.New("the node is lost")

// lostIsFine is err, and nil if the node is lost: what it was to do is done by that.
func lostIsFine(_ report, err error) error {
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// order tells a node something, and waits for its report until the node is lost.
func (h *Hub) order(ctx context.Context, id int, o order) (report, error) {
	where := fmt.Sprintf("remote: node %d: %s", id, o.Op)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() { h.untilLost(id, cancel, ended) })
	m, err := h.nc.RequestWithContext(ctx, h.down(id), encode(o))
	close(ended)
	waiting.Wait()
	if errors.Is(err, nats.ErrNoResponders) {
		h.mu.Lock()
		if n := h.nodes[id]; n != nil {
			h.lose(n, "is not connected any more")
		}
		h.mu.Unlock()
		err = errLost
	} else if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return report{}, fmt.Errorf("%s: %w", where, err)
	}
	r, err := decode[report](m.Data)
	if err != nil {
		return report{}, fmt.Errorf("%s: its report cannot be read: %w", where, err)
	}
	if len(r.Counters) > maxCounters {
		return report{}, fmt.Errorf("%s: it reports %d counters: at most %d are read", where, len(r.Counters), maxCounters)
	}
	if r.Err != "" {
		return r, fmt.Errorf("%s: %s", where, cut(r.Err, maxText))
	}
	return r, nil
}

// untilLost calls cancel when the node is lost, and returns then or at ended.
func (h *Hub) untilLost(id int, cancel context.CancelCauseFunc, ended <-chan struct{}) {
	for {
		h.mu.Lock()
		n, changed := h.nodes[id], h.changed
		lost := n == nil || n.Lost
		h.mu.Unlock()
		if lost {
			cancel(errLost)
			return
		}
		select {
		case <-changed:
		case <-ended:
			return
		}
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
