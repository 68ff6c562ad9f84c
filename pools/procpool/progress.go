package procpool

import (
	"time"
)

// Progress says how far a Map has come.
type Progress struct {
	Done   int // tasks that have an outcome, the failed included
	Failed int
	Total  int
}

// A progress calls the function of a Map. It passes on the newest count, so
// that a slow function holds up nobody.
type progress struct {
	b    *batch
	call func(Progress)
	wake chan struct{}
	told chan struct{} // closed when the last count was told
}

// progressTime is how long a Map waits for the function to take the last
// count.
const progressTime = 100 * time.Millisecond

func newProgress(b *batch, call func(Progress)) *progress {
	g := &progress{b: b, call: call, wake: make(chan struct{}, 1), told: make(chan struct{})}
	go g.run()
	return g
}

func (g *progress) moved() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

func (g *progress) run() {
	defer close(g.told)
	for {
		select {
		case <-g.wake:
		case <-g.b.done:
		}
		over := false
		select {
		case <-g.b.done:
			over = true
		default:
		}
		left := int(g.b.left.Load())
		guarded(func() (struct{}, error) { // a panic in it is no fault of the tasks
			g.call(Progress{Done: g.b.n - left, Failed: g.b.body.failures(), Total: g.b.n})
			return struct{}{}, nil
		})
		if over {
			return
		}
	}
}

// last waits a short while until the last count was told.
func (g *progress) last() {
	if g == nil {
		return
	}
	late := time.NewTimer(progressTime)
	defer late.Stop()
	select {
	case <-g.told:
	case <-late.C:
	}
}
