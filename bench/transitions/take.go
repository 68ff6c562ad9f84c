package transitions

import (
	"errors"
	"fmt"

	"golang.org/x/exp/trace"
)

var errNobody = errors.New("the trace is damaged: a goroutine does something on a thread on which none runs")

// take makes an event of that of a cursor, which may be the next one. It reports false if
// nothing changes.
func (o *order) take(c *cursor, e *Event) (ok bool, err error) {
	t := c.thread
	*e = Event{Time: c.time, G: t.g, By: t.g, Proc: t.p.number()}
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
	case evProcStart, evProcStop, evProcSteal, evProcStatus:
		return o.processor(c, e)
	case evGCActive, evGCBegin, evGCEnd, evGCSweepActive, evGCSweepBegin, evGCSweepEnd, evGCMarkAssistActive, evHeapAlloc:
		return o.collector(c, e)
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
		t.p.call(c.args[0])
		e.To = trace.GoSyscall
		e.Stack, err = o.g.stack(o.Tables, c.args[1])
		e.ByStack = e.Stack
	case evGoSyscallEnd:
		t.p.run()
		e.From, e.To = trace.GoSyscall, trace.GoRunning
	case evGoSyscallEndBlocked:
		e.From, e.To, t.g = trace.GoSyscall, trace.GoRunnable, nil
	case evGoDestroy, evGoDestroySyscall:
		if c.kind == evGoDestroySyscall {
			e.From = trace.GoSyscall
		}
		e.To, t.g = trace.GoNotExist, nil
		o.end(e.G)
		if c.kind == evGoDestroySyscall && t.p != nil {
			t.p.status, t.p = procAbandoned, nil
			o.queue = append(o.queue[:0], *e)
			*e = Event{Time: e.Time, Kind: Idle, By: e.By, Proc: e.Proc}
			return true, nil
		}
	case evGoSwitch, evGoSwitchDestroy:
		// It unblocks the next one, ends or blocks itself, and starts the next one.
		rest := Event{Time: e.Time, G: t.g, By: t.g, From: trace.GoRunning, To: trace.GoWaiting, Proc: e.Proc}
		if c.kind == evGoSwitchDestroy {
			rest.To = trace.GoNotExist
			o.end(t.g)
		}
		t.g.state = rest.To
		o.queue = append(o.queue[:0], rest, Event{Time: e.Time, G: c.g, From: trace.GoRunnable, To: trace.GoRunning, Proc: e.Proc})
		e.G, e.From, e.To = c.g, trace.GoWaiting, trace.GoRunnable
		c.g.seq++
		c.g.state, t.g = trace.GoRunning, c.g
		return true, nil
	case evUserRegionBegin, evUserRegionEnd:
		e.Kind, e.From = RegionBegin, 0
		if c.kind == evUserRegionEnd {
			e.Kind = RegionEnd
		}
		if e.Text, err = o.g.word(o.Tables, c.args[1]); err != nil {
			return false, err
		}
		return true, o.at(e, c.args[2])
	case evUserLog:
		e.Kind, e.From = Log, 0
		if e.Category, err = o.g.word(o.Tables, c.args[1]); err != nil {
			return false, err
		}
		if e.Text, err = o.g.word(o.Tables, c.args[2]); err != nil {
			return false, err
		}
		return true, o.at(e, c.args[3])
	case evSTWBegin, evSTWEnd, evGCMarkAssistBegin, evGCMarkAssistEnd:
		return o.ownRange(c, e)
	}
	e.G.state = e.To
	return true, err
}

// at says by whom an event of the goroutine itself is, and where it was; of a reader that
// is not full nobody asks.
func (o *order) at(e *Event, stack uint64) (err error) {
	if o.full == nil {
		e.By = nil
		return nil
	}
	e.ByStack, err = o.g.stack(o.Tables, stack)
	return err
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
