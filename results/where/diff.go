package where

import (
	"cmp"
	"slices"

	"amdahl/results/why"
)

// A Node is a function of the difference of two profiles, called by the one above it. Values
// are worker time of a task, in seconds.
type Node struct {
	Function string
	Cause    *why.Cause // of a node without children: for what the function above it is guilty; nil else
	Grown    float64    // what it and all that it calls cost more at the highest level than at one worker, where that is more
	Children []*Node    // by name
}

// Worst is the cause that has most of the growth of a node; nil where nothing grew.
func (n *Node) Worst() *why.Cause {
	sums := map[*why.Cause]float64{}
	n.causes(sums)
	var worst *why.Cause
	for _, c := range why.All {
		if sums[c] > sums[worst] {
			worst = c
		}
	}
	return worst
}

func (n *Node) causes(sums map[*why.Cause]float64) {
	if n.Cause != nil {
		sums[n.Cause] += n.Grown
	}
	for _, c := range n.Children {
		c.causes(sums)
	}
}

// difference is the growth of all causes by call path, the mean over the rounds, scaled as
// the shares of places are.
func difference(pairs []pair, low, high *why.Level) *Node {
	root := &Node{Function: "all"}
	for _, p := range pairs {
		for _, c := range causes {
			total := growth(c.cause, low, high)
			if !(total > 0) {
				continue
			}
			shares := p.divide(c, total, high.Paid)
			if len(shares) == 0 {
				continue
			}
			// What a function is guilty of is divided among its call paths by what they cost.
			costs := map[string]float64{}
			place := p.high.placer(c)
			for _, x := range p.high.paths {
				costs[place(x).function] += p.high.perOp(x, c.values)
			}
			for _, x := range p.high.paths {
				f := place(x).function
				if v := p.high.perOp(x, c.values); v > 0 && shares[f] > 0 {
					root.add(append(x.names(), c.cause.Title), c.cause, shares[f]*v/costs[f]/float64(len(pairs)))
				}
			}
		}
	}
	root.sort()
	return root
}

// add adds the cost of a path.
func (n *Node) add(names []string, cause *why.Cause, v float64) {
	n.Grown += v
	if len(names) == 0 {
		n.Cause = cause
		return
	}
	i := slices.IndexFunc(n.Children, func(c *Node) bool { return c.Function == names[0] })
	if i < 0 {
		i = len(n.Children)
		n.Children = append(n.Children, &Node{Function: names[0]})
	}
	n.Children[i].add(names[1:], cause, v)
}

func (n *Node) sort() {
	slices.SortFunc(n.Children, func(a, b *Node) int { return cmp.Compare(a.Function, b.Function) })
	for _, c := range n.Children {
		c.sort()
	}
}
