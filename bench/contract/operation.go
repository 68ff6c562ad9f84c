package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ByLane is the tasks of the operation by lane, then by time.
func (o *Operation) ByLane() []Task {
	return slices.SortedFunc(slices.Values(o.Tasks), func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

// SerialTasks is how many tasks ran in the serial section.
func (o *Operation) SerialTasks() int {
	n := 0
	for _, t := range o.Tasks {
		if t.Serial {
			n++
		}
	}
	return n
}

// A Place is where a task ran: on a row of a process, by the numbers of whoever
// recorded it. PID is the number of the process in the operating system.
type Place struct{ Process, Row, PID int64 }

// Place sets the lanes of the operation and of its tasks, and its processes but
// for the measuring one: at has the place of each task, and measuring is the
// number there of the process that measures.
func (o *Operation) Place(measuring int64, at []Place) {
	elsewhere := func(p Place) int {
		if p.Process == measuring {
			return 0
		}
		return 1
	}
	order := func(a, b Place) int {
		return cmp.Or(cmp.Compare(elsewhere(a), elsewhere(b)), cmp.Compare(a.Process, b.Process), cmp.Compare(a.Row, b.Row))
	}
	rows := slices.CompactFunc(slices.SortedFunc(slices.Values(at), order), func(a, b Place) bool { return order(a, b) == 0 })
	for i, r := range rows {
		l := Lane{Process: elsewhere(r)}
		if i > 0 && rows[i-1].Process == r.Process {
			l = Lane{o.Lanes[i-1].Process, o.Lanes[i-1].Number + 1}
		} else if i > 0 && l.Process > 0 {
			l.Process += o.Lanes[i-1].Process
		}
		o.Lanes = append(o.Lanes, l)
		if l.Process == len(o.Processes) {
			o.Processes = append(o.Processes, int(r.PID))
		}
	}
	for i, p := range at {
		o.Tasks[i].Lane, _ = slices.BinarySearchFunc(rows, p, order)
	}
}

// Operation writes one operation, with everything up to here in the file when
// it returns. An operation that makes no sense is an error, and nothing is
// written.
func (w *Writer) Operation(o *Operation) error {
	if err := o.Check(); err != nil {
		return fmt.Errorf("trace: %s: %w", o.Case, err)
	}
	t := operationWriter{Writer: w, o: o, op: w.operations, pids: map[int]int{}, tids: map[int]int{}}
	w.operations++
	t.operation()
	t.tasks()
	t.running()
	slices.SortStableFunc(t.events, compareEvents)
	for _, e := range t.events {
		w.Event(e)
	}
	return w.Flush()
}

// compareEvents is the order of the file: names first, then by time, and what
// encloses before what it encloses.
func compareEvents(a, b Event) int {
	at := func(e Event) time.Duration {
		if e.Phase == Metadata {
			return -1
		}
		return e.At
	}
	length := func(e Event) time.Duration {
		if e.Phase != Complete {
			return -1
		}
		return e.Length
	}
	return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(length(b), length(a)))
}

// An operationWriter makes the events of one operation.
type operationWriter struct {
	*Writer
	o      *Operation
	op     int
	row    Track       // of the operation itself
	pids   map[int]int // numbers in the trace, by index of Processes
	tids   map[int]int // numbers in the trace, by index of Lanes
	events []Event
}

func (t *operationWriter) add(e Event) { t.events = append(t.events, e) }

func (t *operationWriter) slice(cat, name string, to Track, from, until time.Duration, args map[string]any) {
	args["op"] = t.op
	t.add(Event{Name: name, Cat: cat, Phase: Complete, At: from, Length: until - from, Track: to, Args: args})
}

// systemPID is the number of a process in the operating system, 0 if unknown.
func (o *Operation) systemPID(process int) int {
	if process < len(o.Processes) {
		return o.Processes[process]
	}
	return 0
}

// process is the row of a process, named at its first use.
func (t *operationWriter) process(process int) int {
	id, ok := t.pids[process]
	if !ok {
		id = t.ID()
		t.pids[process] = id
		t.events = append(t.events, processRows(id, fmt.Sprintf("%s, process %d", t.o.Case, t.o.systemPID(process)))...)
	}
	return id
}

// lane is the row of a lane, named at its first use.
func (t *operationWriter) lane(lane int) Track {
	l := t.o.Lanes[lane]
	pid := t.process(l.Process)
	id, ok := t.tids[lane]
	if !ok {
		id = t.ID()
		t.tids[lane] = id
		t.events = append(t.events, named(Track{pid, id}, "thread", "lane "+strconv.Itoa(l.Number), l.Number+1)...)
	}
	return Track{pid, id}
}

// operation writes the row of the operation itself.
func (t *operationWriter) operation() {
	o := t.o
	pid := t.process(0)
	t.row = Track{pid, t.ID()}
	t.events = append(t.events, named(t.row, "thread", SliceOperation, 0)...)
	args := map[string]any{
		"case": o.Case, "workers": o.Workers, "processors": o.Processors, "slowdown": o.Slowdown,
		"locked": o.Locked, "tasks": len(o.Tasks), "serial-tasks": o.SerialTasks(), "pid": o.systemPID(0), "begin-ns": o.Begin,
	}
	if o.Computes > 0 {
		args["computes"] = o.Computes
	}
	if o.Apart {
		args["apart"] = true
	}
	if o.Dealt {
		args["dealt"] = true
	}
	if o.QueuedFor != "" {
		args["queued-for"] = string(o.QueuedFor)
	}
	if o.Parts != nil {
		args[ArgPaid] = o.Paid.Nanoseconds()
		for c, d := range o.Parts {
			args[c.Arg()] = d.Nanoseconds()
		}
	}
	t.slice(CatOperation, SliceOperation, t.row, 0, o.Time, args)
	if o.Serial > 0 {
		t.slice(CatOperation, SliceSerial, t.row, 0, o.Serial, map[string]any{})
	}
	t.slice(CatOperation, SliceParallel, t.row, o.Serial, o.Time, map[string]any{})
}

// tasks writes the rows of the lanes, and the flows to the tasks.
func (t *operationWriter) tasks() {
	o := t.o
	tasks := o.ByLane()
	for i, task := range tasks {
		to := t.lane(task.Lane)
		t.slice(CatTask, "task "+strconv.Itoa(task.Index), to, task.From, task.To,
			map[string]any{"task": task.Index, "serial": task.Serial, "pid": o.systemPID(o.Lanes[task.Lane].Process)})
		for _, s := range task.Stays {
			args := map[string]any{"task": task.Index, "state": string(s.State)}
			if s.State == StateCompute && s.CPU >= 0 {
				args["cpu-ns"] = s.CPU.Nanoseconds()
			}
			t.slice(CatState, string(s.State), to, s.From, s.To, args)
		}
		if task.Serial {
			continue
		}
		free := o.Serial // when the lane was
		if i > 0 && tasks[i-1].Lane == task.Lane {
			free = max(free, tasks[i-1].To)
		}
		flow := Event{Name: CatDispatch, Cat: CatDispatch, Flow: t.ID()}
		flow.Phase, flow.At, flow.Track = FlowStart, min(free, task.From), t.row
		t.add(flow)
		flow.Phase, flow.At, flow.Track = FlowEnd, task.From, to
		t.add(flow)
	}
}

// running writes the counter of the tasks that compute.
func (t *operationWriter) running() {
	type change struct {
		at time.Duration
		by int
	}
	changes := []change{{0, 0}}
	for _, task := range t.o.Tasks {
		for _, s := range task.Stays {
			if s.State == StateCompute {
				changes = append(changes, change{s.From, 1}, change{s.To, -1})
			}
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	n := 0
	for i, c := range changes {
		n += c.by
		if i+1 == len(changes) || changes[i+1].at != c.at {
			t.add(Event{Name: "running", Phase: Counter, At: c.at, Track: t.row, Args: map[string]any{"tasks": n}})
		}
	}
}
