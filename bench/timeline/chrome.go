package timeline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"amdahl/workloads/cores"
)

// A Writer writes operations as Chrome trace events, a JSON array that
// ui.perfetto.dev and chrome://tracing open. Time begins at 0 with each
// operation, so that they stand below one another; within one, all processes
// are on one clock. The ids of processes and threads are made up: an OS process
// has a row in every operation that it took part in.
//
// Rows: a process per OS process, the one that measures first; in it
// "operation" and a thread per lane. Slices nest: operation ⊃ serial section,
// parallel section; task ⊃ its states. A counter "running" tells how many tasks
// compute. An arrow (flow) goes from the parallel section, at the moment when a
// lane was free, to the begin of the task that it took next: its length is what
// handing out took.
//
// The names, categories and args are a contract, for programs that replay a run:
//
//	cat "operation", name "operation"         args op, case, workers, processors, slowdown, locked, tasks,
//	                                          serial-tasks, pid, begin-ns (monotonic clock), and each part of [Parts] as useful-ns, …
//	cat "operation", name "serial section"    args op
//	cat "operation", name "parallel section"  args op
//	cat "task",  name "task N"                args op, task (N), serial (true if it ran in the serial section), pid
//	cat "state", name = state                 args op, task, state; cpu-ns where it is known and state is compute
//	cat "dispatch", name "dispatch"           flow s → f; id is unique in the file
//	name "running"                            counter; args tasks
//
// op counts operations from 0 and joins the rows of one. The state is compute,
// wait (for something outside), queued (for a core, or the interpreter lock) or
// lock (waits for the planted one, which the first sections of compute of a
// task then hold: the share locked of them). A wait of under 3 µs is left out: it is the cost of
// recording; so a task's slice may be longer than its states together. ts and dur
// are in µs with three decimals, so whole nanoseconds.
//
// Sources: Trace Event Format (Google), Perfetto, "Visualizing external trace
// formats".
type Writer struct {
	w   io.Writer
	err error
	ops int
	ids int // of processes, threads and flows, given out
}

// NewWriter begins a trace in w. The caller closes the Writer, which ends the
// array, and then what is behind w. A file that was not ended still opens.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write writes one operation and where its time went.
func (w *Writer) Write(name string, o Operation, p Parts) error {
	if w.err != nil {
		return w.err
	}
	if err := o.check(); err != nil {
		return err
	}
	c := chrome{Writer: w, o: o, pids: map[int]int{}, tids: map[[2]int]int{}}
	c.operation(name, p)
	c.tasks(name)
	c.running()
	w.ops++
	slices.SortStableFunc(c.events, compare)
	var b bytes.Buffer
	for _, e := range c.events {
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("timeline: %w", err)
		}
		if b.Len() > 0 || w.ops > 1 {
			b.WriteString(",\n")
		} else {
			b.WriteString("[\n")
		}
		b.Write(line)
	}
	return w.write(b.Bytes())
}

func (w *Writer) write(b []byte) error {
	if _, err := w.w.Write(b); err != nil {
		w.err = fmt.Errorf("timeline: writing the trace: %w", err)
	}
	return w.err
}

// Close ends the trace.
func (w *Writer) Close() error {
	if w.err != nil {
		return nil // Write has said it
	}
	end := "\n]\n"
	if w.ops == 0 {
		end = "[]\n"
	}
	err := w.write([]byte(end))
	w.err = cmp.Or(w.err, errors.New("timeline: the trace is closed"))
	return err
}

func (w *Writer) id() int {
	w.ids++
	return w.ids
}

// A traceEvent is one of the Trace Event Format.
type traceEvent struct {
	Name string         `json:"name"`
	Cat  string         `json:"cat,omitempty"`
	Ph   string         `json:"ph"`
	TS   micros         `json:"ts"`
	Dur  *micros        `json:"dur,omitempty"`
	PID  int            `json:"pid"`
	TID  int            `json:"tid"`
	ID   int            `json:"id,omitempty"`
	BP   string         `json:"bp,omitempty"`
	Args map[string]any `json:"args,omitempty"`
}

// compare is the order of the file: names first, then by time, and what
// encloses before what it encloses.
func compare(a, b traceEvent) int {
	return cmp.Or(cmp.Compare(a.when(), b.when()), cmp.Compare(b.length(), a.length()))
}

func (e traceEvent) when() micros {
	if e.Ph == "M" {
		return -1
	}
	return e.TS
}

func (e traceEvent) length() micros {
	if e.Dur == nil {
		return -1
	}
	return *e.Dur
}

// micros are ns that are written as µs.
type micros int64

func (m micros) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%d.%03d", int64(m)/1000, int64(m)%1000), nil
}

// chrome makes the events of one operation.
type chrome struct {
	*Writer
	o      Operation
	row    int            // of the operation
	pids   map[int]int    // of the trace, by those of the system
	tids   map[[2]int]int // by process of the system and lane
	events []traceEvent
}

func (c *chrome) add(e traceEvent) { c.events = append(c.events, e) }

// at is a time of the operation, from its begin.
func (c *chrome) at(t int64) micros { return micros(min(max(t, c.o.Begin), c.o.End) - c.o.Begin) }

func (c *chrome) slice(cat, name string, pid, tid int, from, to int64, args map[string]any) {
	args["op"] = c.ops
	dur := c.at(to) - c.at(from)
	c.add(traceEvent{Name: name, Cat: cat, Ph: "X", TS: c.at(from), Dur: &dur, PID: pid, TID: tid, Args: args})
}

// process is the row of a process of the system, named at its first use.
func (c *chrome) process(pid int, name string) int {
	id, ok := c.pids[pid]
	if !ok {
		id = c.id()
		c.pids[pid] = id
		c.meta(id, id, "process_name", "name", fmt.Sprintf("%s, process %d", name, pid))
		c.meta(id, id, "process_sort_index", "sort_index", id)
	}
	return id
}

// lane is the row of a lane.
func (c *chrome) lane(pid, lane int) int {
	key := [2]int{pid, lane}
	id, ok := c.tids[key]
	if !ok {
		id = c.id()
		c.tids[key] = id
		c.meta(c.pids[pid], id, "thread_name", "name", "lane "+strconv.Itoa(lane))
		c.meta(c.pids[pid], id, "thread_sort_index", "sort_index", lane+1)
	}
	return id
}

func (c *chrome) meta(pid, tid int, name, key string, value any) {
	c.add(traceEvent{Name: name, Ph: "M", PID: pid, TID: tid, Args: map[string]any{key: value}})
}

// operation is the row of the operation itself.
func (c *chrome) operation(name string, p Parts) {
	o := c.o
	pid := c.process(o.PID, name)
	c.row = c.id()
	c.meta(pid, c.row, "thread_name", "name", "operation")
	c.meta(pid, c.row, "thread_sort_index", "sort_index", 0)
	args := map[string]any{
		"case": name, "workers": o.Workers, "processors": o.Processors, "slowdown": o.Slowdown,
		"locked": o.Locked, "tasks": o.Total, "serial-tasks": o.Serial, "pid": o.PID, "begin-ns": o.Begin,
	}
	for _, part := range p.Each() {
		args[part.Name+"-ns"] = *part.NS
	}
	c.slice("operation", "operation", pid, c.row, o.Begin, o.End, args)
	parallel := o.parallel()
	if parallel > o.Begin {
		c.slice("operation", "serial section", pid, c.row, o.Begin, parallel, map[string]any{})
	}
	c.slice("operation", "parallel section", pid, c.row, parallel, o.End, map[string]any{})
}

var stateNames = [...]string{cores.Waiting: "wait", cores.Computing: "compute", cores.Queued: "queued", cores.Locked: "lock"}

// tasks are the rows of the lanes.
func (c *chrome) tasks(name string) {
	o := c.o
	tasks := slices.SortedFunc(slices.Values(o.Tasks), func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Begin, b.Begin))
	})
	parallel := o.parallel()
	free := parallel // when the lane was
	for i, t := range tasks {
		pid := c.process(t.PID, name)
		tid := c.lane(t.PID, t.Lane)
		c.slice("task", "task "+strconv.Itoa(t.Index), pid, tid, t.Begin, t.End,
			map[string]any{"task": t.Index, "serial": t.Index < o.Serial, "pid": t.PID})
		for _, s := range o.stays(t) {
			if classOf(s) == passing || s.End == s.Begin {
				continue
			}
			args := map[string]any{"task": t.Index, "state": stateNames[s.State]}
			if s.State == cores.Computing && s.CPU >= 0 {
				args["cpu-ns"] = s.CPU
			}
			c.slice("state", stateNames[s.State], pid, tid, s.Begin, s.End, args)
		}
		if i > 0 && tasks[i-1].PID == t.PID && tasks[i-1].Lane == t.Lane {
			free = max(parallel, tasks[i-1].End)
		} else {
			free = parallel
		}
		if t.Index >= o.Serial {
			id := c.id()
			flow := traceEvent{Name: "dispatch", Cat: "dispatch", ID: id}
			flow.Ph, flow.TS, flow.PID, flow.TID = "s", c.at(min(free, t.Begin)), c.pids[o.PID], c.row
			c.add(flow)
			flow.Ph, flow.TS, flow.PID, flow.TID, flow.BP = "f", c.at(t.Begin), pid, tid, "e"
			c.add(flow)
		}
	}
}

// running is the counter.
func (c *chrome) running() {
	changes := []change{{c.o.Begin, computing, 0}}
	for _, t := range c.o.Tasks {
		for _, s := range c.o.stays(t) {
			if s.State == cores.Computing {
				changes = append(changes, change{s.Begin, computing, 1}, change{s.End, computing, -1})
			}
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	n := 0
	for i, ch := range changes {
		n += ch.by
		if i+1 < len(changes) && changes[i+1].at == ch.at {
			continue
		}
		c.add(traceEvent{Name: "running", Ph: "C", TS: c.at(ch.at), PID: c.pids[c.o.PID], TID: c.row, Args: map[string]any{"tasks": n}})
	}
}
