package bench

import (
	"cmp"
	"fmt"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

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
