package procpool

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A taskContext is the context of the tasks of one frame in a worker. Most
// tasks never look at it, and then the next frame may have it too, which
// saves making one for each.
type taskContext struct {
	touched atomic.Bool

	mu   sync.Mutex
	done chan struct{}
	err  error
}

func newTaskContext() *taskContext { return &taskContext{done: make(chan struct{})} }

func (c *taskContext) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c *taskContext) Value(any) any               { return nil }

func (c *taskContext) Done() <-chan struct{} {
	c.touched.Store(true)
	return c.done
}

func (c *taskContext) Err() error {
	c.touched.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *taskContext) cancel() {
	c.touched.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = context.Canceled
		close(c.done)
	}
}
