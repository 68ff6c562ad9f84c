package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"amdahl/results"
	"amdahl/results/laws"
)

// A measurement is one call of amdahl run: the plan, how it is measured, and the
// fit of what was measured so far.
type measurement struct {
	plan      planFlags
	out       string
	resume    string
	rounds    int
	precision float64
	budget    time.Duration
	timeout   time.Duration
	seed      uint64
	quiet     bool
	wide      bool // all columns in the table at the end
	trace     string
	wait      time.Duration
	around    *surroundings
	yes       bool
	foreign   bool // the plan is a file's, and nobody typed it
	usedSeed  uint64

	// The fit of the results so far.
	set      *results.Set // nil if they could not be read
	analyses []*laws.Analysis
	problems []error // what could not be used

	causes map[string]string // of the last failure, by point
}

func runCommand() *cobra.Command {
	m := measurement{causes: map[string]string{}}
	cmd := &cobra.Command{
		Use:     "run -x NAME=1,2,4 [PACKAGE...] [-- COMMAND]",
		GroupID: "measure",
		Short:   "Measure a benchmark or any command at several numbers of workers",
		Long: `Run measures in shuffled rounds: each round runs every level once, in an order
drawn from a seed, each in a fresh process with an environment of another size.
Slow changes of the machine then affect all levels alike.

Of a Go package it compiles the tests once. -x cpu=1,2,4 sets GOMAXPROCS, any
other name is a key of the sub-benchmarks, as in -x workers=1,2,4 for
BenchmarkX/workers=4; several -x are combined. Flags after -- go to the test
binary. A benchmark that puts its levels into an order of its own needs no -x:
write {round}, and {seed}, in its flags, and it runs once a round.

Of a command after -- it measures wall and CPU time; {name} stands for the value
of -x name. The output is dropped unless the command fails. With --shell a shell
reads the command; --setup, --prepare and --cleanup are lines for the shell.

Rounds go on until the 95 % interval of the serial fraction σ lies within
± precision, or the budget is spent: never until a difference is significant.
There are 3 rounds at least, and 6 before the precision can end the run. The
first level runs once more at the end of every round, to show drift (the
sentinel). Rounds that got less of the processors than they needed stay in the file,
and the fit leaves them out: if all did, nothing is fitted. On Linux the time that
threads were ready and had no processor judges them, inside of Go benchmarks while
the timer runs, of commands polled; elsewhere, and of test binaries that are
compiled already, canaries do: moments of 60 ms in which as many threads as the
largest level has are busy. --wait 5m waits for a quiet machine first.

-x cpu=auto is every power of two up to the processors, and them; -x threads=1..8
is every number. --against HEAD^ measures another revision, or another test binary,
in the same rounds; amdahl compare and amdahl check read both from the file.

With --why the results say where the time went, per operation: cpu-ns of the
process, gc-ns of garbage collection, runnable-ns and lock-ns of goroutines that
waited for a processor and for a mutex, context switches, and paid-ns, the time
times the workers. Each round is followed by one with an execution trace and a CPU
profile, six in all, whose times do not count: from them come the causes that amdahl
why prints, and the profiles in FILE.profiles that amdahl where reads. Tracing slows
down what takes well under 1 µs, such as an operation of a lock that many want. So
the first such round also runs with CPU, mutex and block profiles alone and, if that
is quicker, so do the others: they answer where tracing costs too much. The code of
the package stays as it is: the tests are compiled with a package testing that counts
while the timer runs. A test binary with a flag -why of its own gets that flag
instead. Of a command, context switches and paid-ns are noted.

With --trace FILE.json every level of a package runs once more after the last
round, traced: FILE.json shows who did what when, in ui.perfetto.dev, and
FILE-LEVEL.trace beside it is for go tool trace. A test binary with a flag
-timeline of its own writes that file itself.

At the end a sentence says whether the work is CPU-bound or I/O-bound: by CPU
time over wall time at one worker. Time that it was ready and had no processor is
neither; where that is not known and the machine was busy, nothing is said.

The results are Go benchmark text, written as they come. Ctrl-C loses nothing
that was measured, and --resume goes on: it prints the commands that the file runs,
and asks, or needs --yes. The file holds the command line, without the values of
names like token and password; --name replaces a command. A failure is reported and does not stop
the rest; a level that fails three times in a row is given up.`,
		Example: `  amdahl run ./pkg --bench Index -x cpu=1,2,4,8 -o index.txt
  amdahl run ./pkg --bench Pool -x workers=1,2,4 --budget 5m -o pool.txt
  amdahl run -x threads=1,2,4 -o zip.txt -- xz -k -f -T {threads} big.tar
  amdahl run ./pkg --bench Index -x cpu=1,2 --why --trace index.json -o why.txt
  amdahl run ./pkg --against HEAD^ -x cpu=auto --rounds 10 -o both.txt
  amdahl run --resume index.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			m.plan.targets(args, cmd.ArgsLenAtDash())
			return m.run(cmd)
		},
	}
	f := cmd.Flags()
	m.plan.register(cmd)
	f.StringVarP(&m.out, "output", "o", "", "write the results to this new file, and print the fitted table; without it they go to standard output")
	f.StringVar(&m.resume, "resume", "", "go on with the plan and the seed of this file, after what is in it")
	f.BoolVar(&m.yes, "yes", false, "run the commands of the file of --resume without asking")
	f.IntVar(&m.rounds, "rounds", 0, "measure this many rounds, whatever precision and budget say")
	f.Float64Var(&m.precision, "precision", 0.01, "enough when σ is known to ± this")
	f.DurationVar(&m.budget, "budget", time.Minute, "begin no round that would end later than this")
	f.DurationVar(&m.timeout, "timeout", 5*time.Minute, "kill a process that takes longer")
	f.Uint64Var(&m.seed, "seed", 0, "of the order and of the environment sizes; 0 draws one")
	f.DurationVar(&m.wait, "wait", 0, "wait this long for a quiet machine first, as in 5m")
	f.StringVar(&m.trace, "trace", "", "run every level of a Go package once more at the end, traced, and write this timeline (JSON)")
	f.BoolVar(&m.wide, "wide", false, "all columns in the table at the end")
	f.BoolVarP(&m.quiet, "quiet", "q", false, "print failures and nothing else on standard error, and no table")
	return cmd
}

// check returns what is wrong with the flags, before anything is done.
func (m *measurement) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	if m.out == standardOutput {
		m.out = ""
	}
	if err := inFolder(m.out); err != nil {
		return err
	}
	switch {
	case m.rounds < 0 || given("rounds") && m.rounds == 0:
		return usageError{fmt.Errorf("--rounds %d: measure at least one", m.rounds)}
	case m.rounds > 0 && (given("precision") || given("budget")):
		return usageError{errors.New("--rounds says how many rounds there are: leave out --precision and --budget")}
	case !(m.precision >= 0) || m.budget <= 0 || m.timeout <= 0 || m.wait < 0:
		return usageError{errors.New("--precision and --wait are 0 or more, --budget and --timeout above 0")}
	case m.resume != "" && m.out != "" && m.out != m.resume:
		return usageError{fmt.Errorf("--resume %s goes on in that file: leave out -o %s", m.resume, m.out)}
	}
	if m.trace != "" {
		if err := writable(m.trace); err != nil {
			return err
		}
	}
	if m.resume != "" && m.plan.empty() {
		return nil // the file has the plan
	}
	return m.plan.check()
}
