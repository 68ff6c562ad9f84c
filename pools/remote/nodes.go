package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// A node is another process that has joined.
type node struct {
	Node
	fresh bool // it has said hello, and not given a sign of life
	seen  time.Time
	held  map[held]time.Time // since when it has held a range
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
		h.o.Say(fmt.Sprintf("refused %s (process %d): %s", printable(m.Host), m.Pid, why))
		reply(welcome{Refused: why})
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	if id, known := h.tokens[m.Token]; known {
		reply(welcome{Hub: h.hub, Node: id, Lease: h.o.Lease}) // the first reply was lost
		return
	}
	if !h.room() {
		reply(welcome{Refused: fmt.Sprintf("there are %d nodes, and no more are taken", maxNodes)})
		return
	}
	h.last++
	// It is there with its first sign of life, when it listens to orders.
	n := &node{seen: time.Now(), fresh: true, held: map[held]time.Time{}, Node: Node{
		ID: h.last, Lost: true, Host: printable(m.Host), System: printable(m.System), Pid: m.Pid, Procs: m.Procs,
	}}
	for _, line := range m.Machine[:min(len(m.Machine), maxLines)] {
		n.Machine = append(n.Machine, printable(line))
	}
	h.nodes[n.ID], h.tokens[m.Token] = n, n.ID
	reply(welcome{Hub: h.hub, Node: n.ID, Lease: h.o.Lease})
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
		// Its place was given to another while it was lost: it leaves, and may join anew.
		_ = h.nc.Publish(h.down(m.Node), encode(order{Op: opQuit}))
		return
	}
	if m.Leaving {
		h.lose(n, "has left")
		return
	}
	now := time.Now()
	n.seen = now
	if n.Lost {
		if n.fresh {
			h.o.Say(fmt.Sprintf("node %d joined: %s, %s, %d processors, process %d", n.ID, n.Host, n.System, n.Procs, n.Pid))
		} else {
			h.o.Say(fmt.Sprintf("node %d is back: %s", n.ID, n.Host))
		}
		n.Lost, n.fresh = false, false
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
	for _, id := range m.Pools[:min(len(m.Pools), maxHeld)] {
		if h.pools[id] == nil { // it was closed while the node was lost
			_ = h.nc.Publish(h.down(n.ID), encode(order{Op: opClose, Pool: id}))
		}
	}
}

// notify wakes whoever waits for nodes. The caller holds mu.
func (h *Hub) notify() {
	close(h.changed)
	h.changed = make(chan struct{})
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

// answersWithin bounds an order: a node that gives signs of life and does not carry it
// out within d is an error that says what to do.
func answersWithin(ctx context.Context, d time.Duration, advice string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("it has not answered within %v: %s", d, advice))
}

// lostIsFine is err, and nil if the node is lost: what it was to do is done by that.
func lostIsFine(_ report, err error) error {
	if errors.Is(err, errLost) {
		return nil
	}
	return err
}

// order tells a node something, and waits for its report until the node is lost or ctx
// ends. The caller bounds ctx: a node can give signs of life and never report.
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
	for unit := range r.Counters {
		if !validUnit(unit) {
			return report{}, fmt.Errorf("%s: it reports a counter of %q: want at most %d small letters, digits and -", where, cut(unit, maxLine), maxUnit)
		}
	}
	if r.Err != "" {
		return r, fmt.Errorf("%s: %s", where, shown(r.Err, maxText))
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
