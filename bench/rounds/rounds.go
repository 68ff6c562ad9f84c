// Package rounds measures in rounds: each round runs every level once, in an
// order of its own, each level in a fresh process with an environment of
// another size.
//
//	plan := rounds.Plan{Points: points, Seed: seed, Text: text}
//	sum, err := rounds.Run(ctx, plan, rounds.Options{Out: file, Budget: time.Minute})
//
// Slow changes of the machine then affect all levels alike; with repeats of one
// level in a row they would look like scaling. A process keeps its memory layout
// as long as it lives, and the size of its environment moves its stack, which
// alone can change a time by some per cent [1]. New processes in every round turn
// that into a spread, which the interval shows.
//
// What is measured is a program: a Go test binary ([Binary]) or any command
// ([Command]). The result is Go benchmark text, written line by line as it comes;
// [Run] lists the configuration lines in it. The package knows no benchmark, and
// leaves the meaning of the numbers to its caller ([Options.Judge]).
//
// [1] T. Mytkowicz, A. Diwan, M. Hauswirth, P. F. Sweeney, Producing Wrong Data
// Without Doing Anything Obviously Wrong!, ASPLOS 2009.
package rounds

import (
	"io"
	"time"
)

// A Point is one level of a benchmark or of a command. Each measurement of it is
// a process of its own. {round} and {seed} in its arguments stand for their numbers.
type Point struct {
	Name     string   // names it to people and in the output, as in "cpu=4": unique in a plan, without ": "
	Sentinel bool     // measured once more at the end of every round
	Prepare  []string // program and arguments to run before every measurement, not timed; nil is none
	Args     []string // program and arguments
	Dir      string   // where it runs; "" is here
	Line     string   // name of the benchmark that its wall and CPU time make; "" if it prints benchmark text by itself

	// Procs is GOMAXPROCS as -test.cpu sets it, 0 if it does not. At 1 package testing
	// writes no suffix, so that a name that ends in -4 looks as if it ran at 4: the driver
	// writes the suffix -1.
	Procs int
	// Key is a part, key=value, that is added to the names of all results, before their
	// suffix; "" adds none.
	Key string

	// Paid is how many workers a Line accounts for, beside its times: their
	// paid-ns/op, and the context switches of the processes where the system
	// counts them. 0 accounts for nothing.
	Paid float64
}

// A Plan is what is measured, and in which order. The same plan measured again
// has the same order and the same sizes of the environment.
type Plan struct {
	Points  []Point
	Seed    uint64
	Text    string   // one line that identifies this plan: resuming needs the same
	Program string   // a fingerprint of what is measured, or ""; resuming needs the same
	Setup   []string // program and arguments to run once at the beginning; processes that it leaves running are killed at the end of the run
	Cleanup []string // to run once at the end, whatever ended the run
	Warmup  int      // runs of every point before the first round that are not written

	// Head is written before the first round, beside the seed and the plan: what
	// a reader should know. A resumed file keeps what it has.
	Head []Setting

	IgnoreFailure bool // an exit status other than 0 is no failure
}

// Options steer a run. The zero value of every field but Out is useful.
type Options struct {
	Out    io.Writer    // gets every line in one Write as it comes
	Sync   func() error // called at the end of every round; nil is nothing
	Resume *Past        // go on after what a file holds; Out appends to that file

	Rounds    int           // measure this many; 0 goes by Precision and Budget
	Precision float64       // enough when the interval of σ lies within ± this; 0 never is
	Budget    time.Duration // of wall time; 0 is no bound
	Timeout   time.Duration // of one process; 0 is 5 minutes

	// Judge returns how well σ is known, from all the text so far; Run calls it
	// after each round. Only the width of an interval can end a run: a run that
	// ended when a difference is significant would find differences that are
	// not there.
	Judge func(text []byte) (Verdict, error)

	// Environment writes configuration lines at the beginning, Snapshot at the
	// end of every round.
	Environment, Snapshot func(io.Writer) error

	// Canary keeps processors busy for a moment, to show what the machine gives.
	// It runs before the first round, after the last one, and after a round when
	// canaryShare times its time was spent on measuring since the last canary:
	// one canary may serve several short rounds. Spoilt lists the rounds in which
	// the processors were slower.
	Canary func() Canary
	Spoilt func([]Reading) []int

	// Counters reads what the machine has counted; ok is false if it does not. With
	// Counters a command is watched while it runs, where the system counts run delay.
	Counters func() (c Counters, ok bool)

	// Last returns arguments for one more run of a point after the last round,
	// to stand right after the program's name; without arguments there is no
	// such run. Its results are dropped: it is for what would disturb a
	// measurement.
	Last func(Point) []string

	// Profiling runs every point more often, after each round, and writes what it learned
	// from that; nil does not.
	Profiling *Profiling

	Failed   func(Failure) // is called for every failed process
	Progress *Progress     // nil draws nothing

	now     func() time.Time
	execute func(process) outcome
	grace   time.Duration // between asking a process to end and killing it
}

// The fewest rounds. A budget does not end a run before minRounds, because two
// rounds do not show their spread. Precision does not end it before soundRounds:
// the interval of a median needs six samples, and so does resampling rounds.
const (
	minRounds   = 3
	soundRounds = 6
	giveUp      = 3 // failures in a row
)

// canaryShare is how many times its own time is measured for each canary, at
// least: canaries take at most a fifth of the time that is spent on measuring.
const canaryShare = 5

// A Canary is what busy threads did in a moment, and what they were given.
type Canary struct {
	Pieces    int           // of a fixed piece of work, at least 1
	Wall, CPU time.Duration // summed over the threads; CPU is 0 where the system does not tell
	Given     string        // the processors that they were given, for the text: "1.93 of 2"; "" if unknown
}

// A Reading is one canary, with the round that was under way or had just ended.
type Reading struct {
	Round int
	Canary
}

// A Verdict is the serial fraction so far, of the series that is known worst.
type Verdict struct {
	Series           string
	Sigma, Low, High float64  // estimate and 95 % interval, ±Inf where there is none yet
	Spoilt           int      // whole rounds that do not count for this series
	Known, Unknown   []string // series whose σ is known to the precision asked for, and the others
}

// Within is the smallest p for which the interval lies within Sigma ± p.
func (v Verdict) Within() float64 { return max(v.High-v.Sigma, v.Sigma-v.Low) }

// A Failure is one process without a valid result.
type Failure struct {
	Point   string
	Round   int  // 0 in a warm-up, or in a run that Options.Last or Options.Profiling asks for
	Last    bool // in such a run
	Err     error
	Output  string // the beginning and the end of what it printed
	GivenUp bool   // it failed three times in a row and is not tried again
}

// A Stop is the reason why a run ended.
type Stop string

const (
	StopRounds    Stop = "rounds"    // as many rounds as were asked for
	StopPrecision Stop = "precision" // σ is known well enough
	StopBudget    Stop = "budget"    // no time is left for another round
	StopFailed    Stop = "failed"    // no point works
)

// A Summary describes a finished run.
type Summary struct {
	Results  int // benchmark lines in the output, with those of a resumed file, without canaries
	Rounds   int // whole rounds, with those of a resumed file
	Stop     Stop
	Verdict  *Verdict // after the last whole round; nil if σ was not known
	Unjudged error    // why it was not
	Failures []Failure
	Used     []Use // by the points, in their order, in this run

	Canaries  time.Duration // what the canaries of this run took
	Measuring time.Duration // and the rounds beside them
}

// A Use is the time that the processes of a point took in all rounds of this
// run, from begin to end: their start and their preparations are in it.
type Use struct {
	Point     string
	Wall, CPU time.Duration // CPU with that of the processes they waited for
}
