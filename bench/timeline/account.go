package timeline

import (
	"io"
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
	"amdahl/workloads/cores"
)

// Account says where the p·T(p) of the operation went, in parts that add up to
// it: see [ledger.Account]. A wait of under 3 µs is what recording costs, and
// unattributed.
func (o *Operation) Account() (contract.Parts, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	var all Compute
	for _, t := range o.Tasks {
		all.Add(t.Compute())
	}
	return ledger.Account(o.record(""), ledger.Costs{CPU: all.CPU, Alone: o.Alone, GC: time.Duration(o.GC)}), nil
}

// Paid is p·T(p): the workers times the time of the operation.
func (o *Operation) Paid() time.Duration { return time.Duration(int64(o.Workers) * (o.End - o.Begin)) }

// shortest is how long a wait lasts, in ns, to be one. In a shorter one the task
// passes through the state, and what is seen is the cost of recording that (0.1
// µs for the clock, 1 µs for the CPU time). It is less than what it takes to wake
// a thread.
const shortest = 3000

var stateNames = [...]contract.State{
	cores.Waiting: contract.StateWait, cores.Computing: contract.StateCompute, cores.Queued: contract.StateQueued, cores.Locked: contract.StateLock,
}

// record is the operation as a trace and the ledger know it: times since its
// begin, within it; lanes in one list; states as they count.
func (o *Operation) record(name string) *contract.Operation {
	at := func(t int64) time.Duration { return time.Duration(min(max(t, o.Begin), o.End) - o.Begin) }
	rec := &contract.Operation{
		Case: name, Workers: o.Workers, Processors: o.Processors, Computes: o.Computes, Apart: o.Apart, Dealt: o.Dealt, Slowdown: o.Slowdown, Locked: o.Locked, QueuedFor: o.queuedFor(),
		Time: at(o.End), Serial: at(o.parallel()), Begin: o.Begin, Processes: []int{o.PID}, Tasks: make([]contract.Task, o.Total),
	}
	places := make([]contract.Place, o.Total)
	for _, t := range o.Tasks {
		task := contract.Task{Index: t.Index, Serial: t.Index < o.Serial, From: at(t.Begin), To: at(t.End)}
		for _, s := range o.stays(t) {
			computes := s.State == cores.Computing
			if at(s.Begin) == at(s.End) || !computes && s.End-s.Begin < shortest {
				continue
			}
			stay := contract.Stay{State: stateNames[s.State], From: at(s.Begin), To: at(s.End), CPU: -1}
			if computes && s.CPU >= 0 {
				stay.CPU = time.Duration(s.CPU)
			}
			task.Stays = append(task.Stays, stay)
		}
		rec.Tasks[t.Index] = task
		places[t.Index] = contract.Place{Process: int64(t.PID), Row: int64(t.Lane), PID: int64(t.PID)}
	}
	rec.Place(int64(o.PID), places)
	return rec
}

// queuedFor is what a task waits for in [cores.Queued]. Where cores are not
// bounded there is nothing to queue for but a processor: the task has lost its
// own between two marks.
func (o *Operation) queuedFor() contract.Cause {
	switch {
	case o.One:
		return contract.Interpreter
	case o.Bounded:
		return contract.Queued
	}
	return contract.Runnable
}

// A Writer writes operations as a trace, see package contract. It is for one
// goroutine.
type Writer struct{ trace *contract.Writer }

// NewWriter begins a trace in w. The caller closes the Writer, which ends the
// trace, and then w. A file that was not ended still opens.
func NewWriter(w io.Writer) *Writer { return &Writer{contract.NewWriter(w)} }

// Write writes one operation and where its time went.
func (w *Writer) Write(name string, o Operation, p contract.Parts) error {
	if err := o.check(); err != nil {
		return err
	}
	rec := o.record(name)
	rec.Paid, rec.Parts = o.Paid(), p
	return w.trace.Operation(rec)
}

// Close ends the trace. An error that Write has given is not given again.
func (w *Writer) Close() error { return w.trace.Close() }
