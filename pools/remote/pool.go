package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go/jetstream"

	"amdahl/pools"
)

// Strategy is the strategy remote with the nodes of the hub.
func (h *Hub) Strategy(shape Shape) pools.Strategy {
	shape.Queue = cmp.Or(shape.Queue, Queues[0])
	return pools.Strategy{
		Name:        Name,
		Doc:         Doc,
		Concurrency: pools.Workers,
		Processes:   true,
		Remote:      true,
		Chance:      shape.Queue == QueueGroup,
		Open: func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
			p, err := h.Open(ctx, workers, job, shape)
			if err != nil {
				return nil, err
			}
			return p, nil
		},
	}
}

// What the strategy is called.
const (
	Name = "remote"
	Doc  = "workers of other processes and machines, which join over NATS"
)

// A Pool is a pool of remote workers: a pools.Pool that is pools.Metered. Lanes are the
// workers of one node.
type Pool struct {
	hub     *Hub
	id      int
	spec    string
	shape   Shape
	workers int
	check   *uint64 // the checksum that task 0 must have

	running sync.Mutex  // held by the Run under way, and by Close
	closed  bool        // guarded by running
	suspect atomic.Bool // the server may have lost ranges

	mu     sync.Mutex
	lanes  map[int]int    // workers of each node
	usage  map[int]report // the last that was known of each node
	run    *run
	runs   uint64          // the number of the last run
	ranges int             // of the last Run
	idle   []time.Duration // before each range of the last Run
	last   []time.Duration // busy time of each worker in the last Run

	staffing   sync.Mutex     // held while workers are given to nodes
	adopting   sync.WaitGroup // goroutines that do so during a Run
	adoptWaits atomic.Bool    // one of them waits for staffing
}

// Open makes a pool of workers. It waits until enough nodes have joined, and
// starts missing ones where Options.Start says how. ctx bounds Open only.
func (h *Hub) Open(ctx context.Context, workers int, job pools.Job, shape Shape) (*Pool, error) {
	shape.Queue = cmp.Or(shape.Queue, Queues[0])
	if err := shape.check(); err != nil {
		return nil, err
	}
	switch {
	case workers < 1:
		return nil, fmt.Errorf("pools: remote: workers is %d: need at least 1", workers)
	case job.Spec == "":
		return nil, errors.New("pools: remote: the job has no Spec, from which another process makes its tasks")
	case len(job.Spec) > maxSpec:
		return nil, fmt.Errorf("pools: remote: the Spec has %d bytes: at most %d are sent", len(job.Spec), maxSpec)
	case !utf8.ValidString(job.Spec):
		return nil, fmt.Errorf("pools: remote: the Spec %.40q is not UTF-8, and would reach a node as another one", job.Spec)
	case len(encode(job.Spec)) > maxMessage-maxOrder:
		// JSON writes a control character, and each of <>&, as six bytes.
		return nil, fmt.Errorf("pools: remote: the Spec has %d bytes as JSON: at most %d are sent", len(encode(job.Spec)), maxMessage-maxOrder)
	}
	p := &Pool{hub: h, spec: job.Spec, shape: shape, workers: workers, lanes: map[int]int{}, usage: map[int]report{}}
	if h.program.Check != nil {
		sum, err := h.program.Check(ctx, job.Spec)
		if err != nil {
			return nil, fmt.Errorf("remote: task 0 on this machine: %w", err)
		}
		p.check = &sum
	}
	h.mu.Lock()
	h.opened++
	p.id = h.opened
	if !h.closed {
		h.pools[p.id] = p
	}
	closed := h.closed
	h.mu.Unlock()
	if closed {
		return nil, fmt.Errorf("remote: Open: %w", pools.ErrClosed)
	}
	err := p.queue(ctx)
	if err == nil {
		err = p.staff(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Nodes lists the nodes of the pool that are alive.
func (p *Pool) Nodes() (all []Node) {
	members := p.members()
	for _, n := range p.hub.Nodes() {
		if slices.Contains(members, n.ID) {
			all = append(all, n)
		}
	}
	return all
}

// queue makes the pool's work queue, if it has one.
func (p *Pool) queue(ctx context.Context) error {
	h := p.hub
	if p.shape.Queue != Pull {
		return nil
	}
	storage := jetstream.MemoryStorage
	if h.o.Files {
		storage = jetstream.FileStorage
	}
	_, err := h.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: h.stream(p.id), Subjects: []string{h.work(p.id)}, Retention: jetstream.WorkQueuePolicy, Storage: storage,
		MaxMsgSize: maxMessage, Description: "ranges of tasks of amdahl",
	})
	if err == nil {
		_, err = h.js.CreateOrUpdateConsumer(ctx, h.stream(p.id), jetstream.ConsumerConfig{
			Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: h.o.Lease, MaxDeliver: -1,
			MaxAckPending: -1, MaxWaiting: 1 << 14, MaxRequestBatch: 1 << 12,
		})
	}
	if err != nil {
		return fmt.Errorf("remote: a work queue on the server: %w%s", err, queueHint(err))
	}
	return nil
}

func queueHint(err error) string {
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) || strings.Contains(err.Error(), "no responders") {
		return ": the server has no JetStream: start it with nats-server -js, or use -queue request"
	}
	return ""
}

// Usage returns what the nodes have used since the pool was opened: the CPU time of
// their processes and the counters of their tasks. Of nodes that are lost it is
// what was known last.
func (p *Pool) Usage(ctx context.Context) (pools.Usage, error) {
	var all []func() error
	for _, id := range p.members() {
		all = append(all, func() error {
			ctx, cancel := answersWithin(ctx, p.hub.o.Patience, "end the program there and start it again")
			defer cancel()
			r, err := p.hub.order(ctx, id, order{Op: opUsage, Pool: p.id})
			if err != nil {
				return lostIsFine(r, err)
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.usage[id] = r
			return nil
		})
	}
	err := together(all)
	p.mu.Lock()
	defer p.mu.Unlock()
	u := pools.Usage{Counters: map[string]int64{}}
	for _, r := range p.usage {
		u.CPU += r.CPU
		for unit, n := range r.Counters {
			u.Counters[unit] += n
		}
	}
	return u, err
}

// Busy returns how long each worker ran tasks in the last Run, by node and number.
func (p *Pool) Busy() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.last)
}

// Waited returns how long the workers were without a task before each range of the last
// Run, summed over the ranges, each for up to most. It begins when the first range of the
// Run has come to the node.
func (p *Pool) Waited(most time.Duration) (total time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range p.idle {
		total += min(d, most)
	}
	return total
}

// Ranges returns how many ranges the last Run had.
func (p *Pool) Ranges() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ranges
}

// Close lets the nodes close their tasks and removes the work queue. The nodes stay
// with the hub. A second call does nothing.
func (p *Pool) Close() error {
	p.running.Lock()
	defer p.running.Unlock()
	if p.closed {
		return nil
	}
	p.closed = true
	h := p.hub
	h.mu.Lock()
	delete(h.pools, p.id)
	h.mu.Unlock()
	p.adopting.Wait()
	ctx, cancel := answersWithin(context.Background(), h.o.Patience, "end the program there")
	defer cancel()
	var all []func() error
	for _, id := range p.members() {
		all = append(all, func() error { return lostIsFine(p.hub.order(ctx, id, order{Op: opClose, Pool: p.id})) })
	}
	err := together(all)
	if p.shape.Queue == Pull {
		ctx, cancel := context.WithTimeout(context.Background(), h.o.Patience) // of its own: a node may have used up the other
		defer cancel()
		if e := h.js.DeleteStream(ctx, h.stream(p.id)); e != nil && !errors.Is(e, jetstream.ErrStreamNotFound) {
			err = errors.Join(err, fmt.Errorf("remote: removing the work queue: %w", e))
		}
	}
	return err
}
