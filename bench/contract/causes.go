package contract

// A Cause is where worker time can go, by its name: Serial is the "serial" of
// serial-ns/op. Packages bench and bench/overlay write it in metrics, and package
// bench in traces; packages results/why, results/trace and results/charts read it.
type Cause string

const (
	Useful       Cause = "useful"       // compute, as much as the best serial run needs
	IO           Cause = "io"           // a task waits for something outside: a timer, a disk, a server
	Serial       Cause = "serial"       // the other p−1 workers, while the serial tasks run
	Lock         Cause = "lock"         // a task waits for a lock that another holds
	Channel      Cause = "channel"      // a goroutine waits for another at a channel or a condition variable
	Interpreter  Cause = "interpreter"  // a task waits for the one lock under which all compute runs
	Queued       Cause = "queued"       // a task waits for one of a bounded number of cores, or for the event loop
	Runnable     Cause = "runnable"     // ready to run, and no processor to run on
	Inflation    Cause = "inflation"    // compute beyond Useful: the same work took longer
	Dispatch     Cause = "dispatch"     // a worker without a task while some have not begun: handing out and gathering
	Network      Cause = "network"      // a remote worker without a task while its next one is on its way: up to a round trip each
	TaskQueue    Cause = "queue"        // a remote worker without a task for longer than that, while some have not begun: they wait in the queue, or with another worker
	Imbalance    Cause = "imbalance"    // a worker without a task when none is left and others still run
	GC           Cause = "gc"           // garbage collection, taken from where it shows
	Unattributed Cause = "unattributed" // paid for, and not known where it went
)

// Causes lists all causes, in the order in which they are stacked from below
// and printed. To add one, add a constant and a line here; the tests of packages
// results/why and results/charts then ask for its title, sentence and colour.
var Causes = []Cause{
	Useful, IO, Serial, Lock, Channel, Interpreter, Queued, Runnable, Inflation, Dispatch, Network, TaskQueue, Imbalance, GC, Unattributed,
}

// Unit is the unit of the cause's metric: "serial-ns/op".
func (c Cause) Unit() string { return string(c) + "-" + UnitTime }

// Arg is the name of the cause's time in the args of a trace's operation:
// "serial-ns".
func (c Cause) Arg() string { return string(c) + "-ns" }
