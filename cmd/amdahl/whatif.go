package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"amdahl/bench/contract"
	"amdahl/bench/critical"
	"amdahl/results"
	"amdahl/results/charts"
	"amdahl/results/report"
	"amdahl/results/trace"
	"amdahl/results/whatif"
	"amdahl/results/words"
)

func whatIfCommand() *cobra.Command {
	var ask questionFlags
	var pattern, at, out, region string
	var times float64
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "what-if [TRACE] [--case REGEXP] [--no-lock] [--chunk N] …",
		GroupID: "understand",
		Short:   "Replay a recorded run: if the lock were gone, if the tasks were half as long",
		Long: `What-if reads the trace that "go test -bench . -timeline trace.json" writes in
package bench, or standard input, and replays the tasks of one case for any
number of workers in a simulator: as they were recorded, and as they would be.
What is replayed is the operation with the most workers.

It prints work, span and burdened span (with the cost of handing out) and the
speedups that they allow; what was measured and how far the replay as recorded
is off; the times that were asked for, the gain, and where the worker time goes
then. Speedups are over the own time at one worker.

Of a trace of Go's own, as "go test -trace FILE" and "amdahl run --trace" leave them,
--region NAME asks what the run would take if the regions of this name, as
runtime/trace.WithRegion marks them, took --times 0.5 of their time, or another part.
The goroutines do the same in the same order then. The answer is a range: its ends are
the two assumptions that can be made about the time until goroutines get a processor.

Without a question it replays what was recorded. Caches, memory bandwidth and
the clock are as they were when the tasks were recorded.`,
		Example: `  amdahl what-if trace.json --case 'spin.*fixed' --no-lock --at 16
  amdahl what-if trace.json --case 'hash.*fixed' --split 4 --chunk 8 -o whatif.svg
  amdahl what-if trace.json --case 'spin.*cores=gil' --processes
  amdahl what-if trace-cpu=2.trace --region parse --times 0.5`,
		Args: oneTrace,
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := wanted(pattern, out)
			if err != nil {
				return err
			}
			question, err := ask.question(cmd.Flags())
			if err != nil {
				return usageError{err}
			}
			levels, err := wholeLevels(at)
			if err != nil {
				return usageError{err}
			}
			if region != "" {
				return regionAsked(cmd, args, critical.Question{Region: region, Times: times}, asJSON)
			}
			if cmd.Flags().Changed("times") {
				return usageError{errors.New("--times says how long a region takes: add --region NAME")}
			}
			read, err := readTrace(cmd, args, want.MatchString, false)
			if read == nil {
				return err
			}
			if len(read.Operations) == 0 {
				return noTasks(read)
			}
			answer, aerr := answered(cmd, read.Operations, question, levels)
			if aerr != nil {
				return aerr
			}
			if asJSON {
				aerr = report.WhatIfJSON(cmd.OutOrStdout(), answer)
			} else {
				aerr = report.WhatIf(cmd.OutOrStdout(), answer, terminal(cmd, &results.Set{}))
			}
			if aerr != nil || out == "" {
				return first(aerr, err)
			}
			if err := charts.Save(out, charts.WhatIf(answer, charts.WhatIfOptions{}), charts.Layout{}); err != nil {
				return err
			}
			cmd.PrintErrln("amdahl: wrote", out)
			return err
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&pattern, "case", "", "regular expression that the names of one series match, at all its numbers of workers")
	ask.flags(f)
	f.StringVar(&at, "at", "", "numbers of workers, separated by commas; default 1, 2, 4, … up to twice the recorded")
	f.StringVar(&region, "region", "", "of a Go trace: what if the regions of this name took another time")
	f.Float64Var(&times, "times", 0.5, "with --region: what its time is multiplied by")
	f.BoolVar(&asJSON, "json", false, "print the same as JSON")
	f.StringVarP(&out, "output", "o", "", "draw the speedups to this file; its ending chooses svg, png or pdf")
	return cmd
}

// noTasks is the answer to a trace of runs only: nothing can be replayed.
func noTasks(t *trace.Trace) error {
	return fmt.Errorf("%w: %s is a run of goroutines, and what-if replays tasks, whose begin and end only our benchmarks record: record some with go test ./bench -run '^$' -bench 'Strong/workload=spin/strategy=fixed' -benchtime 1x -timeline \"$PWD/tasks.json\"",
		errUndecided, words.Clean(t.Runs[0].Name))
}

// answered replays the operations of one series.
func answered(cmd *cobra.Command, ops []*contract.Operation, q whatif.Question, levels []int) (*whatif.Answer, error) {
	if err := oneSeries(ops); err != nil {
		return nil, err
	}
	r, err := whatif.Record(ops)
	if err != nil {
		return nil, err
	}
	a, err := whatif.Ask(cmd.Context(), r, q, levels)
	if refusal := (*whatif.Refusal)(nil); errors.As(err, &refusal) {
		return nil, usageError{fmt.Errorf("%s: %w", words.Clean(r.Series), err)}
	}
	return a, err
}

// oneSeries refuses operations of several series, and names them.
func oneSeries(ops []*contract.Operation) error {
	var all []string
	for _, o := range ops {
		if s := whatif.Series(o.Case); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) == 1 {
		return nil
	}
	const most = 8
	text := fmt.Sprintf("%d series: choose one with --case REGEXP, as in --case '^%s/':", len(all), regexp.QuoteMeta(words.Clean(all[0])))
	for i, s := range all {
		if i == most {
			text += fmt.Sprintf("\n  and %d more", len(all)-most)
			break
		}
		text += "\n  " + words.Clean(s)
	}
	return usageError{errors.New(text)}
}

// wholeLevels reads numbers of workers that there can be; nil if there are
// none.
func wholeLevels(at string) ([]int, error) {
	if at == "" {
		return nil, nil
	}
	levels, err := parseLevels(at)
	if err != nil {
		return nil, err
	}
	var whole []int
	for _, n := range levels {
		if n != math.Trunc(n) {
			return nil, fmt.Errorf("--at %s: %g workers cannot be replayed: write whole numbers, as in 16,32,64", at, n)
		}
		whole = append(whole, int(n))
	}
	return whole, nil
}

// questionFlags are the flags that ask.
type questionFlags struct {
	whatif.Question
	compute, wait float64
	dispatch      time.Duration
	gil           bool
}

func (q *questionFlags) flags(f *pflag.FlagSet) {
	f.BoolVar(&q.NoLock, "no-lock", false, "what if the lock were gone")
	f.BoolVar(&q.NoSerial, "no-serial", false, "what if the workers took the serial tasks too")
	f.Float64Var(&q.compute, "compute", 1, "what if compute took so many times as long, as in 0.5")
	f.Float64Var(&q.wait, "wait", 1, "what if waiting took so many times as long, as in 0.5")
	f.IntVar(&q.Split, "split", 0, "what if every parallel task were cut into so many")
	f.IntVar(&q.Merge, "merge", 0, "what if so many parallel tasks in a row were one")
	f.IntVar(&q.Chunk, "chunk", 0, "what if so many tasks were handed out at once")
	f.DurationVar(&q.dispatch, "dispatch", 0, "what if handing out cost so much, as in 10us; default as recorded")
	f.BoolVar(&q.gil, "gil", false, "what if all compute needed one interpreter lock; --gil=false: what if it did not")
	f.BoolVar(&q.Processes, "processes", false, "what if every worker were a process, with an interpreter lock of its own")
	f.BoolVar(&q.EventLoop, "event-loop", false, "what if one event loop ran the tasks: one computes at a time, workers are tasks under way")
	f.IntVar(&q.Cores, "cores", 0, "what if compute had so many cores; default as recorded")
}

// question is what the flags ask.
func (q *questionFlags) question(f *pflag.FlagSet) (whatif.Question, error) {
	for _, name := range []string{"split", "merge", "chunk", "cores"} {
		if n, _ := f.GetInt(name); f.Changed(name) && n < 1 {
			return q.Question, fmt.Errorf("--%s %d: write a whole number from 1", name, n)
		}
	}
	for _, scale := range []struct {
		name string
		v    float64
		to   **float64
	}{{"compute", q.compute, &q.Compute}, {"wait", q.wait, &q.Wait}} {
		if f.Changed(scale.name) {
			if !(scale.v >= 0) || math.IsInf(scale.v, 1) {
				return q.Question, fmt.Errorf("--%s %g: write a number from 0, as in 0.5", scale.name, scale.v)
			}
			*scale.to = &scale.v
		}
	}
	if f.Changed("dispatch") {
		if q.dispatch < 0 {
			return q.Question, fmt.Errorf("--dispatch %v: write a time from 0, as in 10us", q.dispatch)
		}
		q.Dispatch = &q.dispatch
	}
	if f.Changed("gil") {
		q.Interpreter = &q.gil
	}
	for _, pair := range []struct{ a, b, why string }{
		{"split", "merge", "tasks are cut or put together"},
		{"event-loop", "gil", "an event loop has one thread"},
		{"event-loop", "processes", "an event loop has one thread"},
		{"event-loop", "cores", "an event loop has one thread"},
	} {
		if f.Changed(pair.a) && f.Changed(pair.b) {
			return q.Question, fmt.Errorf("--%s and --%s: %s: choose one of them", pair.a, pair.b, pair.why)
		}
	}
	return q.Question, nil
}
