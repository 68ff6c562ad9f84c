package replay

import (
	"time"

	"amdahl/bench/contract"
)

// An Outcome is what [Run] found.
//
// Its Parts add up to Workers·Time exactly. The serial tasks count as run by the
// first worker: what they computed and waited is in Useful and IO. Each cause means
// what it means in the account of a benchmark:
//
//	Useful       on a core, under the lock or not
//	IO           waiting
//	Serial       the other workers, idle while the serial tasks ran
//	Lock         waiting for the lock
//	Interpreter  waiting for the interpreter lock
//	Queued       able to run, but no core was free
//	Dispatch     being handed tasks, and waiting for it, or for a task to be sent
//	Imbalance    idle at the end: no task was left
type Outcome struct {
	Time    time.Duration  // from the start of the first task to the end of the last
	Workers int            // as in the machine; with 0 there, the number of parallel tasks, at least 1
	Parts   contract.Parts // where Workers·Time went
	Slices  []Slice        // who did what when, by worker, then by start; only if Machine.Record
}

// A Slice is a stretch of one worker's time. The slices of a worker do not
// overlap. What they leave out is idle: time while the serial tasks run, and
// after the worker's last task.
type Slice struct {
	Worker int // from 0; serial tasks are at 0
	// Task counts the serial tasks first: those of Job.Tasks start at
	// len(Job.Serial). For Dispatch it is the first task of the chunk.
	Task       int
	Kind       Kind
	Start, End time.Duration // since the start of the operation; Start < End
}
