package transitions

// newest is the newest version of the format that this package reads itself: Go 1.26's.
const newest = 26

// The kinds of batches and of events that this package knows by name. Source: package
// internal/trace/tracev2 of Go 1.26.
const (
	evEventBatch          = 1
	evStacks              = 2
	evStack               = 3
	evStrings             = 4
	evString              = 5
	evCPUSamples          = 6
	evCPUSample           = 7 // time, thread, processor, goroutine, stack
	evFrequency           = 8
	evProcStart           = 10 // time, processor, its sequence number
	evProcStop            = 11 // time
	evProcSteal           = 12 // time, processor, its sequence number, thread that had it
	evProcStatus          = 13 // time, processor, status
	evGoCreate            = 14 // time, new goroutine, its stack, stack
	evGoCreateSyscall     = 15 // time, new goroutine
	evGoStart             = 16 // time, goroutine, its sequence number
	evGoDestroy           = 17 // time
	evGoDestroySyscall    = 18 // time
	evGoStop              = 19 // time, reason, stack
	evGoBlock             = 20 // time, reason, stack
	evGoUnblock           = 21 // time, goroutine, its sequence number, stack
	evGoSyscallBegin      = 22 // time, sequence number of the processor, stack
	evGoSyscallEnd        = 23 // time
	evGoSyscallEndBlocked = 24 // time
	evGoStatus            = 25 // time, goroutine, thread, status
	evSTWBegin            = 26 // time, reason, stack
	evSTWEnd              = 27 // time
	evGCActive            = 28 // time, sequence number of the collection
	evGCBegin             = 29 // time, sequence number, stack
	evGCEnd               = 30 // time, sequence number
	evGCSweepActive       = 31 // time, processor
	evGCSweepBegin        = 32 // time, stack
	evGCSweepEnd          = 33 // time, bytes swept, bytes freed
	evGCMarkAssistActive  = 34 // time, goroutine
	evGCMarkAssistBegin   = 35 // time, stack
	evGCMarkAssistEnd     = 36 // time
	evHeapAlloc           = 37 // time, bytes
	evUserRegionBegin     = 42 // time, task, name, stack
	evUserRegionEnd       = 43 // time, task, name, stack
	evUserLog             = 44 // time, task, category, message, stack
	evGoSwitch            = 45 // time, goroutine, its sequence number
	evGoSwitchDestroy     = 46 // time, goroutine, its sequence number
	evGoCreateBlocked     = 47 // time, new goroutine, its stack, stack
	evGoStatusStack       = 48 // time, goroutine, thread, status, stack
	evExperimentalBatch   = 49
	evSync                = 50
	evClockSnapshot       = 51 // time, and three numbers
	evEndOfGeneration     = 52
	firstExperimental     = 128
)

// numbers is how many numbers an event of a thread has, with its time; 0 is no such event.
var numbers = [256]uint8{
	9: 3, evProcStart: 3, evProcStop: 1, evProcSteal: 4, evProcStatus: 3,
	evGoCreate: 4, evGoCreateSyscall: 2, evGoStart: 3, evGoDestroy: 1, evGoDestroySyscall: 1, evGoStop: 3, evGoBlock: 3, evGoUnblock: 4,
	evGoSyscallBegin: 3, evGoSyscallEnd: 1, evGoSyscallEndBlocked: 1, evGoStatus: 4,
	evSTWBegin: 3, evSTWEnd: 1, evGCActive: 2, evGCBegin: 3, evGCEnd: 2, evGCSweepActive: 2, evGCSweepBegin: 2, evGCSweepEnd: 3,
	evGCMarkAssistActive: 2, evGCMarkAssistBegin: 2, evGCMarkAssistEnd: 1, evHeapAlloc: 2, 38: 2,
	39: 2, 40: 5, 41: 3, // labels and tasks
	evUserRegionBegin: 4, evUserRegionEnd: 4, evUserLog: 5, evGoSwitch: 3, evGoSwitchDestroy: 3, evGoCreateBlocked: 4, evGoStatusStack: 5,
	firstExperimental: 4, 129: 4, 130: 2, 131: 3, 132: 3, 133: 2, 134: 3, 135: 3, 136: 2,
}

// The limits of the format.
const (
	maxBatch  = 64 << 10
	maxString = 1 << 10
	maxFrames = 128
)
