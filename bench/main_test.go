package bench

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"amdahl/bench/catalog"
	"amdahl/bench/machine"
	"amdahl/pools"
	"amdahl/workloads"
	"amdahl/workloads/cores"
)

// The knobs of a sweep, behind the flags of testing:
//
//	go test -bench Strong ./bench -tasks 320 -serial 0.05
var (
	plan     Plan
	round    = flag.Int("round", 0, "note this round in the output")
	counts   = flag.Bool("perf", false, "count instructions and cycles in hardware, or say in the output why that cannot be done here")
	planted  = flag.Bool("planted", false, "measure planted serial fractions and locks on slow and on real cores, instead of the sweep")
	seed     = flag.Uint64("seed", 0, "shuffle the cases, each round in its own way; 0 keeps their order")
	prices   = flag.String("costs", "", "print what a task costs under each pool in this run of bench/peers as Markdown, and exit; operations follow")
	duration = flag.Bool("planned-time", false, "print how many cases there are and how long a round of them takes by plan, and exit")
	list     = flag.String("catalog", "", "print the workloads and strategies as Markdown, with costs from this run of bench/peers and what was lost from the runs of bench -why that follow as arguments, and exit")
)

// models is a list of names, read when all flags are.
var models string

func init() {
	flag.StringVar(&plan.Sweep, "sweep", "full", "what to measure: "+strings.Join(Sweeps, ", ")+"; what -bench asks for by name is measured in any")
	flag.StringVar(&plan.Skew, "skew", "", "how the lengths of tasks are distributed ("+strings.Join(workloads.Skews, ", ")+"), for workloads whose tasks can differ; with -serial 0")
	flag.IntVar(&plan.Tasks, "tasks", 0, "tasks at one worker; 0 chooses by the workload")
	flag.IntVar(&plan.Size, "size", 0, "the size of a task, in the workload's own unit; 0 is its default")
	flag.Float64Var(&plan.Serial, "serial", 0.1, "planted serial fraction; tasks of different length have none, connections only if it is given")
	flag.Float64Var(&plan.Locked, "locked", 0, "planted critical section: share of every task under one lock")
	flag.IntVar(&plan.CPUs, "cpus", runtime.NumCPU(), "processors to sweep to")
	flag.Func("levels", "numbers of workers, as in 1,2,3,4 (default powers of two)", func(list string) error {
		for text := range strings.SplitSeq(list, ",") {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is not a number of workers: write numbers from 1 with commas between, as in -levels 1,2,4", text)
			}
			plan.Levels = append(plan.Levels, n)
		}
		return nil
	})
	flag.BoolVar(&runner.Why, "why", false, "account for the workers' time: where it went, in ns, as metrics of each case")
	flag.StringVar(&runner.Timeline, "timeline", "", "write the last operation of each case to this file, as trace events that ui.perfetto.dev opens")
	flag.IntVar(&plan.Slow, "slow", 0, "slow cores to sweep to; 0 is 32")
	flag.StringVar(&models, "cores", "", "what compute runs on: real, gil, slow32, slow16+big4, hm-asym-4 or several of them; slow chooses how slow; empty is what the sweep says, mostly real")
}

// ctx ends at Ctrl-C, so that a case under way can close what it opened.
var ctx context.Context

var runner = &Runner{Child: pools.StartHelper, Config: os.Stdout}

func TestMain(m *testing.M) {
	if _, set := os.LookupEnv("GORACE"); !set {
		os.Setenv("GORACE", "atexit_sleep_ms=0") // or a program that a test starts takes a second to end
	}
	pools.ServeIfWorker(Roles()...)
	parseFlags()
	var err error
	if plan.Skew == workloads.Skews[0] {
		plan.Skew = "" // equal
	}
	plan.Plant = given("serial")
	plan.Asked = ParsePattern(flag.Lookup("test.bench").Value.String())
	runner.Seed = uint64(max(*round, 0))
	if plan.Models, err = parseModels(models); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if status, done := remoteMain(); done {
		os.Exit(status)
	}
	os.Exit(testMain(m))
}

// parseFlags is flag.Parse, but for what it writes: an error is one line and not behind
// the help of a hundred flags.
func parseFlags() {
	var text strings.Builder
	flag.CommandLine.Init(os.Args[0], flag.ContinueOnError)
	flag.CommandLine.SetOutput(&text)
	err := flag.CommandLine.Parse(os.Args[1:])
	flag.CommandLine.SetOutput(nil) // standard error
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(os.Stderr, text.String())
		os.Exit(0)
	case err != nil:
		fmt.Fprintf(os.Stderr, "bench: %v\nbench -h lists all flags\n", err)
		os.Exit(2)
	}
}

// parseModels reads names of models with commas between them.
func parseModels(list string) ([]cores.Model, error) {
	if list == "" {
		return nil, nil
	}
	var out []cores.Model
	for name := range strings.SplitSeq(list, ",") {
		if name == "slow" {
			name = fmt.Sprintf("slow%d", cores.Slowdown(cmp.Or(plan.Slow, mostSlow), runtime.NumCPU()))
		}
		m, err := cores.Find(name)
		if err != nil {
			return nil, fmt.Errorf("-cores %s: %w", list, err)
		}
		out = append(out, m)
	}
	return out, nil
}

func testMain(m *testing.M) int {
	var stop context.CancelFunc
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch benching := flag.Lookup("test.bench").Value.String() != ""; {
	case *duration:
		if err := printPlanned(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		return 0
	case *list != "" || *prices != "":
		if err := print(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	case benching:
		// Tests would only disturb what is measured.
		if !given("test.run") {
			flag.Set("test.run", "^$")
		}
		err := machine.WriteEnvironment(os.Stdout, *round)
		if err == nil && !*planted {
			err = errors.Join(plan.WriteOrder(os.Stdout), plan.WriteSkipped(os.Stdout))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		if *counts {
			meter, err := OpenCounters(os.Stdout, hardware)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
			if runner.Perf = meter; meter != nil {
				defer meter.Close()
			}
		}
	}
	status := m.Run()
	if err := runner.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = max(status, 1)
	}
	return status
}

// printPlanned prints what -planned-time asks for.
func printPlanned() error {
	var all []Case
	for _, s := range []Scaling{Strong, Weak} {
		c, err := cases(s)
		if err != nil {
			return err
		}
		all = append(all, c...)
	}
	_, err := fmt.Printf("%d cases, by plan %v a round\n", len(all), Planned(all).Round(100*time.Millisecond))
	return err
}

// print prints what -catalog and -costs ask for.
func print() error {
	f, err := os.Open(cmp.Or(*list, *prices))
	if err != nil {
		return err
	}
	defer f.Close()
	if *list != "" {
		var why []io.Reader
		for _, name := range flag.Args() {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			why = append(why, bytes.NewReader(text))
		}
		return catalog.Write(os.Stdout, f, Strategies, why...)
	}
	return catalog.WriteCosts(os.Stdout, f, flag.Args())
}

// given says whether a flag stands on the command line.
func given(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

func BenchmarkStrong(b *testing.B) { sweep(b, Strong) }
func BenchmarkWeak(b *testing.B)   { sweep(b, Weak) }

// cases are those that the flags choose.
func cases(s Scaling) ([]Case, error) {
	switch {
	case !*planted:
		return plan.Cases(s)
	case s == Strong:
		return plan.Planted()
	}
	return nil, nil
}

func sweep(b *testing.B, s Scaling) {
	cases, err := cases(s)
	if err != nil {
		b.Fatal(err)
	}
	if *seed != 0 {
		rand.New(rand.NewPCG(*seed, uint64(*round))).Shuffle(len(cases), func(i, j int) {
			cases[i], cases[j] = cases[j], cases[i]
		})
	}
	if len(cases) == 0 { // or package testing would report the time of nothing
		b.Skipf("the sweep has no cases of %s scaling", strings.ToLower(string(s)))
	}
	for _, c := range cases {
		if ctx.Err() != nil {
			b.Fatal("interrupted")
		}
		b.Run(c.Name(), func(b *testing.B) { runner.Run(ctx, b, c) })
	}
}
