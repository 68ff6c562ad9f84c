package transitions

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"slices"

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
	told    *[256]bool       // the kinds of events that are given out
	full    *fullOrder       // nil of a reader that is not full

	begun       bool
	first, last int64 // when the trace begins, and when the last event was that is given out
	until       int64 // the end of the trace as far as it is known
}

func newOrder(in *bufio.Reader, version int, t *Tables, full bool) *order {
	o := &order{Tables: t, load: loader{in: in, version: version}, threads: map[uint64]*thread{}, all: map[uint64]*Goroutine{}, told: &told}
	if full {
		o.told, o.full = &fullTold, newFullOrder(t)
	}
	return o
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
		if ok, err := o.sample(e); ok || err != nil {
			return err
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
		more, err := c.advance(o.g.scale, o.told)
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
	if o.full != nil {
		slices.SortStableFunc(g.samples, func(a, b sample) int { return cmp.Compare(a.time, b.time) })
		o.full.samples = g.samples
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
		switch more, err := c.advance(g.scale, o.told); {
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
