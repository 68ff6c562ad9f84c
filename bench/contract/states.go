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

// What a goroutine does at a moment. Package bench/gotrace writes these names
// in traces, package results/trace reads them.
const (
	GoRunning  = "running"     // its code runs on a processor
	GoRunnable = "runnable"    // it could run, and no processor has taken it yet
	GoSyscall  = "system call" // the operating system works for it
	// GoWaiting is blocked. Where the reason is known, it stands behind GoReason:
	// "waiting: sync", "waiting: sleep".
	GoWaiting = "waiting"
	GoReason  = ": "
)
