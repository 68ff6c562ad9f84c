package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/pools/remote"
)

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
			nodes := p.Nodes()
			_, err = fmt.Fprintf(r.Config, "%s: %s\n%s: %s\n%s: %s\n", contract.KeyLink, m, contract.KeyNodes, places(nodes), contract.KeyMachines, machines(nodes))
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
		host := oneWord(n.Host)
		if count[host]++; count[host] == 1 {
			hosts = append(hosts, host)
		}
	}
	for i, host := range hosts {
		hosts[i] = fmt.Sprintf("%s %d", host, count[host])
	}
	return strings.Join(hosts, ", ")
}

// machines says what each machine is that has nodes, as the first of them describes it:
// "a linux/amd64, 2 processors, AMD EPYC; b …".
func machines(nodes []remote.Node) string {
	var all []string
	seen := map[string]bool{}
	for _, n := range nodes {
		host := oneWord(n.Host)
		if seen[host] {
			continue
		}
		seen[host] = true
		text := fmt.Sprintf("%s %s, %d processors", host, oneWord(n.System), n.Procs)
		for _, line := range n.Machine {
			if cpu, ok := strings.CutPrefix(line, contract.KeyCPU+": "); ok {
				text += ", " + strings.ReplaceAll(cpu, ";", ",")
				break
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// oneWord is the name of a machine in a list: without spaces, commas and semicolons, and in
// ASCII.
func oneWord(name string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == ',' || r == ';' || r > '~' {
			return '?'
		}
		return r
	}, name)
}

// networkWaits is how long remote workers had no task while it was on its way, for up to a round
// trip each, and for longer.
type networkWaits struct{ network, queue time.Duration }

// waited is that of the last operation of a pool; 0 if it has no remote workers. Each of
// them waits once more for a round trip: for its first range and, at the end, for the last
// answer to arrive.
func waited(pool pools.Pool, workers int) networkWaits {
	if counting, ok := pool.(*countedPool); ok {
		pool = counting.Pool
	}
	p, ok := pool.(*measuredPool)
	if !ok {
		return networkWaits{}
	}
	short := p.Waited(p.link.RTT)
	return networkWaits{network: short + time.Duration(workers)*p.link.RTT, queue: p.Waited(time.Hour) - short}
}

// take moves the waits from [contract.Dispatch], in which the account has them, to their
// own causes, and no more than stands there.
func (w networkWaits) take(parts contract.Parts) {
	for _, of := range []struct {
		cause contract.Cause
		time  time.Duration
	}{{contract.Network, w.network}, {contract.TaskQueue, w.queue}} {
		d := min(of.time, parts[contract.Dispatch])
		parts[contract.Dispatch] -= d
		parts[of.cause] += d
	}
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
