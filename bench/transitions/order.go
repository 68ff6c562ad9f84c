package transitions

import (
	"bufio"
	"errors"
	"fmt"

	"golang.org/x/exp/trace"
)

// An order brings the events of all threads in one order.
type order struct {
	*Tables
	slots
	load    loader
	g       *generation
	heap    []*cursor // the earliest first
	threads map[uint64]*thread
	all     map[uint64]*Goroutine
	recent  [1024]*Goroutine // by the last bits of the ID: they save most look-ups in all
	ended   *Goroutine       // in the event before
	queue   []Event          // further ones of the same moment

	begun       bool
	first, last int64 // when the trace begins, and when the last event was that is given out
	until       int64 // the end of the trace as far as it is known
}

func newOrder(in *bufio.Reader, version int, t *Tables) *order {
	return &order{Tables: t, load: loader{in: in, version: version}, threads: map[uint64]*thread{}, all: map[uint64]*Goroutine{}}
}

func (o *order) span() (begin, end int64) { return o.first, max(o.last, o.until) + 1 }

// read gives out the next event.
func (o *order) read(e *Event) error {
	if g := o.ended; g != nil {
		o.give(g.Slot)
		o.ended = nil
	}
	for {
		if len(o.queue) > 0 {
			*e = o.queue[0]
			o.queue = o.queue[1:]
			o.stamp(e)
			return nil
		}
		if len(o.heap) == 0 {
			if err := o.generation(); err != nil {
				return err
			}
			continue
		}
		i := o.ready()
		if i < 0 {
			return errors.New("the trace is damaged: no event can be the next one")
		}
		c := o.heap[i]
		ok, err := o.take(c, e)
		if err != nil {
			return err
		}
		if ok {
			o.stamp(e)
		}
		more, err := c.advance(o.g.scale)
		if err != nil {
			return err
		}
		if more {
			o.down(o.up(i))
		} else {
			o.remove(i)
			o.until = max(o.until, c.time)
		}
		if ok {
			return nil
		}
	}
}

// stamp gives an event a time after that of the one before it.
func (o *order) stamp(e *Event) {
	if e.Time <= o.last {
		e.Time = o.last + 1
	}
	o.last = e.Time
}

// generation begins the next one.
func (o *order) generation() error {
	g, err := o.load.next()
	if err != nil {
		return err
	}
	o.g = g
	for _, t := range o.threads {
		t.batch = t.batch[:0]
	}
	var list []*thread
	if !o.begun {
		o.begun, o.first = true, int64(float64(g.begin)*g.scale)
	}
	for _, b := range g.batches {
		t := o.thread(b.thread)
		if len(t.batch) == 0 {
			list = append(list, t)
		}
		t.batch = append(t.batch, b)
	}
	for _, t := range list {
		c := &cursor{thread: t, next: t.batch}
		switch more, err := c.advance(g.scale); {
		case err != nil:
			return err
		case more:
			o.heap = append(o.heap, c)
			o.up(len(o.heap) - 1)
		default:
			o.until = max(o.until, c.time)
		}
	}
	return nil
}

func (o *order) thread(id uint64) *thread {
	t := o.threads[id]
	if t == nil {
		t = &thread{}
		o.threads[id] = t
	}
	return t
}

// find is the goroutine with an ID; nil if there is none.
func (o *order) find(id uint64) *Goroutine {
	at := &o.recent[id%uint64(len(o.recent))]
	if g := *at; g != nil && uint64(g.ID) == id {
		return g
	}
	g := o.all[id]
	if g != nil {
		*at = g
	}
	return g
}

// create makes a goroutine.
func (o *order) create(id uint64, s trace.GoState) (*Goroutine, error) {
	if o.find(id) != nil {
		return nil, fmt.Errorf("goroutine %d is created a second time", id)
	}
	g := &Goroutine{ID: trace.GoID(id), Slot: o.slots.take(), state: s, gen: o.g.number}
	o.all[id] = g
	return g, nil
}

// end removes a goroutine.
func (o *order) end(g *Goroutine) {
	id := uint64(g.ID)
	if at := &o.recent[id%uint64(len(o.recent))]; *at == g {
		*at = nil
	}
	delete(o.all, id)
	o.ended = g
}

var errNobody = errors.New("the trace is damaged: a goroutine does something on a thread on which none runs")

// take makes an event of that of a cursor, which may be the next one. It reports false if
// nothing changes.
func (o *order) take(c *cursor, e *Event) (ok bool, err error) {
	t := c.thread
	*e = Event{Time: c.time, G: t.g, By: t.g}
	switch c.kind {
	case evGoStart:
		t.g = c.g
		e.G, e.From, e.To = c.g, trace.GoRunnable, trace.GoRunning
		c.g.seq++
	case evGoUnblock:
		e.G, e.From, e.To = c.g, trace.GoWaiting, trace.GoRunnable
		c.g.seq++
		e.ByStack, err = o.g.stack(o.Tables, c.args[2])
	case evGoCreate, evGoCreateBlocked:
		e.From, e.To = trace.GoNotExist, trace.GoRunnable
		if c.kind == evGoCreateBlocked {
			e.To = trace.GoWaiting
		}
		if e.G, err = o.create(c.args[0], e.To); err != nil {
			return false, err
		}
		if e.Stack, err = o.g.stack(o.Tables, c.args[1]); err != nil {
			return false, err
		}
		e.ByStack, err = o.g.stack(o.Tables, c.args[2])
	case evGoCreateSyscall:
		e.From, e.To = trace.GoNotExist, trace.GoSyscall
		e.G, err = o.create(c.args[0], e.To)
		t.g = e.G
	case evGoStatus, evGoStatusStack:
		return o.status(c, e)
	default:
		return o.own(c, e)
	}
	e.G.state = e.To
	return true, err
}

// own takes an event of the goroutine that runs on its thread.
func (o *order) own(c *cursor, e *Event) (ok bool, err error) {
	t := c.thread
	if t.g == nil {
		return false, errNobody
	}
	e.From = trace.GoRunning
	switch c.kind {
	case evGoStop, evGoBlock:
		e.To, t.g = trace.GoWaiting, nil
		if c.kind == evGoStop {
			e.To = trace.GoRunnable
		}
		if e.Reason, err = o.g.word(o.Tables, c.args[0]); err != nil {
			return false, err
		}
		e.Stack, err = o.g.stack(o.Tables, c.args[1])
		e.ByStack = e.Stack
	case evGoSyscallBegin:
		e.To = trace.GoSyscall
		e.Stack, err = o.g.stack(o.Tables, c.args[1])
		e.ByStack = e.Stack
	case evGoSyscallEnd:
		e.From, e.To = trace.GoSyscall, trace.GoRunning
	case evGoSyscallEndBlocked:
		e.From, e.To, t.g = trace.GoSyscall, trace.GoRunnable, nil
	case evGoDestroy, evGoDestroySyscall:
		if c.kind == evGoDestroySyscall {
			e.From = trace.GoSyscall
		}
		e.To, t.g = trace.GoNotExist, nil
		o.end(e.G)
	case evGoSwitch, evGoSwitchDestroy:
		// It unblocks the next one, ends or blocks itself, and starts the next one.
		rest := Event{Time: e.Time, G: t.g, By: t.g, From: trace.GoRunning, To: trace.GoWaiting}
		if c.kind == evGoSwitchDestroy {
			rest.To = trace.GoNotExist
			o.end(t.g)
		}
		t.g.state = rest.To
		o.queue = append(o.queue[:0], rest, Event{Time: e.Time, G: c.g, From: trace.GoRunnable, To: trace.GoRunning})
		e.G, e.From, e.To = c.g, trace.GoWaiting, trace.GoRunnable
		c.g.seq++
		c.g.state, t.g = trace.GoRunning, c.g
		return true, nil
	case evUserRegionBegin, evUserRegionEnd:
		e.Kind, e.By = RegionBegin, nil
		if c.kind == evUserRegionEnd {
			e.Kind = RegionEnd
		}
		e.From = 0
		e.Text, err = o.g.word(o.Tables, c.args[1])
		return true, err
	case evUserLog:
		e.Kind, e.By, e.From = Log, nil, 0
		if e.Category, err = o.g.word(o.Tables, c.args[1]); err != nil {
			return false, err
		}
		e.Text, err = o.g.word(o.Tables, c.args[2])
		return true, err
	}
	e.G.state = e.To
	return true, err
}

// states are those of goroutines by their number in the trace.
var states = [...]trace.GoState{1: trace.GoRunnable, 2: trace.GoRunning, 3: trace.GoSyscall, 4: trace.GoWaiting}

// status takes what a goroutine does when a generation begins. This is new in the first one.
func (o *order) status(c *cursor, e *Event) (ok bool, err error) {
	n := c.args[2]
	if n == 0 || n >= uint64(len(states)) {
		return false, fmt.Errorf("goroutine %d has the unknown status %d", c.args[0], n)
	}
	g := o.find(c.args[0])
	if g == nil {
		if g, err = o.create(c.args[0], states[n]); err != nil {
			return false, err
		}
		e.G, e.From, e.To = g, trace.GoUndetermined, states[n]
		if c.kind == evGoStatusStack {
			e.Stack, err = o.g.stack(o.Tables, c.args[3])
			e.ByStack = e.Stack
		}
		ok = true
	}
	g.gen, g.seq = o.g.number, 0
	switch states[n] {
	case trace.GoRunning:
		c.thread.g = g
	case trace.GoSyscall:
		o.thread(c.args[1]).g = g
	}
	return ok, err
}
