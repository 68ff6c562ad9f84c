package contract

// The words of the profiles that "amdahl run --why" writes beside its results, one for
// every benchmark, level and round, in the format of go tool pprof. Package bench/losses
// writes them, package results/where reads them.
//
// The types of their values are ProfileCPU (of the program), ProfileLockCPU and
// ProfileChannelCPU (inside of the operations of locks and channels) and names of causes;
// all are worker time of all operations, in ns. Their comments are the words below and the
// names of causes, each with a space and a number (or the benchmark's name) behind it.
const (
	ProfileCPU        = "cpu"
	ProfileLockCPU    = "lock-cpu"
	ProfileChannelCPU = "channel-cpu"

	ProfileBenchmark = "benchmark"
	ProfileOps       = "ops"        // operations
	ProfileProcs     = "procs"      // GOMAXPROCS
	ProfileWorkers   = "workers"    // the level
	ProfileTraced    = "traced-ns"  // time of all operations
	ProfileRunning   = "running-ns" // as [UnitRunning], of all operations
	ProfileRound     = "round"      // of the profiled rounds, from 1
	ProfileSampled   = "sampled"    // 1 if it was made without a trace
)

// The values of [KeyProfiled].
const (
	ProfiledTraced  = "true"
	ProfiledSampled = "sampled"
)

// ProfilesFlag names the directory into which a test binary that package bench/overlay has
// patched writes profiles of its timed regions.
const ProfilesFlag = "test.why-profiles"

// ProfilesStretch is for how long the block profile is on at a time there, in ns.
const ProfilesStretch = 1e6

// ProfilesSwitch is the function of that binary whose goroutine switches the block profile.
const ProfilesSwitch = "testing.whySwitchBlocks"
