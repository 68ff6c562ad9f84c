package bench

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/machine"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// Remote is the strategy of package pools/remote. It is registered here, so that
// who imports pools does not link NATS. A [Runner] keeps the nodes from case to
// case; Open of this literal starts nodes on this machine, which end with the pool.
var Remote = pools.Strategy{
	Name:        remote.Name,
	Doc:         remote.Doc,
	Concurrency: pools.Workers,
	Processes:   true,
	Remote:      true,
	Sweeps:      []string{remoteSlow, remoteWait},
	Open: func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
		h, err := remote.NewHub(Program(true), remote.Options{Start: remote.StartLocal(pools.StartHelper)})
		if err != nil {
			return nil, err
		}
		p, err := h.Open(ctx, workers, job, remote.Shape{})
		if err != nil {
			return nil, errors.Join(err, h.Close())
		}
		return &ownHub{p, h}, nil
	},
}

// An ownHub is a pool that ends its hub.
type ownHub struct {
	*remote.Pool
	hub *remote.Hub
}

func (p *ownHub) Close() error { return errors.Join(p.Pool.Close(), p.hub.Close()) }

// Strategies lists all strategies that can be measured: those of package pools, and
// Remote.
var Strategies = append(slices.Clone(pools.All), Remote)

// Program is this program as coordinator and node. A node on the machine of its
// coordinator (local) takes any spec; one on another machine refuses specs that name
// a directory or an address of the coordinator's machine.
func Program(local bool) remote.Program {
	return remote.Program{
		Catalogue: catalogueHash(),
		Open: func(_ context.Context, spec string) (pools.Task, error) {
			if !local {
				if err := portable(spec); err != nil {
					return nil, err
				}
			}
			return openCounted(spec, hardware, openTask)
		},
		Check:   checksum,
		Machine: machineLines,
		CPU:     cpuTime,
	}
}

// catalogueHash is a hash of what specs can name: workloads with their sizes and
// variants.
func catalogueHash() string {
	h := sha256.New()
	for _, w := range workloads.All {
		fmt.Fprintln(h, w.Name, w.Size, w.MaxSize, w.SizeUnit, w.Variants, w.Skewed)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// bare is a spec without what only says how it is watched.
func bare(spec string) string {
	spec, _, _ = strings.Cut(strings.TrimPrefix(spec, counted), traceKey)
	return spec
}

// portable refuses a spec that another machine cannot run.
func portable(spec string) error {
	if spec != bare(spec) {
		return errors.New("bench: -why, -timeline and -perf watch workers on the machine that measures: leave them out, or measure without -join")
	}
	w, o, err := workloads.ParseSpec(spec)
	if err != nil {
		return err
	}
	if o.Dir != "" || o.Addr != "" {
		return fmt.Errorf("bench: workload=%s needs a directory or a server of the machine that measures, which other machines do not reach: measure workload=sleep or one that computes", w.Name)
	}
	return nil
}

// checksum is the number of task 0 of a spec, by which coordinator and nodes see
// whether they have the same tasks. It is 0 where several processes cannot run a task
// at the same time, because it writes somewhere.
func checksum(ctx context.Context, spec string) (uint64, error) {
	spec = bare(spec)
	_, o, err := workloads.ParseSpec(spec)
	if err != nil || o.Dir != "" || o.Addr != "" {
		return 0, err
	}
	job, err := workloads.Open(spec)
	if err != nil {
		return 0, err
	}
	sum, err := job.Do(ctx, 0)
	return sum, errors.Join(err, job.Close())
}

// machineLines describes this machine.
func machineLines() []string {
	var text strings.Builder
	if err := machine.WriteEnvironment(&text, 0); err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(text.String()), "\n")
}

// A RemotePlan is what is measured of remote workers: every combination of its lists.
// A nil list is the default alone.
type RemotePlan struct {
	Queues   []string      // of [remote.Queues]
	Prefetch []int         // ranges that wait with each worker
	Nodes    []int         // that the workers are spread over; 0 is one for each worker
	PerNode  int           // workers of each node: the x axis is then nodes; 0 is workers
	Links    []remote.Link // to emulate
}

// most nodes of a curve over nodes, where no levels are given.
const mostNodes = 8

// remoteCases are the cases of one workload under remote workers.
func (p Plan) remoteCases(s Scaling, m cores.Model, w workloads.Workload, st pools.Strategy, variant string) []Case {
	first := func(queues []string) []string {
		if queues == nil {
			return remote.Queues[:1]
		}
		return queues
	}
	numbers := func(list []int) []int {
		if list == nil {
			return []int{0}
		}
		return list
	}
	links := p.Remote.Links
	if links == nil {
		links = []remote.Link{{}}
	}
	levels := p.levels(m, w, st, s)
	if p.Remote.PerNode > 0 && p.Levels == nil {
		levels = powersTo(mostNodes)
	}
	var out []Case
	for _, link := range links {
		for _, queue := range first(p.Remote.Queues) {
			for _, prefetch := range numbers(p.Remote.Prefetch) {
				for _, nodes := range numbers(p.Remote.Nodes) {
					for _, n := range levels {
						workers := n
						if p.Remote.PerNode > 0 {
							nodes, workers = n, n*p.Remote.PerNode
						}
						if nodes > workers {
							continue // a node has one worker at least
						}
						c := p.at(s, m, w, st, workers)
						c.Variant, c.Link, c.PerNode = variant, link, p.Remote.PerNode
						c.Shape = remote.Shape{Queue: queue, Prefetch: prefetch, Nodes: nodes}
						if p.Remote.Prefetch != nil {
							c.Window = 1 + prefetch
						}
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

// remoteParts are the parts of a case's name about remote workers. Those that are the
// default are left out.
func (c Case) remoteParts() (parts []string) {
	if !c.Strategy.Remote {
		return nil
	}
	if q := cmp.Or(c.Shape.Queue, remote.Queues[0]); q != remote.Queues[0] {
		parts = append(parts, contract.NameQueue+"="+q)
	}
	if c.Window > 0 {
		parts = append(parts, fmt.Sprintf("%s=%d", contract.NameWindow, c.Window))
	}
	if link := c.Link.String(); link != "" {
		parts = append(parts, contract.NameLink+"="+link)
	}
	return parts
}

// hub is the coordinator for cases with this link, which stays until Close.
func (r *Runner) hub(link remote.Link) (*remote.Hub, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h := r.hubs[link]; h != nil {
		return h, nil
	}
	o := r.Remote
	if link != (remote.Link{}) && (o.Listen != "" || o.Server.URL != "") {
		return nil, fmt.Errorf("bench: -link %s: a network is emulated for workers on this machine, which this program starts: leave out -listen and -nats", link.Text())
	}
	o.Link = link
	if o.Helper == nil {
		o.Helper = r.Child
	}
	if o.Start == nil && o.Listen == "" && o.Server.URL == "" {
		o.Start = remote.StartLocal(r.Child)
	}
	h, err := remote.NewHub(Program(true), o)
	if err != nil {
		return nil, err
	}
	if r.hubs == nil {
		r.hubs = map[remote.Link]*remote.Hub{}
	}
	r.hubs[link] = h
	return h, nil
}

// A measuredPool is a pool of remote workers with the cost of messages to them.
type measuredPool struct {
	*remote.Pool
	link remote.LogGP
}

// openRemote opens the pool of a case with the nodes that are there, and measures the
// link to them.
func (r *Runner) openRemote(c Case) func(context.Context, int, pools.Job) (pools.Pool, error) {
	return func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
		if (r.Why || r.Timeline != "") && c.Shape.Nodes > 0 && c.Shape.Nodes < workers {
			return nil, fmt.Errorf("bench: %s: -why and -timeline need a node for each worker: leave out -nodes and -per-node", c.Name())
		}
		h, err := r.hub(c.Link)
		if err != nil {
			return nil, err
		}
		p, err := h.Open(ctx, workers, job, c.Shape)
		if err != nil {
			return nil, err
		}
		m, err := h.MeasureLink(ctx, p)
		if err == nil && r.Config != nil {
			_, err = fmt.Fprintf(r.Config, "%s: %s\n%s: %s\n", contract.KeyLink, m, contract.KeyNodes, places(p.Nodes()))
		}
		if err != nil {
			return nil, errors.Join(err, p.Close())
		}
		return &measuredPool{p, m}, nil
	}
}

// places says how many nodes are on which machine: "a 2, b 1".
func places(nodes []remote.Node) string {
	var hosts []string
	count := map[string]int{}
	for _, n := range nodes {
		host := strings.Map(func(r rune) rune {
			if r <= ' ' || r == ',' || r > '~' {
				return '?'
			}
			return r
		}, n.Host)
		if count[host]++; count[host] == 1 {
			hosts = append(hosts, host)
		}
	}
	for i, host := range hosts {
		hosts[i] = fmt.Sprintf("%s %d", host, count[host])
	}
	return strings.Join(hosts, ", ")
}

// waited is how long the workers of a pool waited for their next range of the last
// operation while it was on its way, for up to a round trip each; 0 if they are not
// remote.
func waited(pool pools.Pool) time.Duration {
	if counting, ok := pool.(*countedPool); ok {
		pool = counting.Pool
	}
	if p, ok := pool.(*measuredPool); ok {
		return p.Waited(p.link.RTT)
	}
	return 0
}

// reportRemote reports what is known of the last operation of a pool of remote workers:
// as metrics the costs of the link and how long the workers ran tasks, and as a
// configuration line how long each did.
func (r *Runner) reportRemote(b *testing.B, pool pools.Pool) {
	if counting, ok := pool.(*countedPool); ok {
		pool = counting.Pool
	}
	p, ok := pool.(*measuredPool)
	if !ok {
		return
	}
	var times []string
	var busy time.Duration
	for _, d := range p.Busy() {
		busy += d
		times = append(times, d.Round(time.Microsecond).String())
	}
	b.ReportMetric(float64(busy), contract.UnitBusy)
	b.ReportMetric(float64(p.link.RTT), contract.UnitRTT)
	b.ReportMetric(float64(p.link.Gap), contract.UnitGap)
	b.ReportMetric(float64(p.Ranges()), contract.UnitRanges)
	if r.Config != nil {
		fmt.Fprintf(r.Config, "%s: %s\n", contract.KeyBusy, strings.Join(times, " "))
	}
}
