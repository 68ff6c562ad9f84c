package trace

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
	"amdahl/results/replay"
)

// replayed is what a job did on a machine in the simulator, as a benchmark would
// have recorded it.
func replayed(t *testing.T, j replay.Job, m replay.Machine) (*contract.Operation, contract.Parts) {
	t.Helper()
	m.Record = true
	out, err := replay.Run(t.Context(), j, m)
	if err != nil {
		t.Fatal(err)
	}
	o := &contract.Operation{
		Case: "Strong/workload=spin/workers=2", Workers: out.Workers, QueuedFor: contract.Queued, Time: out.Time, Processes: []int{7}, Begin: 5,
		Tasks: make([]contract.Task, len(j.Serial)+len(j.Tasks)),
	}
	if m.Interpreter && !m.Processes {
		o.QueuedFor = contract.Interpreter
	}
	for _, s := range j.Serial {
		o.Serial += s.Time()
	}
	states := map[replay.Kind]contract.State{
		replay.Compute: contract.StateCompute, replay.Locked: contract.StateCompute, replay.Wait: contract.StateWait,
		replay.LockWait: contract.StateLock, replay.CoreWait: contract.StateQueued, replay.InterpreterWait: contract.StateQueued,
	}
	lanes := map[int]int{}
	for _, s := range out.Slices {
		if s.Kind == replay.Dispatch {
			continue
		}
		if _, known := lanes[s.Worker]; !known {
			lanes[s.Worker] = len(o.Lanes)
			o.Lanes = append(o.Lanes, contract.Lane{Number: len(o.Lanes)})
		}
		task := &o.Tasks[s.Task]
		if len(task.Stays) == 0 {
			task.From, task.Lane = s.Start, lanes[s.Worker]
		}
		task.To = s.End
		task.Stays = append(task.Stays, contract.Stay{State: states[s.Kind], From: s.Start, To: s.End, CPU: -1})
	}
	for i := range o.Tasks {
		o.Tasks[i].Index, o.Tasks[i].Serial = i, i < len(j.Serial)
	}
	return o, out.Parts
}

// The same operations through a replay, the ledger, and a trace that is written
// and read: their parts are the same to the nanosecond.
func TestAgree(t *testing.T) {
	kinds := []replay.Kind{replay.Compute, replay.Locked, replay.Wait}
	everyWorker := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 0))
		var j replay.Job
		for range r.IntN(3) {
			j.Serial = append(j.Serial, replay.Task{{Kind: replay.Compute, Time: time.Duration(1 + r.IntN(99_999))}})
		}
		for range 1 + r.IntN(30) {
			var task replay.Task
			for range 1 + r.IntN(3) {
				task = append(task, replay.Phase{Kind: kinds[r.IntN(3)], Time: time.Duration(1 + r.IntN(99_999))})
			}
			j.Tasks = append(j.Tasks, task)
		}
		m := replay.Machine{
			Workers: 1 + r.IntN(8), Cores: r.IntN(4), Dispatch: time.Duration(r.IntN(2) * r.IntN(9_999)),
			Interpreter: r.IntN(3) == 0, Processes: r.IntN(2) == 0, Switch: 20_000, Quantum: time.Duration(r.IntN(2) * 30_000),
		}
		o, parts := replayed(t, j, m)
		if got := ledger.Clock(o); !sameParts(got, parts) {
			t.Errorf("seed %d: a ledger of %v, a replay of %v", seed, got, parts)
		}
		o.Parts = ledger.Account(o, ledger.Costs{CPU: parts[contract.Useful], Alone: ledger.Compute{CPU: parts[contract.Useful]}})
		o.Paid = o.Parts.Sum()
		o.Computes, o.Apart = r.IntN(3), r.IntN(2) == 0
		if !sameParts(o.Parts, parts) {
			t.Errorf("seed %d: an account of %v, a replay of %v", seed, o.Parts, parts)
		}
		var file bytes.Buffer
		w := contract.NewWriter(&file)
		if err := w.Operation(o); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		read, err := Read(&file, "t.json", nil)
		if err != nil || len(read.Problems) > 0 || len(read.Operations) != 1 {
			t.Fatalf("seed %d: %+v, %v", seed, read, err)
		}
		got := read.Operations[0]
		if d := cmp.Diff(o, got); d != "" {
			t.Errorf("seed %d: written and read (-want +got):\n%s", seed, d)
		}
		if ledger.Working(got) < got.Workers {
			continue // a worker that never had a task has no lane, so no slices
		}
		everyWorker++
		lasted := contract.Parts{}
		for _, s := range ledger.Slices(got) {
			lasted[s.Cause] += s.To - s.From
		}
		if !sameParts(lasted, parts) {
			t.Errorf("seed %d: slices of %v, a replay of %v", seed, lasted, parts)
		}
	}
	if everyWorker < 200 {
		t.Errorf("only %d operations had a task for every worker", everyWorker)
	}
}

func sameParts(p, q contract.Parts) bool {
	for _, c := range contract.Causes {
		if p[c] != q[c] {
			return false
		}
	}
	return true
}
