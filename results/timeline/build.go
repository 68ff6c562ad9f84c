package timeline

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"amdahl/results/why"
)

// A builder makes operations of events as they come.
type builder struct {
	name     string
	keep     func(string) bool
	dec      *json.Decoder
	drafts   map[int]*draft // by op
	last     *draft         // that an event was of
	seen     int            // operations that were named, kept or not
	problems []error
}

// A draft is an operation that is still growing. Its parts may come in any
// order.
type draft struct {
	op      int
	at      int64 // byte of its first event
	known   bool  // its own event was seen
	dropped bool  // nobody wants it
	cut     bool  // the trace ends in the middle of it
	process int64 // that measures
	o       Operation
	tasks   int // that it should have
	found   []placed
	stays   map[int][]Stay // by task
}

// A placed task is one with its row in the trace.
type placed struct {
	Task
	pid, tid int64
}

// add takes one event; at is the byte behind which it stands.
func (b *builder) add(at int64, e *event) {
	if e.Ph != "X" || e.Args.Op == nil {
		return
	}
	own := e.Cat == "operation" && e.Name == "operation"
	if !own && e.Cat != "operation" && e.Cat != "task" && e.Cat != "state" {
		return
	}
	from, to, ok := e.span()
	if !ok {
		b.complain(at, "%q begins at %v µs and lasts %v µs: times are from 0 to 11 days", e.Name, e.TS, e.Dur)
		return
	}
	d := b.drafts[*e.Args.Op]
	if d == nil {
		d = &draft{op: *e.Args.Op, at: at, stays: map[int][]Stay{}}
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
	case e.Cat == "operation" && e.Name == "serial section":
		d.o.Serial = to
	case e.Cat == "task":
		d.found = append(d.found, placed{Task{Index: e.Args.Task, Serial: e.Args.Serial, From: from, To: to}, e.PID, e.TID})
	case e.Cat == "state":
		s := Stay{State: State(e.Name), From: from, To: to, CPU: -1}
		if !slices.Contains(states, s.State) {
			b.complain(at, "unknown state %q", e.Name)
			return
		}
		if e.Args.CPU != nil {
			s.CPU = time.Duration(*e.Args.CPU)
		}
		d.stays[e.Args.Task] = append(d.stays[e.Args.Task], s)
	}
}

// begin takes the event of the operation itself.
func (d *draft) begin(e *event, took time.Duration, keep func(string) bool) {
	d.known = true
	if !keep(e.Args.Case) {
		*d = draft{op: d.op, known: true, dropped: true}
		return
	}
	d.process, d.tasks = e.PID, e.Args.Tasks
	serial := d.o.Serial
	d.o = Operation{
		Case: e.Args.Case, Workers: e.Args.Workers, Processors: e.Args.Processors,
		Slowdown: e.Args.Slowdown, Locked: e.Args.Locked, Time: took, Serial: serial,
	}
	d.o.Paid = time.Duration(e.Args.parts["paid-ns"])
	for _, c := range why.All {
		if v, ok := e.Args.parts[c.Name+"-ns"]; ok {
			if d.o.Parts == nil {
				d.o.Parts = map[*why.Cause]time.Duration{}
			}
			d.o.Parts[c] = time.Duration(v)
		}
	}
}

// finish is the operations that are whole, in the order of the trace, and
// complains about the others.
func (b *builder) finish() []*Operation {
	var ops []*Operation
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
			b.complain(d.at, "%s is left out: %d of its %d tasks are there", d.o.Case, len(d.found), d.tasks)
			continue
		}
		o := d.finish()
		if err := o.check(); err != nil {
			b.complain(d.at, "%s is left out: %v", o.Case, err)
			continue
		}
		ops = append(ops, o)
	}
	return ops
}

// finish puts tasks on lanes and states into tasks.
func (d *draft) finish() *Operation {
	o := d.o
	type row struct{ pid, tid int64 }
	var rows []row
	for _, t := range d.found {
		rows = append(rows, row{t.pid, t.tid})
	}
	measuring := func(r row) int {
		if r.pid == d.process {
			return 0
		}
		return 1
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(measuring(a), measuring(b)), cmp.Compare(a.pid, b.pid), cmp.Compare(a.tid, b.tid))
	})
	rows = slices.Compact(rows)
	index := map[row]int{}
	for i, r := range rows {
		l := Lane{Process: measuring(r)}
		if i > 0 {
			before := o.Lanes[i-1]
			switch {
			case rows[i-1].pid == r.pid:
				l = Lane{before.Process, before.Number + 1}
			case l.Process > 0:
				l.Process = before.Process + 1
			}
		}
		o.Lanes = append(o.Lanes, l)
		index[r] = i
	}
	for _, t := range d.found {
		t.Lane, t.Stays = index[row{t.pid, t.tid}], d.stays[t.Index]
		slices.SortFunc(t.Stays, func(a, b Stay) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
		o.Tasks = append(o.Tasks, t.Task)
	}
	slices.SortFunc(o.Tasks, func(a, b Task) int { return cmp.Compare(a.Index, b.Index) })
	return &o
}
