package procpool

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// Options say how a pool works. The zero value is a pool of GOMAXPROCS worker
// processes, started at once, over the best transport that this machine has.
type Options struct {
	Workers   int       // how many at most; 0 is GOMAXPROCS (which knows cgroup limits)
	Transport Transport // how frames travel; Goroutines runs everything in this process

	Lazy        bool          // start workers only as tasks need them, the first included
	IdleTimeout time.Duration // a worker with nothing to do for this long goes away until it is needed; 0 is never
	MaxTasks    int           // a worker is replaced after this many tasks; 0 is no limit
	Init        Initializer   // runs once in every worker before its first task

	Tuning // defaults of every call; [Tune] gives an executor with others

	Grace       time.Duration // how long a worker may take to obey a cancel, a SIGTERM or the end before it is killed; 0 is 1 s
	StartTime   time.Duration // how long a worker may take to start and initialize; 0 is 30 s
	MemoryLimit int64         // bytes of resident memory of its own, without shared arrays: a worker above it after a task is replaced, one above twice that in a task is killed (Linux); 0 is no limit
	OnDeath     DeathPolicy   // what the death of a worker means for its task

	Codec Codec    // for types that do not travel raw; nil is gob
	Env   []string // "key=value" on top of this process's environment
	Procs int      // GOMAXPROCS of a worker; 0 is 1: the processes are the parallelism
	Name  string   // of the pool: workers are called by it and a number in lists of processes, events and profiles; "" is that of the program

	// Stdout gets what workers print; nil discards it. Stderr is the same for
	// standard error; nil passes the first twenty lines of each worker on to
	// this process's, with the worker's name, and says at its end how many
	// more there were; io.Discard discards all. One writer is called by one
	// goroutine at a time, however many pools it serves. One that blocks holds
	// up the tasks that print, and nothing else.
	Stdout, Stderr io.Writer

	// OnEvent is told what happens to workers, for a logger: by one goroutine,
	// in order. It does not hold up the pool: of what it is too slow for it
	// gets the number.
	OnEvent func(Event)
}

// Tuning is what may differ from call to call.
type Tuning struct {
	Chunk       int            // tasks sent as one; 0 lets the pool choose
	Window      int            // chunks sent ahead to one worker, and pulled ahead of the consumer by Ordered and Unordered; 0 lets the pool choose
	TaskTimeout time.Duration  // how long one task may run, to within an eighth; 0 or NoTimeout is for ever
	Retries     int            // with RetryTask: how often a task is tried again; 0 is 2, NoRetries is not at all
	FirstError  bool           // the first error of a Map cancels the rest of it, and is its only error
	Progress    func(Progress) // is told how far a Map has come, by one goroutine; it does not hold up the Map
}

// NoTimeout and NoRetries say no where zero says that another default holds.
const (
	NoTimeout = time.Duration(-1)
	NoRetries = -1
)

// amended is t with what is set in by.
func (t Tuning) amended(by Tuning) Tuning {
	if by.Chunk != 0 {
		t.Chunk = by.Chunk
	}
	if by.Window != 0 {
		t.Window = by.Window
	}
	if by.TaskTimeout != 0 {
		t.TaskTimeout = by.TaskTimeout
	}
	if by.Retries != 0 {
		t.Retries = by.Retries
	}
	if by.Progress != nil {
		t.Progress = by.Progress
	}
	t.FirstError = t.FirstError || by.FirstError
	return t
}

// timeout is how long one task may run; 0 is for ever.
func (t Tuning) timeout() time.Duration { return max(0, t.TaskTimeout) }

// A DeathPolicy says what the death of a worker process means.
type DeathPolicy int

const (
	FailTask  DeathPolicy = iota // what it was running fails with a *WorkerError; the worker is replaced
	RetryTask                    // what it was running is run again, up to Tuning.Retries times
	BreakPool                    // every task fails with ErrBroken, as in concurrent.futures
)

// A Transport is how frames travel between this process and a worker.
type Transport int

const (
	Auto       Transport = iota // Ring where it works, else Pipe
	Ring                        // shared memory (Linux)
	Pipe                        // two pipes
	Goroutines                  // no processes: workers are goroutines of this one
)

var transportNames = []string{"auto", "ring", "pipe", "goroutines"}

// String gives the name as it stands in Stats and benchmark names.
func (t Transport) String() string {
	if t < 0 || int(t) >= len(transportNames) {
		return fmt.Sprintf("Transport(%d)", int(t))
	}
	return transportNames[t]
}

const (
	maxWindow  = 1024 // frames in flight to one worker, a power of two
	maxWorkers = 4096
	maxDepth   = child.MaxDepth
)

// normal fills in the defaults, or says what is wrong.
func (o Options) normal() (Options, error) {
	bad := func(field string, value any, want string) error {
		return fmt.Errorf("procpool: Options.%s is %v: want %s", field, value, want)
	}
	switch {
	case o.Workers < 0 || o.Workers > maxWorkers:
		return o, bad("Workers", o.Workers, fmt.Sprintf("0 (GOMAXPROCS) to %d", maxWorkers))
	case o.Transport < Auto || o.Transport > Goroutines:
		return o, bad("Transport", o.Transport, "Auto, Ring, Pipe or Goroutines")
	case o.OnDeath < FailTask || o.OnDeath > BreakPool:
		return o, bad("OnDeath", o.OnDeath, "FailTask, RetryTask or BreakPool")
	case o.MaxTasks < 0:
		return o, bad("MaxTasks", o.MaxTasks, "0 (no limit) or more")
	case o.MemoryLimit < 0:
		return o, bad("MemoryLimit", o.MemoryLimit, "0 (no limit) or more")
	case o.Procs < 0:
		return o, bad("Procs", o.Procs, "0 (one) or more")
	case o.IdleTimeout < 0 || o.Grace < 0 || o.StartTime < 0:
		return o, fmt.Errorf("procpool: Options: IdleTimeout %v, Grace %v and StartTime %v may not be negative", o.IdleTimeout, o.Grace, o.StartTime)
	}
	if err := o.Tuning.check(); err != nil {
		return o, err
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Grace == 0 {
		o.Grace = time.Second
	}
	if o.StartTime == 0 {
		o.StartTime = 30 * time.Second
	}
	if o.Procs == 0 {
		o.Procs = 1
	}
	if o.Name == "" {
		o.Name = filepath.Base(os.Args[0])
	}
	return o, nil
}

func (t Tuning) check() error {
	switch {
	case t.Chunk < 0:
		return fmt.Errorf("procpool: Tuning.Chunk is %d: want 0 (the pool chooses) or more", t.Chunk)
	case t.Window < 0 || t.Window > maxWindow:
		return fmt.Errorf("procpool: Tuning.Window is %d: want 0 (the pool chooses) to %d", t.Window, maxWindow)
	case t.TaskTimeout < 0 && t.TaskTimeout != NoTimeout:
		return fmt.Errorf("procpool: Tuning.TaskTimeout is %v: want 0 or NoTimeout (none), or more", t.TaskTimeout)
	case t.Retries < NoRetries:
		return fmt.Errorf("procpool: Tuning.Retries is %d: want NoRetries, 0 (two) or more", t.Retries)
	}
	return nil
}

func (t Tuning) retries() int {
	if t.Retries == 0 {
		return 2
	}
	return max(0, t.Retries)
}
