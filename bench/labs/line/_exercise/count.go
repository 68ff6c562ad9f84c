// Package line counts what many processors find, in four ways.
package line

import "lab/cache"

// Shared is the program of each processor: it looks at its items (p.Items), and counts those
// that match (p.Match) in counter 0, which all processors share. Nothing may get lost.
func Shared(p *cache.Processor) {
	// Your code here.
}

// Neighbours counts in counter p.ID: no two processors use the same counter.
func Neighbours(p *cache.Processor) {
	// Your code here.
}

// Apart counts in a counter of its own, too, which lies in a line of its own: the counter
// p.ID * cache.PerLine.
func Apart(p *cache.Processor) {
	// Your code here.
}

// Local counts in a variable, and uses memory once, at its end: it adds the sum to counter 0.
func Local(p *cache.Processor) {
	// Your code here.
}

// Total returns the sum of n counters: 0, apart, 2*apart … (a reduction). One processor calls it
// when all have ended.
func Total(p *cache.Processor, n, apart int) int {
	// Your code here.
	return 0
}

// A Slot is a counter of a real Go program. In a []Slot each must have 64 bytes to itself, so
// that no two counters are in one line: add a field that nobody uses.
type Slot struct {
	N int64
}
