package contract

import "strings"

// The units of metrics on a result line, as they are written. All but tasks/op
// are those of one operation. Readers that scale units, as benchfmt does, find
// times in seconds: see [InSeconds].
const (
	// UnitTime is the time of an operation. Package testing and package
	// bench/rounds write it.
	UnitTime = "ns/op"
	// UnitTasks is the number of tasks of an operation. Package bench writes it;
	// package results divides by it.
	UnitTasks = "tasks/op"
	// UnitCPU is the CPU time of an operation, user and system. Packages bench,
	// bench/rounds and bench/overlay write it; packages results/bound,
	// results/ironlaw and results/why read it.
	UnitCPU = "cpu-ns/op"
	// UnitDelay is the time that threads were ready to run and had no processor.
	// Packages bench/rounds and bench/overlay write it, where the system counts it;
	// package results/read judges samples by it.
	UnitDelay = "run-delay-ns/op"
	// UnitOthers is the processor time that other programs used meanwhile, on the
	// processors that this one may use. Likewise.
	UnitOthers = "others-ns/op"
	// UnitStolen is the time that a hypervisor took from these processors, and
	// UnitThrottled the time that a control group stopped the program because its
	// quota was used up. Likewise, and only where there was any.
	UnitStolen    = "stolen-ns/op"
	UnitThrottled = "throttled-ns/op"
	// UnitPaid is the worker time that is paid for: p·T(p). Packages bench and
	// bench/overlay write it, package results/why reads it. Metrics with the units
	// of [Cause.Unit] are parts of it.
	UnitPaid = "paid-ns/op"
	// The units of a traced operation stand on lines under [KeyProfiled]. Package
	// bench/losses writes them, package results/why reads them. UnitTraced is the
	// time of the operation while it was traced; UnitRunning the time for which
	// goroutines ran on the workers, without garbage collection; UnitOwn,
	// UnitLockCPU and UnitChannelCPU are the CPU time of it, by the samples of a CPU
	// profile: of the program, inside of the operations of locks, and of channels.
	// UnitSample is the CPU time that one sample stands for.
	UnitTraced     = "traced-ns/op"
	UnitRunning    = "running-ns/op"
	UnitOwn        = "own-cpu-ns/op"
	UnitLockCPU    = "lock-cpu-ns/op"
	UnitChannelCPU = "channel-cpu-ns/op"
	UnitSample     = "sample-ns/op"
	// UnitBusy is the time that remote workers ran tasks, UnitRTT the round trip of a
	// short message between the coordinator and a worker, UnitGap the least time
	// between two messages, and UnitRanges the number of ranges of tasks. Package
	// bench writes them of remote workers; package results/charts draws the bound
	// that the link sets.
	UnitBusy   = "busy-ns/op"
	UnitRTT    = "rtt-ns/op"
	UnitGap    = "gap-ns/op"
	UnitRanges = "ranges/op"
	// UnitInstructions and UnitCycles are counts of the hardware. Package bench
	// writes them, package results/ironlaw reads them. Package bench/overlay writes them
	// of traced operations for package results/why, and UnitUserInstructions and
	// UnitUserCycles instead, where the kernel lets a process count its user code only.
	UnitInstructions     = Instructions + PerOp
	UnitCycles           = Cycles + PerOp
	UnitUserInstructions = "user-instructions/op"
	UnitUserCycles       = "user-cycles/op"
	// UnitVoluntary counts the context switches where a thread waited,
	// UnitInvoluntary those where a thread was preempted. Packages bench/rounds
	// and bench/overlay write them.
	UnitVoluntary   = "voluntary-switches/op"
	UnitInvoluntary = "involuntary-switches/op"
)

// PerOp ends the units of counts of one operation.
const PerOp = "/op"

// Counts of the hardware, by the names that processes use among each other.
const (
	Instructions = "instructions"
	Cycles       = "cycles"
)

// InSeconds is the base unit of a unit of nanoseconds, as package benchunit of
// x/perf makes it: "cpu-ns/op" is read as "cpu-sec/op". Other units stay as they
// are.
func InSeconds(unit string) string {
	name, ok := strings.CutSuffix(unit, UnitTime)
	if !ok || name != "" && !strings.HasSuffix(name, "-") {
		return unit
	}
	return name + "sec/op"
}
