package bench

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"

	"amdahl/pools"
)

// The knobs of a sweep, behind the flags of testing:
//
//	go test -bench Strong ./bench -tasks 320 -serial 0.05
var (
	plan   Plan
	round  = flag.Int("round", 0, "note this round in the output")
	seed   = flag.Uint64("seed", 0, "shuffle the cases, each round in its own way; 0 keeps their order")
	prices = flag.String("costs", "", "print what a task costs under each pool in this run of bench/peers as Markdown, and exit; operations follow")
	list   = flag.String("catalog", "", "print the workloads and strategies as Markdown, with costs from this run of bench/peers, and exit")
)

func init() {
	flag.BoolVar(&plan.Quick, "quick", false, "fewer weak cases")
	flag.IntVar(&plan.Tasks, "tasks", 0, "tasks at one worker; 0 chooses by the workload")
	flag.Float64Var(&plan.Serial, "serial", 0.1, "planted serial fraction")
	flag.IntVar(&plan.CPUs, "cpus", runtime.NumCPU(), "processors to sweep to")
}

// ctx ends at Ctrl-C, so that a case under way can close what it opened.
var ctx context.Context

var runner = &Runner{Child: pools.StartHelper}

func TestMain(m *testing.M) {
	pools.ServeIfWorker(Roles()...)
	flag.Parse()
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	var stop context.CancelFunc
	ctx, stop = signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch benching := flag.Lookup("test.bench").Value.String() != ""; {
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
		if err := WriteEnvironment(os.Stdout, *round); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	status := m.Run()
	if err := runner.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		status = max(status, 1)
	}
	return status
}

// print prints what -catalog and -costs ask for.
func print() error {
	f, err := os.Open(cmp.Or(*list, *prices))
	if err != nil {
		return err
	}
	defer f.Close()
	if *list != "" {
		return WriteCatalog(os.Stdout, f)
	}
	return WriteCosts(os.Stdout, f, flag.Args())
}

// given says whether a flag stands on the command line.
func given(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name })
	return found
}

func BenchmarkStrong(b *testing.B) { sweep(b, Strong) }
func BenchmarkWeak(b *testing.B)   { sweep(b, Weak) }

func sweep(b *testing.B, s Scaling) {
	cases, err := plan.Cases(s)
	if err != nil {
		b.Fatal(err)
	}
	if *seed != 0 {
		rand.New(rand.NewPCG(*seed, uint64(*round))).Shuffle(len(cases), func(i, j int) {
			cases[i], cases[j] = cases[j], cases[i]
		})
	}
	for _, c := range cases {
		if ctx.Err() != nil {
			b.Fatal("interrupted")
		}
		b.Run(c.Name(), func(b *testing.B) { runner.Run(ctx, b, c) })
	}
}
