package contract

// A State is what a task does at a moment. Package bench writes it in traces,
// package results/trace reads it.
type State string

const (
	StateCompute State = "compute" // it computes
	StateWait    State = "wait"    // it waits for something outside: a timer, a disk, a server
	StateQueued  State = "queued"  // it waits for a core, or for the interpreter lock
	StateLock    State = "lock"    // it waits for the planted lock
)

// States lists all states of tasks.
var States = []State{StateCompute, StateWait, StateQueued, StateLock}
