package grading

import (
	"sync"

	"amdahl/bench/labs/rows"
)

// pictures keeps the iterations of the newest picture: a submission asks for them
// at every line of its run. It may be used by several goroutines.
var pictures pictureCache

type pictureCache struct {
	mu   sync.Mutex
	seed uint64
	all  []int
}

func (p *pictureCache) of(seed uint64) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil || p.seed != seed {
		p.seed, p.all = seed, rows.Of(seed).All()
	}
	return p.all
}
