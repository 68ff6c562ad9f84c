package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"amdahl/bench/gotest"
	"amdahl/bench/machine"
	"amdahl/bench/rounds"
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
times the workers. After the last round come six rounds with an execution trace
and a CPU profile, whose times do not count: from them come the causes that amdahl
why prints, and the profiles in FILE.profiles that amdahl where reads. The code of
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

func (m *measurement) run(cmd *cobra.Command) (err error) {
	if err := m.check(cmd); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// Writing to a closed pipe must be an error: the signal would end this process
	// before its children. Ignoring the signal is no way out, because children
	// inherit that.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)

	if m.trace != "" && m.resume == "" && m.plan.command() {
		return usageError{errors.New("--trace is for Go packages: a command does not show its workers")}
	}
	out, past, err := m.open(cmd)
	if err != nil {
		return err
	}
	results := 0
	defer func() { err = errors.Join(err, out.close(results)) }()
	if err := m.consent(cmd); err != nil {
		return err
	}
	defer watch().end()
	temp, err := newTemporary()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, temp.remove()) }()
	defer func() {
		if m.plan.undo != nil {
			err = errors.Join(err, m.plan.undo())
		}
	}()
	plan, err := m.plan.plan(ctx, temp.dir, canMeasure)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("stopped while the tests were compiled: nothing was measured")
		}
		return err
	}
	switch {
	case past != nil:
		plan.Seed = past.Seed
	case m.seed != 0:
		plan.Seed = m.seed
	default:
		plan.Seed = rand.Uint64()>>32 + 1 // short enough to type
	}
	m.usedSeed = plan.Seed
	o := rounds.Options{
		Out: out, Sync: out.Sync, Resume: past,
		Rounds: m.rounds, Precision: m.precision, Budget: m.budget, Timeout: m.timeout,
		Judge:  m.judge(ctx),
		Failed: func(f rounds.Failure) { m.printFailure(cmd, f) },
	}
	var tracing *gotest.Tracing
	if m.trace != "" {
		if tracing, err = gotest.NewTracing(ctx, m.trace, plan); err != nil {
			err = fmt.Errorf("--trace %s: %w", m.trace, err)
			if errors.As(err, new(gotest.RequestError)) {
				err = usageError{err}
			}
			return err
		}
		o.Last = tracing.Args
	}
	profiling, err := m.profiling(temp.dir)
	if err != nil {
		return err
	}
	if profiling != nil {
		o.Profiling = profiling.Options(0)
	}
	around := newSurroundings(m.plan.largest())
	if m.wait > 0 {
		if err := around.waitQuiet(cmd, m.wait, sleeper(ctx)); err != nil {
			return errors.New("stopped while waiting for a quiet machine: nothing was measured")
		}
	}
	around.observe(&o)
	m.around = around
	plan.Head = m.head(cmd, around.verdict())
	if !m.quiet {
		cmd.PrintErrln("amdahl:", around.verdict())
		o.Progress = m.progress(cmd)
		cmd.PrintErrf("amdahl: measuring %s in shuffled rounds, seed %d\n", count(len(plan.Points), "level"), plan.Seed)
	}
	if past != nil {
		if err := out.cut(past.Size); err != nil {
			return err
		}
	}
	begin := time.Now()
	sum, err := rounds.Run(ctx, plan, o)
	results = sum.Results
	m.profiled(cmd, profiling)
	if err == nil && tracing != nil {
		err = m.joinTraces(cmd, tracing)
	}
	return m.finish(cmd, sum, err, time.Since(begin))
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
		return usageError{errors.New("--precision, --budget, --timeout and --wait are above 0")}
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

// sleeper sleeps until a time is over or the context ends.
func sleeper(ctx context.Context) func(time.Duration) error {
	return func(d time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
			return nil
		}
	}
}

// cost prints what it cost to watch the machine.
func (m *measurement) cost(cmd *cobra.Command, sum rounds.Summary) {
	if sum.Measuring > 0 {
		text := fmt.Sprintf("canaries took %s beside %s of measuring", sum.Canaries.Round(time.Millisecond), sum.Measuring.Round(time.Millisecond))
		if cost, threads := machine.DelayCost(); threads > 0 && strings.HasPrefix(m.plan.judgedBy(), "run delay") {
			text += fmt.Sprintf("; reading the run delay of %s takes %s, outside of what is timed", count(threads, "thread"), cost.Round(time.Microsecond))
			if m.plan.command() {
				text = strings.Replace(text, "outside of what is timed", "beside the command, every 15 to 100 ms", 1)
			}
		}
		cmd.PrintErrln("amdahl:", text)
	}
}

func (m *measurement) progress(cmd *cobra.Command) *rounds.Progress {
	p := &rounds.Progress{W: cmd.ErrOrStderr()}
	defer func() {
		if c, ok := p.W.(*cleanWriter); ok && p.Line {
			p.W = c.w // the line is drawn anew with returns, and names are cleaned
		}
	}()
	out := file(cmd.OutOrStdout())
	if f := file(p.W); f != nil && isatty.IsTerminal(f.Fd()) && (m.path() != "" || out == nil || !isatty.IsTerminal(out.Fd())) {
		p.Line = true
		if w, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.Columns = w
		}
	}
	return p
}

// path is the name of the file of results, "" for standard output.
func (m *measurement) path() string {
	if m.resume != "" {
		return m.resume
	}
	return m.out
}

// finish reports how the run went and what to type next, and prints the fit.
func (m *measurement) finish(cmd *cobra.Command, sum rounds.Summary, err error, took time.Duration) error {
	where := count(sum.Results, "result")
	if m.path() != "" && sum.Results > 0 { // a file without results is removed
		where += " in " + m.path()
	}
	if err != nil {
		next := ""
		if m.path() != "" && sum.Results > 0 {
			next = "; go on with: amdahl run --resume " + quote(m.path())
		}
		if errors.Is(err, context.Canceled) {
			err = errors.New(strings.TrimSuffix(strings.TrimPrefix(err.Error(), "rounds: "), ": "+context.Canceled.Error()))
		}
		return fmt.Errorf("%w: %s%s", err, where, next)
	}
	if !m.quiet {
		for _, text := range m.bounds(sum.Used) {
			cmd.PrintErrf("amdahl: %s\n", text)
		}
		m.cost(cmd, sum)
		cmd.PrintErrln("amdahl: at the end,", m.around.verdictNow())
		cmd.PrintErrf("amdahl: %s in %s, %s: %s\n", count(sum.Rounds, "round"), took.Round(time.Second/10), where, m.stopReason(sum))
	}
	if m.path() != "" && sum.Results > 0 && !m.quiet {
		cmd.PrintErrf("amdahl: next: %s\n", m.next())
		err = m.table(cmd)
	} else if !m.quiet {
		m.leftOut(cmd)
	}
	if len(sum.Failures) > 0 {
		cmd.PrintErrf("amdahl: failed: %s\n", failureSummary(sum.Failures))
		err = first(err, errSaid)
	}
	return err
}
