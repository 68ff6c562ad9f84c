package bench

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-isatty"

	"amdahl/pools"
	"amdahl/workloads/cores"
)

// The knobs of a sweep, behind the flags of testing:
//
//	go test -bench Strong ./bench -tasks 320 -serial 0.05
var (
	plan   Plan
	rounds = flag.Int("rounds", 0, "measure in this many rounds, each a fresh process that runs every case once")
	round  = flag.Int("round", 0, "note this round in the output")
	seed   = flag.Uint64("seed", 0, "shuffle the cases; 0 keeps their order")
	out    = flag.String("o", "", "with -rounds: write the results to this file, and say how it goes on standard error")
	counts = flag.Bool("perf", false, "count instructions and cycles in hardware, or say in the output why that cannot be done here")
	truth  = flag.Bool("planted", false, "measure planted truths on slow and on real cores, instead of the sweep")
	prices = flag.String("costs", "", "print what a task costs under each pool in this run of bench/peers as Markdown, and exit; operations follow")
	list   = flag.String("catalog", "", "print the workloads and strategies as Markdown, with costs from this run of bench/peers, and exit")
)

func init() {
	flag.BoolVar(&plan.Quick, "quick", false, "fewer weak cases")
	flag.IntVar(&plan.Tasks, "tasks", 0, "tasks at one worker; 0 chooses by the workload")
	flag.Float64Var(&plan.Serial, "serial", 0.1, "planted serial fraction")
	flag.Float64Var(&plan.Locked, "locked", 0, "planted critical section: share of every task under one lock")
	flag.IntVar(&plan.CPUs, "cpus", runtime.NumCPU(), "processors to sweep to")
	flag.IntVar(&plan.Slow, "slow", 0, "slow cores to sweep to; 0 is 32")
	flag.Func("cores", "what compute runs on: real, gil, slow32 or several of them; slow chooses how slow (default real)", func(list string) error {
		plan.Models = nil
		for name := range strings.SplitSeq(list, ",") {
			if name == "slow" {
				name = fmt.Sprintf("slow%d", cores.Slowdown(cmp.Or(plan.Slow, mostSlow), runtime.NumCPU()))
			}
			m, err := cores.Find(name)
			if err != nil {
				return err
			}
			plan.Models = append(plan.Models, m)
		}
		return nil
	})
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
	case *rounds > 0:
		return inRounds()
	case benching:
		// Tests would only disturb what is measured.
		if !given("test.run") {
			flag.Set("test.run", "^$")
		}
		if err := WriteEnvironment(os.Stdout, *round); err != nil {
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

// cases are those that the flags choose.
func cases(s Scaling) ([]Case, error) {
	switch {
	case !*truth:
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
	for _, c := range cases {
		if ctx.Err() != nil {
			b.Fatal("interrupted")
		}
		b.Run(c.Name(), func(b *testing.B) { runner.Run(ctx, b, c) })
	}
}

// inRounds starts a process for each round and gathers what they print.
func inRounds() int {
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	r := Rounds{Count: *rounds, Out: os.Stdout, Command: func(ctx context.Context, round int) *exec.Cmd {
		args := append(own(os.Args[1:]), "-round", strconv.Itoa(round), "-seed", strconv.FormatUint(max(*seed, 1), 10))
		cmd := exec.CommandContext(ctx, self, args...)
		cmd.Stderr = os.Stderr
		return cmd
	}}
	said := func(results int) string { return fmt.Sprintf("%d results", results) }
	if *out != "" {
		if err := os.MkdirAll(filepath.Dir(*out), 0o777); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		f, err := os.Create(*out)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer f.Close()
		r.Out = f
		said = func(results int) string { return fmt.Sprintf("%d results are in %s", results, *out) }
		r.Progress = &Progress{W: os.Stderr, Line: isatty.IsTerminal(os.Stderr.Fd()), Guess: guesses()}
	}
	begin := time.Now()
	results, err := r.Run(ctx)
	r.Progress.Done()
	if c, ok := r.Out.(io.Closer); ok && *out != "" {
		err = errors.Join(err, c.Close())
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(os.Stderr, "%v; %s\n", err, said(results))
		return 1
	case err != nil:
		fmt.Fprintf(os.Stderr, "%v\n%s\n", err, said(results))
		return 1
	}
	if *out != "" {
		fmt.Fprintf(os.Stderr, "measured %d rounds in %s: %s\n", *rounds, time.Since(begin).Round(time.Second), said(results))
	}
	return 0
}

// own is the arguments without those that steer the rounds.
func own(args []string) []string {
	var keep []string
	for i := 0; i < len(args); i++ {
		name, _, joined := strings.Cut(strings.TrimLeft(args[i], "-"), "=")
		if strings.HasPrefix(args[i], "-") && (name == "rounds" || name == "o" || name == "seed") {
			if !joined {
				i++
			}
			continue
		}
		keep = append(keep, args[i])
	}
	return keep
}

// guesses is about how long each case of the plan takes that the -bench
// pattern selects, by full name.
func guesses() map[string]float64 {
	g := map[string]float64{}
	pattern := flag.Lookup("test.bench").Value.String()
	for _, s := range []Scaling{Strong, Weak} {
		cases, err := cases(s)
		if err != nil {
			continue // the round itself says what is wrong
		}
		for _, c := range cases {
			if name := string(s) + "/" + c.Name(); selected(pattern, name) {
				g["Benchmark"+name] = c.Guess()
			}
		}
	}
	return g
}

// selected says whether -bench runs a benchmark: every element of the pattern
// matches the element of the name.
func selected(pattern, name string) bool {
	elements := strings.Split(name, "/")
	for i, p := range strings.Split(pattern, "/") {
		re, err := regexp.Compile(p)
		if err != nil || i >= len(elements) || !re.MatchString(elements[i]) {
			return false
		}
	}
	return true
}
