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
	"amdahl/results/words"
)

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
	profiling, err := m.profiling(temp.dir, past)
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
		cmd.PrintErrf("amdahl: measuring %s in shuffled rounds, seed %d\n", words.Count(len(plan.Points), "level"), plan.Seed)
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
			text += fmt.Sprintf("; reading the run delay of %s takes %s, outside of what is timed", words.Count(threads, "thread"), cost.Round(time.Microsecond))
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
	where := words.Count(sum.Results, "result")
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
		cmd.PrintErrf("amdahl: %s in %s, %s: %s\n", words.Count(sum.Rounds, "round"), took.Round(time.Second/10), where, m.stopReason(sum))
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
