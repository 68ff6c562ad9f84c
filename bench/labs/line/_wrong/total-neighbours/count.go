// Wrong on purpose: counters are read one after the other, also those that lie apart
// Fails: TestTotal
// Package line counts what many processors find, in four ways.
package line

import "lab/cache"

// Shared counts in counter 0, which all processors share.
func Shared(p *cache.Processor) {
	for i := range p.Items() {
		if p.Match(i) {
			p.AtomicAdd(0, 1)
		}
	}
}

// Neighbours counts in counter p.ID.
func Neighbours(p *cache.Processor) {
	for i := range p.Items() {
		if p.Match(i) {
			p.Add(p.ID, 1)
		}
	}
}

// Apart counts in a counter that lies in a line of its own.
func Apart(p *cache.Processor) {
	for i := range p.Items() {
		if p.Match(i) {
			p.Add(p.ID*cache.PerLine, 1)
		}
	}
}

// Local counts in a variable, and adds the sum to counter 0.
func Local(p *cache.Processor) {
	found := 0
	for i := range p.Items() {
		if p.Match(i) {
			found++
		}
	}
	p.AtomicAdd(0, found)
}

// Total returns the sum of n counters: 0, apart, 2*apart …
func Total(p *cache.Processor, n, apart int) int {
	all := 0
	_ = apart
	for w := range n {
		all += p.Read(w)
	}
	return all
}

// A Slot is a counter that has a line to itself.
type Slot struct {
	N int64
	_ [56]byte
}
