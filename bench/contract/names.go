package contract

// The keys in the names of our benchmarks: /key=value. Package bench writes
// them in the order of this list; package results and its folders read them.
const (
	NameWorkload = "workload" // what is run: "hash"
	NameSize     = "size"     // size of one task, where it is not the workload's default
	NameVariant  = "variant"  // of the workload: "postgres"
	NameSeed     = "seed"     // of the task's data, where it is not 1
	NameStrategy = "strategy" // how it is run: "fixed"
	NameQueue    = "queue"    // how ranges reach remote workers: "pull"
	NameWindow   = "window"   // ranges of tasks that a remote worker may have: the one that runs, and those that wait
	NameLink     = "link"     // an emulated network: "2ms+100Mbit"
	NamePerNode  = "per-node" // workers of each node, where nodes= is the x axis
	NameNodes    = "nodes"    // processes or machines that remote workers are spread over
	NameSerial   = "serial"   // planted serial share of the job at one worker, from 0 to 1
	NameLocked   = "locked"   // planted share of every task under one lock, from 0 to 1
	NameSkew     = "skew"     // distribution of the lengths of tasks, where they are not equal: "exponential"; "rows" of a picture
	NameCores    = "cores"    // what compute runs on, see [CoresReal]
	NameWorkers  = "workers"  // the x axis; it stands last
)

// WorkerKeys are the keys of benchmark names that count workers, of any
// program. Where the user named none, the first of them in a name is the x axis.
// Package results reads them; package bench/overlay counts paid worker time by
// them.
var WorkerKeys = []string{NameWorkers, "threads", "procs", "n", "p", "goroutines", NameNodes}

// The first part of the names of our benchmarks, behind "Benchmark". Package
// bench writes it, package results reads it: it says what stays fixed while
// workers are added.
const (
	NameStrong = "Strong" // the number of tasks
	NameWeak   = "Weak"   // the number of parallel tasks a worker
)

// Values of [NameCores]. A name without the key is of [CoresReal].
const (
	// CoresReal is the processors of the machine. Package bench writes it.
	CoresReal = "real"
	// CoresGIL is the processors of the machine under one interpreter lock,
	// which lets one task of a process compute at a time. Package bench writes it.
	CoresGIL = "gil"
	// CoresSlow begins the name of slow cores, each a share of a processor:
	// "slow32" is a 32nd. Package bench writes it.
	CoresSlow = "slow"
	// CoresChip begins the name of a chip whose cores are slow ones of several
	// speeds: "hm-asym-4". Package bench writes it.
	CoresChip = "hm-"
	// CoresSimulated marks times that a simulator gave.
	CoresSimulated = "simulated"
	// CoresModel marks times that a law gave.
	CoresModel = "model"
)
