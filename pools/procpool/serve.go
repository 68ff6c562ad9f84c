package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// The descriptors of a child's pipes.
const (
	requestsFD = 3
	repliesFD  = 4
	lifelineFD = 5
)

// A child is this process, seen from the inside.
type child struct {
	role     Role
	requests *frameReader
	replies  *os.File
	task     Task
	out      []byte // the frame being written, kept for its capacity

	mu        sync.Mutex
	ctx       context.Context // of the Run under way
	cancel    context.CancelFunc
	run       uint64 // number of the Run under way
	cancelled uint64 // the last Run that was cancelled
}

// serve plays the role until the parent has no more requests, and exits. err
// is why there is no such role.
func serve(role Role, err error) {
	var pipes [3]*os.File
	for i := range pipes {
		f, err := inherit(requestsFD + i)
		if err != nil {
			fmt.Fprintf(os.Stderr, "procpool: %s is set, but descriptor %d is not a worker's: %v: unset the variable\n", roleVariable, requestsFD+i, err)
			os.Exit(2)
		}
		pipes[i] = f
	}
	c := &child{role: role, requests: newFrameReader(pipes[requestsFD-3]), replies: pipes[repliesFD-3], ctx: context.Background(), cancel: func() {}}
	go c.watch(pipes[lifelineFD-3])

	k, body, ferr := c.requests.next()
	if ferr != nil || k != kindOpen {
		c.fail(fmt.Errorf("procpool: no opening frame: kind %q, error %v", k, ferr))
	}
	if err != nil {
		c.refuse(err)
	}
	if role.Helper != nil {
		c.help(string(body))
	}
	if c.task, err = role.Tasks(context.Background(), string(body)); err != nil {
		c.refuse(err)
	}
	c.reply(appendFrame(nil, kindReady))
	go c.work()
	select {} // work ends the process
}

// watch cancels when told to, and ends this process when the parent is gone.
func (c *child) watch(lifeline io.Reader) {
	r := newFrameReader(lifeline)
	for {
		k, body, err := r.next()
		if err != nil || k != kindCancel {
			os.Exit(1)
		}
		run, _, err := pair(k, body)
		if err != nil {
			os.Exit(1)
		}
		c.cancelRun(run)
	}
}

// cancelRun cancels a Run, be it under way or still to come: the lifeline may
// be faster than the requests.
func (c *child) cancelRun(run uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancelled = max(c.cancelled, run)
	if c.cancelled >= c.run {
		c.cancel()
	}
}

// work answers requests until there are no more. A task that calls
// runtime.Goexit takes this goroutine with it; another goes on.
func (c *child) work() {
	defer func() { go c.work() }()
	for {
		k, body, err := c.requests.next()
		switch {
		case errors.Is(err, io.EOF):
			if err := c.task.Close(); err != nil {
				c.fail(err)
			}
			os.Exit(0)
		case err != nil:
			c.fail(err)
		case k == kindTask:
			run, i, err := pair(k, body)
			if err != nil {
				c.fail(err)
			}
			c.do(c.runContext(run), int(i))
		case k == kindAsk:
			frame, err := appendUsage(c.out[:0], Usage{CPU: cpuTime(), Counters: c.task.Counters()})
			if err != nil {
				c.fail(err)
			}
			c.reply(frame)
		default:
			c.fail(fmt.Errorf("procpool: unknown request %q", k))
		}
	}
}

// do runs one task and answers, whatever the task does.
func (c *child) do(ctx context.Context, i int) {
	returned := false
	defer func() {
		if returned {
			return
		}
		err := Aborted(i, recover())
		var p *PanicError
		if !errors.As(err, &p) {
			c.reply(appendFrame(c.out[:0], kindError, number(int64(i)), cut(ErrGoexit.Error())))
			return
		}
		value := cut(fmt.Sprint(p.Value))
		c.reply(appendFrame(c.out[:0], kindPanic, number(int64(i)), number(int64(len(value))), value, cut(string(p.Stack))))
	}()
	sum, err := uint64(0), ctx.Err()
	if err == nil {
		sum, err = c.task.Do(ctx, i)
	}
	returned = true
	if err != nil {
		c.reply(appendFrame(c.out[:0], kindError, number(int64(i)), cut(err.Error())))
		return
	}
	c.reply(appendPair(c.out[:0], kindSum, uint64(i), sum))
}

// runContext is the context of the tasks of one Run.
func (c *child) runContext(run uint64) context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	if run != c.run {
		c.cancel()
		c.run = run
		c.ctx, c.cancel = context.WithCancel(context.Background())
		if c.cancelled >= run {
			c.cancel()
		}
	}
	return c.ctx
}

// help plays a helper until there are no more requests.
func (c *child) help(arg string) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		c.requests.next() // there is none: this is the end
		cancel()
	}()
	var once sync.Once
	said := false
	err := c.role.Helper(ctx, arg, func(line string) {
		once.Do(func() {
			said = true
			c.reply(appendFrame(nil, kindReady, cut(line)))
		})
	})
	if err == nil && !said {
		err = errors.New("it ended before it was ready")
	}
	switch {
	case err == nil:
		os.Exit(0)
	case said:
		c.fail(err)
	default:
		c.refuse(err)
	}
}

// reply writes one frame. If the parent no longer listens, this process has
// no reason to live.
func (c *child) reply(frame []byte) {
	if _, err := c.replies.Write(frame); err != nil {
		os.Exit(1)
	}
	c.out = frame
}

// refuse answers the opening frame with an error and exits.
func (c *child) refuse(err error) {
	c.reply(appendFrame(nil, kindError, number(-1), cut(err.Error())))
	os.Exit(1)
}

// fail leaves a last word for the parent and exits.
func (c *child) fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
