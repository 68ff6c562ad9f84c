package contract

// The keys of configuration lines that say how a run was measured. Package
// bench/rounds writes them, and drops lines with these keys that a measured
// program prints. Package results reads them.
const (
	// KeySeed is the seed of the random order of the levels: a whole number.
	KeySeed = "run-seed"
	// KeyPlan is what to measure, as JSON: `amdahl run --resume` goes on with it.
	KeyPlan = "run-plan"
	// KeyProgram is a fingerprint of the measured program; --resume refuses another one.
	KeyProgram = "run-program"
	// KeyRound is the number of the round that the results below it are of, from 1.
	KeyRound = "round"
	// KeySentinel is "true" above results that repeat a level at the end of a
	// round, and empty where that ends. They show how the machine drifted.
	KeySentinel = "sentinel"
	// KeyCanary is "true" above results of [CanaryName], and empty where that ends.
	KeyCanary = "canary"
	// KeyProfiled is "true" above results of runs that were traced and profiled, and
	// [ProfiledSampled] above those that were profiled without a trace, after each round,
	// and empty where that ends. They say where the time went ([UnitPaid] and its parts);
	// their times are no samples.
	KeyProfiled = "profiled"
	// KeySpoiltRounds lists the rounds of its file that other load on the machine
	// spoilt: "3,7". The last such line of a file counts, for the whole file; an
	// empty value lists none.
	KeySpoiltRounds = "spoilt-rounds"
)

// The keys that say what was measured, and how it is to be read. Package
// bench/rounds writes them at the head of a file, by the words of its caller.
const (
	// KeyX is the x axis: a key of the names, or "gomaxprocs" for their suffix.
	KeyX = "run-x"
	// KeyCommand is the complete command line of the measurement, its secrets
	// masked.
	KeyCommand = "run-command"
	// KeyDate is when the measurement began: RFC 3339.
	KeyDate = "run-date"
	// KeyGrade is the environment at the start in one line: "environment D: 2 of 2 CPUs".
	KeyGrade = "run-grade"
	// KeyJudged says by what rounds are judged: [JudgedDelay] and its like, with words behind it.
	KeyJudged = "run-judged-by"
	// KeyBaseline is the value of the key "revision" that the others are compared with.
	KeyBaseline = "run-baseline"
)

// RunKeys are the keys that belong to one run of a plan. They do not describe
// the machine, so two files may differ in them.
var RunKeys = []string{KeySeed, KeyPlan, KeyProgram, KeyRound, KeySentinel, KeyCanary, KeyProfiled, KeySpoiltRounds,
	KeyX, KeyCommand, KeyDate, KeyGrade, KeyJudged, KeyBaseline}

// RunPrefix begins the keys of RunKeys that hold for a whole file.
const RunPrefix = "run-"

// CanaryName is the name of the benchmark that times a fixed piece of work, to
// watch the machine with. Package bench/rounds writes its results under [KeyCanary],
// package results keeps them apart from the curves.
const CanaryName = "BenchmarkCanary"

// The keys that Go's package testing writes itself; for other programs package
// bench/machine writes them. Package results reads them.
const (
	KeyPkg  = "pkg"    // import path of the benchmarked package
	KeyOS   = "goos"   // as GOOS
	KeyArch = "goarch" // as GOARCH
	KeyCPU  = "cpu"    // model of the processor
)

// The keys of configuration lines that say what holds for a whole run on a
// machine. Package bench/machine writes them. Package results reads the counts
// of processors and the quota, and keeps the others as they are.
const (
	KeyCPUCount       = "cpu-count"            // processors that the process may use
	KeyCPUPhysical    = "cpu-physical-count"   // cores
	KeyCPUOnline      = "cpu-online-count"     // processors that the system runs
	KeyCPUAllowed     = "cpu-allowed"          // which processors the process may use: "0-3,8"
	KeyCPUQuota       = "cpu-quota"            // processors' worth of time that control groups allow, or [NoQuota]
	KeyThreadsPerCore = "cpu-threads-per-core" // the most of any core
	KeySMT            = "cpu-smt"              // "yes" if two allowed processors share a core, else "no"
	KeyGovernor       = "cpu-governor"         // of the frequency: "performance"
	KeyTurbo          = "cpu-turbo"            // "on" or "off"
	KeyMemory         = "mem"                  // "15.6 GiB"
	KeyScratchFS      = "scratch-fs"           // type of the scratch directory's file system: "ext4"
	KeyScratchFsync   = "scratch-fsync"        // time of one fsync there: "1.2 ms"
	KeyVM             = "vm"                   // hypervisor: "kvm"; "none"
	KeyContainer      = "container"            // "docker"; "none"
	KeyKernel         = "kernel"               // version of the operating system's kernel
	KeyGo             = "go"                   // version of Go
	// KeyCanaryThreads is how many threads a canary has.
	KeyCanaryThreads = "canary-threads"
	KeyCommit        = "commit" // of the code that is measured; "-dirty" at its end where files differ
)

// KeyOrder lists parts of names, with spaces between them, in the order in which
// their series are to be shown: "workload=spin workload=sleep". It is about a
// picture and not about the machine. Package bench writes it, package results/read
// orders the curves of rounds by it, and then by name.
const KeyOrder = "series-order"

// NoQuota is the value of [KeyCPUQuota] where control groups allow all processors.
const NoQuota = "none"

// The keys of configuration lines that say what happened to the machine during
// one round. Package bench/machine writes them at the end of a round.
const (
	KeySteal     = "steal"     // share of the wanted time that a hypervisor gave to others, in per cent: "0.3 %"
	KeyThrottled = "throttled" // periods in which the quota was used up
	KeyThermal   = "thermal"   // times that a processor was slowed for its heat
	KeyStalled   = "stalled"   // time in which some task waited for a processor: "120 ms"
	// KeyGiven is what the last canary was given of the processors: "1.93 of 2".
	KeyGiven = "processors-given"
	KeyLoad  = "load" // load average of one minute at the end: "1.25"
)

// The keys of configuration lines about remote workers, above each of their cases.
// Package bench writes them; package results/charts reads [KeyLink].
const (
	// KeyLink is what messages between coordinator and nodes cost, by the LogGP
	// model: "L=41µs o=1.2µs g=3.1µs G=0.4ns/B rtt=87µs".
	KeyLink = "link-loggp"
	// KeyNodes is which machines the nodes are on: "a 2, b 1".
	KeyNodes = "remote-nodes"
	// KeyMachines describes each of these machines: "a linux/amd64, 2 processors, AMD
	// EPYC; b darwin/arm64, 8 processors, Apple M2".
	KeyMachines = "remote-machines"
	// KeyBusy is how long each worker ran tasks in the last operation: "1.2ms 1.3ms".
	KeyBusy = "worker-busy"
)

// KeyPerfCounters says what the hardware counters of a run count: [PerfKernel],
// [PerfUser], or [PerfNone] with a reason behind it. Package bench writes it,
// package results/ironlaw reads it.
const KeyPerfCounters = "perf-counters"

// Values of [KeyPerfCounters].
const (
	PerfKernel = "user+kernel" // user code and the kernel's work for it
	PerfUser   = "user"        // user code only
	PerfNone   = "no"          // "no: reason"
)
