package timeline

import (
	"context"
	"os"
	"runtime"
	"runtime/metrics"
	"sync/atomic"

	"amdahl/workloads/cores"
)

// mostEvents is how many events a lane records between two calls of Take: 32 MiB.
const mostEvents = 1 << 20

// A Recorder records what the tasks of this process do. A task takes a lane when
// it begins and gives the lane back when it ends, so there are as many lanes as
// tasks run at a time; a lane does not belong to one goroutine. Events go into
// the memory of their lane: while a task runs it shares no lock with others, and
// nothing is allocated.
//
// A section of compute is locked to its thread, because the thread's CPU time is
// read before and after it. Recording a task of one section costs two readings of
// the CPU time and six of the clock.
//
// A Recorder is safe for concurrent use, except for Take.
type Recorder struct {
	lanes []lane
	free  cores.FreeList[lane]
	lost  atomic.Int64 // tasks that found no lane, and events beyond mostEvents

	gc      []metrics.Sample
	gcBegan float64 // seconds, at the last Take
}

// NewRecorder makes a Recorder for jobs of which at most lanes tasks run at a
// time. It makes room for the events of this many tasks; room for more is made
// when it is needed.
func NewRecorder(lanes, tasks int) *Recorder {
	r := &Recorder{lanes: make([]lane, max(1, lanes)), gc: []metrics.Sample{
		{Name: "/cpu/classes/gc/mark/assist:cpu-seconds"},
		{Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"},
		{Name: "/cpu/classes/gc/pause:cpu-seconds"},
	}}
	each := 2*tasks/len(r.lanes) + 2
	for i := len(r.lanes) - 1; i >= 0; i-- { // the first lane is the first that is taken
		l := &r.lanes[i]
		l.id, l.lost = i, &r.lost
		l.events = make([]event, 0, min(8*each, mostEvents))
		r.free.Put(l)
	}
	r.gcBegan = r.collected()
	return r
}

// An event is one entry of a lane: a task begins, ends, or changes its state.
type event struct {
	at   int64 // on the clock of Now
	cpu  int64 // CPU time of the section of compute that ends here; below 0 if unknown
	task int
	kind kind
}

// A kind of event is a [cores.State] that begins, or one of these.
type kind uint8

const (
	begins kind = iota + 16 // a task, which begins Waiting
	ends
	worked // the rest of a section of compute, whose work is done
)

type lane struct {
	id     int
	lost   *atomic.Int64
	events []event

	task  int
	state cores.State
	cpu   int64 // CPU time of the thread when the section of compute began
	over  bool  // the work of the section is done

	parent, ctx context.Context // ctx is parent with this lane as the probe

	_ [64]byte // keeps the next lane, which another processor writes, off this cache line
}

// Do calls do for task i and records the task. The context that do gets carries
// a probe, to which watched cores report the states of the task.
func (r *Recorder) Do(ctx context.Context, i int, do func(context.Context, int) (uint64, error)) (uint64, error) {
	l := r.free.Take(func() *lane { return nil })
	if l == nil {
		r.lost.Add(1)
		return do(ctx, i)
	}
	if l.parent != ctx {
		l.parent, l.ctx = ctx, cores.WithProbe(ctx, l)
	}
	l.task, l.state = i, cores.Waiting
	l.note(Now(), begins, 0)
	defer r.end(l)
	return do(l.ctx, i)
}

// end records the end of the lane's task, also of one that panicked.
func (r *Recorder) end(l *lane) {
	if l.state == cores.Computing {
		l.Enter(cores.Waiting)
	}
	l.note(Now(), ends, 0)
	r.free.Put(l)
}

// Enter implements [cores.Probe]. The CPU time is read outside of the stay:
// otherwise the time that reading takes would look like compute that lasted longer
// than its CPU time.
func (l *lane) Enter(s cores.State) {
	if s == l.state {
		return
	}
	switch {
	case l.state == cores.Computing:
		l.Worked()
		runtime.UnlockOSThread()
		l.note(Now(), kind(s), 0)
	case s == cores.Computing:
		runtime.LockOSThread()
		l.cpu, l.over = threadTime(), false
		l.note(Now(), kind(s), 0)
	default:
		l.note(Now(), kind(s), 0)
	}
	l.state = s
}

// Worked implements [cores.WorkProbe]: the CPU time ends with the work, before a
// slow core sleeps off its debt.
func (l *lane) Worked() {
	if l.over {
		return
	}
	at, used := Now(), int64(-1)
	if l.cpu >= 0 {
		used = threadTime() - l.cpu
	}
	l.over = true
	l.note(at, worked, used)
}

// note records an event.
func (l *lane) note(at int64, k kind, cpu int64) {
	if len(l.events) == mostEvents {
		l.lost.Add(1)
		return
	}
	l.events = append(l.events, event{at, cpu, l.task, k})
}

// threadTime is the CPU time of the thread in ns; below 0 where it is not known.
func threadTime() int64 {
	t, err := cores.ThreadTime()
	if err != nil {
		return -1
	}
	return int64(t)
}

// A Record is what one process recorded.
type Record struct {
	PID   int
	Tasks []Task
	GC    int64 // CPU time of garbage collection in ns; see [Operation]
	Lost  int64 // events that found no place: if above 0, tasks are missing
}

// Take returns what was recorded since the last Take, and forgets it. It must not
// be called while a task runs.
func (r *Recorder) Take() Record {
	now := r.collected()
	rec := Record{PID: os.Getpid(), GC: int64((now - r.gcBegan) * 1e9), Lost: r.lost.Swap(0)}
	r.gcBegan = now
	events := 0
	for i := range r.lanes {
		events += len(r.lanes[i].events)
	}
	stays := make([]Stay, 0, events) // one array for all: it never grows
	for i := range r.lanes {
		l := &r.lanes[i]
		stays = rec.add(l.id, l.events, stays)
		l.events = l.events[:0]
		l.parent, l.ctx = nil, nil
	}
	return rec
}

// add makes tasks of the events of a lane. It appends the stays to those of other
// lanes and returns them.
func (r *Record) add(lane int, events []event, stays []Stay) []Stay {
	first, task := len(stays), Task{}
	for i, e := range events {
		if e.kind == begins {
			first, task = len(stays), Task{Index: e.task, PID: r.PID, Lane: lane, Begin: e.at}
			continue
		}
		before := events[i-1]
		s := Stay{State: cores.State(before.kind), Begin: before.at, End: e.at, CPU: e.cpu}
		switch before.kind {
		case begins:
			s.State = cores.Waiting
		case worked:
			s.State, s.Over = cores.Computing, true
		}
		stays = append(stays, s)
		if e.kind == ends {
			task.End, task.Stays = e.at, stays[first:len(stays):len(stays)]
			r.Tasks = append(r.Tasks, task)
		}
	}
	return stays
}

// collected is the CPU time of garbage collection since the process began, in
// seconds. The runtime updates it at the end of each cycle.
func (r *Recorder) collected() float64 {
	metrics.Read(r.gc)
	total := 0.0
	for _, s := range r.gc {
		if s.Value.Kind() == metrics.KindFloat64 {
			total += s.Value.Float64()
		}
	}
	return total
}
