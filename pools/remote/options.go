package remote

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Queues lists the ways in which ranges reach workers; the first is the default.
var Queues = []string{Pull, QueueGroup, Request}

const (
	// Pull is a work queue of JetStream in memory (or in files, see
	// [Options.Files]). A node asks for as many ranges as it has room for.
	Pull = "pull"
	// QueueGroup is a queue group of core NATS: each range goes to a random worker,
	// however much that one already has. As many ranges are on their way as the
	// workers have room for together, so that some worker idles while others have two.
	QueueGroup = "queuegroup"
	// Request sends a range to a node that has room, and the next when its answer
	// has come.
	Request = "request"
)

// A Shape says how a pool hands out its tasks. The zero value pulls ranges, none
// beyond those that run, with a node for each worker.
type Shape struct {
	// Queue is one of [Queues]; "" is the first.
	Queue string
	// Prefetch is how many ranges a worker has waiting in its node, beside the one
	// that it runs; from 0. They hide the round trip, and a slow worker holds them
	// back. Under [QueueGroup] it is the mean over the workers: chance gives one more
	// and another less.
	Prefetch int
	// Chunk is the number of tasks in a range; 0 chooses it so that a worker gets
	// at least 32 ranges, where there are so many tasks.
	Chunk int
	// Nodes is how many nodes a pool has, its workers spread evenly over them; 0
	// is a node for each worker.
	Nodes int
}

// Options are the parameters of a [Hub]. The zero value starts a server on
// loopback, for nodes that are started by hand.
type Options struct {
	// Server is a server that exists. With an empty URL the hub starts one in
	// this process.
	Server Access
	// Listen is the address and port of a server that the hub starts:
	// "192.168.1.10:4222". "" is a free port of 127.0.0.1, which other machines
	// cannot reach.
	Listen string
	// Token is what nodes have to know to join a server that the hub starts. ""
	// makes a random one.
	Token string
	// TLS is the server's own certificate, for a server that the hub starts. nil
	// is no encryption.
	TLS *tls.Config
	// Session keeps hubs on one server apart. "" is that of the URL, or "main".
	Session string
	// Files keeps work queues in files instead of memory, so that they survive a
	// restart of the server. Dir is where a server that the hub starts has its
	// files; "" is a temporary directory.
	Files bool
	Dir   string

	// Link is the link between nodes and the server, if it is to be emulated; the
	// zero value is none. Helper starts a process for that, in the role
	// [LinkRole]: it is pools.StartHelper. nil emulates in this process.
	Link   Link
	Helper func(ctx context.Context, role, arg string) (ready string, stop func() error, err error)

	// Start starts a node that joins at the URL, and returns when it has started;
	// stop ends it. The hub calls it for each node that is missing. nil starts
	// none: nodes join by themselves.
	Start func(ctx context.Context, url string) (stop func() error, err error)
	// JoinTime bounds how long Open waits for nodes; 0 is one minute.
	JoinTime time.Duration
	// Lease is how long a range is its worker's after the worker's last sign of
	// life; then the range is given to another. 0 is five seconds.
	Lease time.Duration
	// Patience is how long a Run waits while no answer comes and no node says
	// that it works on a range; then it ends with an error. 0 is six leases, at
	// least ten seconds.
	Patience time.Duration
	// MostHeld is how long a node may hold a range; what is held longer goes to
	// another node too. 0 is ten minutes.
	MostHeld time.Duration
	// Say is told in a line what happens to nodes: joined, refused, lost. nil
	// tells nobody.
	Say func(line string)
}

func (o Options) complete() Options {
	o.JoinTime = cmp.Or(o.JoinTime, time.Minute)
	o.Lease = cmp.Or(o.Lease, 5*time.Second)
	o.Patience = cmp.Or(o.Patience, max(6*o.Lease, 10*time.Second))
	o.MostHeld = cmp.Or(o.MostHeld, 10*time.Minute)
	if o.Say == nil {
		o.Say = func(string) {}
	}
	return o
}

func (s Shape) check() error {
	switch {
	case !slices.Contains(Queues, cmp.Or(s.Queue, Queues[0])):
		return fmt.Errorf("remote: unknown queue %q: want one of %s", s.Queue, strings.Join(Queues, ", "))
	case s.Prefetch < 0 || s.Prefetch > 256:
		return fmt.Errorf("remote: prefetch is %d: want 0 to 256", s.Prefetch)
	case s.Chunk < 0:
		return fmt.Errorf("remote: chunk is %d: want a number of tasks, 0 to choose one", s.Chunk)
	case s.Nodes < 0 || s.Nodes > maxNodes:
		return fmt.Errorf("remote: nodes is %d: want 1 to %d, 0 for one each worker", s.Nodes, maxNodes)
	}
	return nil
}

// beatEvery is how often a node gives a sign of life.
func beatEvery(lease time.Duration) time.Duration { return lease / 5 }
