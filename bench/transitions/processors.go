package transitions

import (
	"errors"
	"fmt"
)

// A processor is what is known of one of Go's processors (P) now.
type processor struct {
	id     int32
	status uint8
	gen    uint64 // generation in which seq counts
	seq    uint64 // how often it was started, taken away or left to a system call there
}

// What a processor does, by its number in the trace.
const (
	procRunning   = 1
	procIdle      = 2
	procInCall    = 3 // it is left to the system call of the goroutine that ran on it
	procAbandoned = 4 // the same, and the thread of the system call is gone
)

// mostProcessors is more than any program of Go may have.
const mostProcessors = 1 << 16

// number is that of a processor; -1 of none.
func (p *processor) number() int32 {
	if p == nil {
		return -1
	}
	return p.id
}

// call leaves the processor to a system call.
func (p *processor) call(seq uint64) {
	if p != nil {
		p.status, p.seq = procInCall, seq
	}
}

// run takes it back.
func (p *processor) run() {
	if p != nil {
		p.status = procRunning
	}
}

// A fullOrder is what a full reader knows beside goroutines.
type fullOrder struct {
	procs      map[uint64]*processor
	samples    []sample // of the generation, that are not given out yet, the earliest first
	collected  bool     // the number of a collection of garbage is known
	collection uint64   // that was begun or ended last
	words      struct{ mark, sweep, assist int32 }
}

func newFullOrder(t *Tables) *fullOrder {
	f := &fullOrder{procs: map[uint64]*processor{}}
	f.words.mark, f.words.sweep, f.words.assist = t.Number("GC concurrent mark phase"), t.Number("GC incremental sweep"), t.Number("GC mark assist")
	return f
}

// fullTold is which events are given out by a full reader, or are needed for their order.
var fullTold = func() (all [256]bool) {
	all = told
	for _, kind := range []byte{
		evProcStart, evProcStop, evProcSteal, evProcStatus, evSTWBegin, evSTWEnd, evGCActive, evGCBegin, evGCEnd, evGCSweepActive, evGCSweepBegin,
		evGCSweepEnd, evGCMarkAssistActive, evGCMarkAssistBegin, evGCMarkAssistEnd, evHeapAlloc,
	} {
		all[kind] = true
	}
	return all
}()

// mayProcessor reports whether the event of a cursor, which starts a processor or takes it
// away from a system call, can be the next one.
func (o *order) mayProcessor(c *cursor) bool {
	if c.p == nil {
		if c.p = o.full.procs[c.args[0]]; c.p == nil {
			return false
		}
	}
	p := c.p
	if p.gen != o.g.number || c.args[1] != p.seq+1 {
		return false
	}
	if c.kind == evProcStart {
		return p.status == procIdle && c.thread.p == nil
	}
	return p.status == procInCall || p.status == procAbandoned
}

// sample gives out the next sample of the CPU profile if it is earlier than all events that
// are left.
func (o *order) sample(e *Event) (ok bool, err error) {
	for o.full != nil && len(o.full.samples) > 0 {
		s := o.full.samples[0]
		at := int64(float64(s.time) * o.g.scale)
		if len(o.heap) > 0 && at >= o.heap[0].time {
			return false, nil
		}
		o.full.samples = o.full.samples[1:]
		g := o.find(s.g)
		if g == nil {
			continue // no goroutine, or one that has ended
		}
		*e = Event{Time: at, Kind: Sample, Proc: -1, G: g, By: g}
		if s.proc < mostProcessors {
			e.Proc = int32(s.proc)
		}
		o.stamp(e)
		e.ByStack, err = o.g.stack(o.Tables, s.stack)
		return true, err
	}
	return false, nil
}

var errNoProcessor = errors.New("the trace is damaged: a processor stops on a thread that has none")

// processor takes an event of a processor. It reports whether the processor is idle then.
func (o *order) processor(c *cursor, e *Event) (idle bool, err error) {
	t := c.thread
	switch c.kind {
	case evProcStart:
		c.p.status, t.p = procRunning, c.p
		c.p.seq++
		return false, nil
	case evProcStop:
		if t.p == nil {
			return false, errNoProcessor
		}
		t.p.status, t.p = procIdle, nil
	case evProcSteal:
		if c.p.status == procInCall {
			if from := o.thread(c.args[2]); from.p == c.p {
				from.p = nil
			}
		}
		c.p.status = procIdle
		c.p.seq++
		e.Proc = c.p.id
	case evProcStatus:
		return o.processorStatus(c, e)
	}
	e.Kind, e.G = Idle, nil
	return true, nil
}

// processorStatus takes what a processor does when a generation begins.
func (o *order) processorStatus(c *cursor, e *Event) (idle bool, err error) {
	id, status := c.args[0], c.args[1]
	if id >= mostProcessors || status < procRunning || status > procAbandoned {
		return false, fmt.Errorf("processor %d has the unknown status %d", id, status)
	}
	p := o.full.procs[id]
	if p == nil {
		p = &processor{id: int32(id)}
		o.full.procs[id] = p
	}
	if status == procAbandoned && p.status == procInCall {
		status = procInCall // its thread is known
	} else if status == procRunning || status == procInCall {
		c.thread.p = p
	}
	p.status, p.gen, p.seq = uint8(status), o.g.number, 0
	e.Kind, e.G, e.Proc = Idle, nil, p.id
	return status == procIdle || status == procAbandoned, nil
}

// collector takes an event of the garbage collector or of the heap that any thread may write.
func (o *order) collector(c *cursor, e *Event) (ok bool, err error) {
	words := &o.full.words
	switch c.kind {
	case evHeapAlloc:
		e.Kind, e.G, e.Bytes = Heap, nil, c.args[0]
		return true, nil
	case evGCActive, evGCBegin, evGCEnd:
		o.full.collected, o.full.collection = true, c.args[0]
		e.Kind, e.G, e.Text = RangeActive, nil, words.mark
		if c.kind == evGCEnd {
			e.Kind = RangeEnd
		} else if c.kind == evGCBegin {
			e.Kind = RangeBegin
			err = o.at(e, c.args[1])
		}
		return true, err
	case evGCMarkAssistActive:
		e.Kind, e.Text, e.G = RangeActive, words.assist, o.find(c.args[0])
	case evGCSweepActive:
		e.Kind, e.Text = RangeActive, words.sweep
	case evGCSweepBegin:
		e.Kind, e.Text = RangeBegin, words.sweep
		err = o.at(e, c.args[0])
	case evGCSweepEnd:
		e.Kind, e.Text = RangeEnd, words.sweep
	}
	return e.G != nil, err // a thread without a goroutine may sweep
}

// ownRange takes a range of the goroutine that runs on its thread.
func (o *order) ownRange(c *cursor, e *Event) (ok bool, err error) {
	e.From = 0
	switch c.kind {
	case evSTWBegin:
		why, err := o.g.word(o.Tables, c.args[0])
		if err != nil {
			return false, err
		}
		e.Kind, e.Text = RangeBegin, o.Number("stop-the-world ("+o.Word(why)+")")
		e.G.stops = e.Text
		return true, o.at(e, c.args[1])
	case evSTWEnd:
		e.Kind, e.Text = RangeEnd, e.G.stops
		e.G.stops = 0
		return e.Text != 0, nil
	case evGCMarkAssistBegin:
		e.Kind, e.Text = RangeBegin, o.full.words.assist
		return true, o.at(e, c.args[0])
	}
	e.Kind, e.Text = RangeEnd, o.full.words.assist
	return true, nil
}
