package losses

import (
	"golang.org/x/exp/trace"

	"amdahl/bench/contract"
)

// change moves a goroutine to its next state.
func (c *counter) change(x event) {
	if x.g == trace.NoGoroutine {
		return
	}
	g := c.gs[x.g]
	if g == nil {
		g = &goroutine{state: gone, wait: waitOther, counted: true}
		c.gs[x.g] = g
	}
	c.leave(g)
	switch x.kind {
	case assists:
		g.helps = true
	case assistsEnd:
		g.helps = false
	case gone:
		c.pay(g)
		delete(c.gs, x.g)
		return
	case runs:
		c.pay(g)
		g.state, g.counted = runs, !g.system
	case ready:
		if x.created {
			g.system = ofRuntime(x.start.root())
			g.stack = x.stack
		}
		if g.state != blocks || x.created {
			c.pay(g)
			g.wait, g.created = waitOther, x.created
			if !x.created && x.stack != nil && x.stack.class == inLock {
				g.wait = waitLock // a mutex makes who unlocks it give way to a starving waiter
			}
		}
		g.state, g.by, g.byStack, g.counted = ready, x.by, nil, !g.system
		if x.by != 0 {
			g.byStack = x.stack
		}
	case blocks:
		c.pay(g)
		if x.created {
			g.system = ofRuntime(x.start.root())
		} else if root := x.stack.root(); root != "" {
			g.system = ofRuntime(root)
		}
		g.state, g.wait, g.stack, g.by, g.byStack, g.created = blocks, x.wait, x.stack, 0, nil, false
		g.counted = !g.system && !x.before && !(x.system && x.stack == nil)
	case calls:
		c.pay(g)
		g.state, g.stack = calls, x.stack
		if root := x.stack.root(); root != "" {
			g.system = ofRuntime(root)
		}
	case callLost:
		g.state, g.wait = blocks, waitIO
		if x.before {
			g.counted = false
		}
	}
	c.enter(x.g, g)
}

// leave takes a goroutine out of the counts, with what its stay was charged.
func (c *counter) leave(g *goroutine) {
	c.tally(g, -1)
	if per := c.per(g); per != nil {
		g.charge.all += per.all - g.since.all
		g.charge.alone += per.alone - g.since.alone
	}
}

// enter puts it back in.
func (c *counter) enter(id trace.GoID, g *goroutine) {
	if id == c.parent && g.state == blocks && (g.wait == waitJoin || g.wait == waitChannel) {
		g.counted = false // it waits for the work of the others
	}
	c.tally(g, 1)
	if per := c.per(g); per != nil {
		g.since = *per
	}
}

// tally counts a goroutine by its state.
func (c *counter) tally(g *goroutine, by int) {
	switch {
	case g.system:
		if g.state == runs || g.state == calls {
			c.collectors += by
		}
	case !g.counted:
	case g.state == runs || g.state == calls:
		c.running += by
		if g.helps {
			c.helping += by
		}
	case g.state == ready:
		c.woken[g.wait] += by
	case g.state == blocks && g.wait != waitJoin:
		c.blocked[g.wait] += by
	}
}

// per is what a goroutine in its state is charged by; nil if it is not charged.
func (c *counter) per(g *goroutine) *stay {
	switch {
	case g.system || !g.counted:
	case g.state == ready:
		return &c.perWoken[g.wait]
	case g.state == blocks:
		return &c.perBlocked[g.wait]
	}
	return nil
}

// pay ends a wait: what it was charged goes to the stack that is to blame.
func (c *counter) pay(g *goroutine) {
	charge, alone := g.charge.all, g.charge.alone
	g.charge = stay{}
	if !c.open || charge <= 0 {
		return
	}
	to := g.byStack // who held the lock, and let it go
	if to == nil {
		to = g.stack
	}
	if g.wait == waitChannel && (g.by == c.parent || g.by == 0) {
		// It waited for work, or for the end.
		p := c.sum.Parts
		p[contract.Channel] -= charge
		p[contract.Serial] += alone
		p[contract.Imbalance] += charge - alone
		return
	}
	switch g.wait {
	case waitIO, waitGC:
		to = g.stack
	case waitOther, waitJoin:
		if g.created {
			to = g.stack
		}
	}
	if to == nil {
		return
	}
	switch at := c.of(to); g.wait {
	case waitLock:
		at.lock += charge
	case waitChannel:
		at.channel += charge
	case waitIO:
		at.io += charge
	case waitGC:
		at.gc += charge
	case waitOther, waitJoin:
		at.dispatch += charge
	}
}

// finish makes the stacks add up to the parts where samples give proportions only.
func (r *Result) finish() {
	var serial, imbalance, gc float64
	allocations := 0
	for _, at := range r.stacks {
		serial += at.serial
		imbalance += at.imbalance
		gc += at.gc
		allocations += at.allocations
	}
	scale := func(sum, part float64) float64 {
		if sum > 0 {
			return part / sum
		}
		return 0
	}
	s, i := scale(serial, r.Parts[contract.Serial]), scale(imbalance, r.Parts[contract.Imbalance])
	more := max(0, r.Parts[contract.GC]-gc) // what collecting took is due to those that allocate
	for _, at := range r.stacks {
		at.serial *= s
		at.imbalance *= i
		if allocations > 0 {
			at.gc += more * float64(at.allocations) / float64(allocations)
		}
	}
	for _, c := range waitingCauses {
		r.Parts[c] = max(0, r.Parts[c])
	}
}
