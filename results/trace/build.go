package trace

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"amdahl/bench/contract"
	"amdahl/results/words"
)

// A builder makes operations of events as they come.
type builder struct {
	name     string
	keep     func(string) bool
	dec      *json.Decoder
	drafts   map[int]*draft // by op
	runs     []*runBuilder
	rows     map[int]process // of runs, by the number of their process
	last     *draft          // that an event was of
	seen     int             // operations that were named, kept or not
	problems []error
}

// A draft is an operation that is being read. Its events may come in any order.
type draft struct {
	op      int
	at      int64 // offset of its first event in the file
	known   bool  // the event of the operation itself was read
	dropped bool  // keep does not want it
	cut     bool  // the trace ends in the middle of it
	process int64 // number of the measuring process in the trace
	o       contract.Operation
	tasks   int // number of tasks that the operation should have
	found   []placed
	stays   map[int][]contract.Stay // by task
}

// A placed task is a task with its row in the trace.
type placed struct {
	contract.Task
	contract.Place
}

// add takes one event; at is its offset in the file.
func (b *builder) add(at int64, e *event) {
	if e.Ph == string(contract.Metadata) && e.Name == contract.MetaProcess && b.names(e.event(0)) {
		return
	}
	run, ofRun := b.rows[int(e.PID)]
	own := e.Cat == contract.CatOperation && e.Name == contract.SliceOperation
	switch {
	case ofRun:
	case e.Ph != string(contract.Complete) || e.Args.Op == nil,
		!own && e.Cat != contract.CatOperation && e.Cat != contract.CatTask && e.Cat != contract.CatState:
		return
	}
	from, to, ok := e.span()
	if !ok {
		b.complain(at, "%q begins at %v µs and lasts %v µs: times are from 0 to 11 days", e.Name, e.TS, e.Dur)
		return
	}
	if ofRun {
		run.add(e.event(from))
		return
	}
	d := b.drafts[*e.Args.Op]
	if d == nil {
		d = &draft{op: *e.Args.Op, at: at, stays: map[int][]contract.Stay{}}
		b.drafts[d.op] = d
	}
	b.last = d
	switch {
	case own && d.known:
		b.complain(at, "operation %d stands twice: the first one counts", d.op)
	case own:
		b.seen++
		d.begin(e, to-from, b.keep)
	case d.dropped:
	case e.Cat == contract.CatOperation && e.Name == contract.SliceSerial:
		d.o.Serial = to
	case e.Cat == contract.CatTask:
		t := contract.Task{Index: e.Args.Task, Serial: e.Args.Serial, From: from, To: to}
		d.found = append(d.found, placed{t, contract.Place{Process: e.PID, Row: e.TID, PID: e.Args.PID}})
	case e.Cat == contract.CatState:
		s := contract.Stay{State: contract.State(e.Name), From: from, To: to, CPU: -1}
		if !slices.Contains(contract.States, s.State) {
			b.complain(at, "unknown state %q", e.Name)
			return
		}
		if e.Args.CPU != nil {
			s.CPU = time.Duration(*e.Args.CPU)
		}
		d.stays[e.Args.Task] = append(d.stays[e.Args.Task], s)
	}
}

// begin takes the event of the operation itself, which lasted as long as took.
func (d *draft) begin(e *event, took time.Duration, keep func(string) bool) {
	d.known = true
	if !keep(e.Args.Case) {
		*d = draft{op: d.op, known: true, dropped: true}
		return
	}
	d.process, d.tasks = e.PID, e.Args.Tasks
	serial := d.o.Serial
	d.o = contract.Operation{
		Case: e.Args.Case, Workers: e.Args.Workers, Processors: e.Args.Processors,
		Computes: e.Args.Computes, Apart: e.Args.Apart, Dealt: e.Args.Dealt, Slowdown: e.Args.Slowdown, Locked: e.Args.Locked, QueuedFor: contract.Cause(e.Args.QueuedFor),
		Time: took, Serial: serial, Begin: e.Args.Begin, Processes: []int{int(e.Args.PID)},
	}
	d.o.Paid = time.Duration(e.Args.parts[contract.ArgPaid])
	for _, c := range contract.Causes {
		if v, ok := e.Args.parts[c.Arg()]; ok {
			if d.o.Parts == nil {
				d.o.Parts = contract.Parts{}
			}
			d.o.Parts[c] = time.Duration(v)
		}
	}
	if !slices.Contains([]contract.Cause{contract.Interpreter, contract.Queued, contract.Runnable}, d.o.QueuedFor) {
		d.o.QueuedFor = "" // a trace of before the argument was there: the parts tell
		if d.o.Parts[contract.Interpreter] > 0 && d.o.Parts[contract.Queued] == 0 {
			d.o.QueuedFor = contract.Interpreter
		}
	}
}

// operations is the operations that are whole, in the order of the trace. It
// complains about the others.
func (b *builder) operations() []*contract.Operation {
	var ops []*contract.Operation
	drafts := make([]*draft, 0, len(b.drafts))
	for _, d := range b.drafts {
		drafts = append(drafts, d)
	}
	slices.SortFunc(drafts, func(c, d *draft) int { return cmp.Compare(c.op, d.op) })
	for _, d := range drafts {
		if d.dropped {
			continue
		}
		if !d.known {
			b.complain(d.at, "events of operation %d, which is not there, are left out", d.op)
			continue
		}
		if d.cut {
			b.complain(d.at, "%s is left out: the trace ends in it", d.o.Case)
			continue
		}
		if len(d.found) != d.tasks {
			b.complain(d.at, "%s is left out: %d of its %s %s there", d.o.Case, len(d.found), words.Count(d.tasks, "task"), words.Is(d.tasks))
			continue
		}
		o := d.finish()
		if err := o.Check(); err != nil {
			b.complain(d.at, "%s is left out: %v", o.Case, err)
			continue
		}
		ops = append(ops, o)
	}
	return ops
}

// finish makes the operation of a draft: it puts tasks on lanes and states into
// tasks.
func (d *draft) finish() *contract.Operation {
	o := d.o
	slices.SortFunc(d.found, func(a, b placed) int { return cmp.Compare(a.Index, b.Index) })
	var places []contract.Place
	for _, t := range d.found {
		t.Stays = d.stays[t.Index]
		slices.SortFunc(t.Stays, func(a, b contract.Stay) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
		o.Tasks, places = append(o.Tasks, t.Task), append(places, t.Place)
	}
	o.Place(d.process, places)
	return &o
}
