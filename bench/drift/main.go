// Drift holds amdahl run against go test -cpu -count, where a load on the
// machine comes and goes.
//
//	drift -amdahl bin/amdahl -bench bin/planted > drift.txt
//	amdahl drift drift.txt
//
// Both measure the benchmark of this package, whose serial fraction is planted,
// in turn, for the same total time: each repeat runs the one and then the
// other, under weather of the same seed. What they wrote becomes one file of
// Go benchmark text, in which a benchmark's name tells the method and the
// repeat. Rounds are numbered 1000·repeat + round, since their numbers hold for
// a whole file.
package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The methods, as names of benchmarks tell them.
const (
	withRun  = "amdahl-run"
	withTest = "go-test"
)

// An experiment is what was asked for.
type experiment struct {
	amdahl, bench string // programs
	benchtime     time.Duration
	budget        time.Duration // of one amdahl run
	repeats       int
	seed          uint64
	levels        string // of GOMAXPROCS: "1,2"
	calm          bool

	out   *merger
	spent map[string]time.Duration // by method
	each  time.Duration            // that go test takes for a sample, on average so far
	count int                      // samples that is the average of
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == weatherArg {
		os.Exit(beWeather(os.Args[2], os.Stdin))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: the exit status is 0 when all is measured, 1 when
// something failed, 2 for a wrong command line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	e := experiment{spent: map[string]time.Duration{}}
	f := flag.NewFlagSet("drift", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&e.amdahl, "amdahl", "bin/amdahl", "the command `amdahl`")
	f.StringVar(&e.bench, "bench", "bin/planted", "test binary of this package")
	f.DurationVar(&e.benchtime, "benchtime", 100*time.Millisecond, "of one sample, for both")
	f.DurationVar(&e.budget, "time", 10*time.Second, "that each of both takes in a repeat")
	f.IntVar(&e.repeats, "repeats", 20, "how often both are run")
	f.Uint64Var(&e.seed, "seed", 1, "of the weather and of the rounds")
	f.BoolVar(&e.calm, "calm", false, "leave the weather out, to see what both find without")
	if err := f.Parse(args); err != nil {
		return 2
	}
	if f.NArg() > 0 || e.repeats < 1 || e.repeats > 999 || e.budget <= 0 || e.benchtime <= 0 {
		fmt.Fprintln(stderr, "drift: -repeats is from 1 to 999, -time and -benchtime are above 0, and there are no arguments: see drift -h")
		return 2
	}
	e.levels = levels(runtime.NumCPU())
	e.out = newMerger(stdout)
	if err := e.measure(ctx, stderr); err != nil {
		fmt.Fprintln(stderr, "drift:", err)
		return 1
	}
	return 0
}

// levels are the powers of two up to the processors, and those.
func levels(processors int) string {
	var list []string
	for n := 1; n < processors; n *= 2 {
		list = append(list, strconv.Itoa(n))
	}
	return strings.Join(append(list, strconv.Itoa(processors)), ",")
}

func (e *experiment) measure(ctx context.Context, stderr io.Writer) error {
	if e.levels == "1" {
		return errors.New("one processor shows no scaling")
	}
	for _, program := range []*string{&e.amdahl, &e.bench} {
		path, err := filepath.Abs(*program)
		if err == nil {
			_, err = os.Stat(path)
		}
		if err != nil {
			return fmt.Errorf("%w: make drift builds it", err)
		}
		*program = path
	}
	if err := e.calibrate(ctx); err != nil {
		return err
	}
	what := describeWeather
	if e.calm {
		what = "none"
	}
	if err := e.out.head([][2]string{
		{"drift-weather", what},
		{"drift-time", fmt.Sprintf("%s for each method in each of %d repeats", e.budget, e.repeats)},
		{"drift-seed", strconv.FormatUint(e.seed, 10)},
	}); err != nil {
		return err
	}
	for repeat := 1; repeat <= e.repeats; repeat++ {
		for _, method := range []string{withRun, withTest} {
			if err := e.one(ctx, method, repeat); err != nil {
				return fmt.Errorf("repeat %d, %s: %w", repeat, method, err)
			}
		}
		fmt.Fprintf(stderr, "drift: %d of %d repeats: %s %.1f s, %s %.1f s\n", repeat, e.repeats,
			withRun, e.spent[withRun].Seconds(), withTest, e.spent[withTest].Seconds())
	}
	return e.out.comment("in all: %s %.1f s, %s %.1f s", withRun, e.spent[withRun].Seconds(), withTest, e.spent[withTest].Seconds())
}

// calibrate finds how long go test takes for a sample.
func (e *experiment) calibrate(ctx context.Context) error {
	start := time.Now()
	text, err := output(ctx, e.goTest(2))
	e.count = bytes.Count(text, []byte("\nBenchmark"))
	if err == nil && e.count == 0 {
		err = errors.New("no results")
	}
	if err != nil {
		return fmt.Errorf("the benchmark does not run: %w", err)
	}
	e.each = time.Since(start) / time.Duration(e.count)
	return nil
}

// one measures with one method, under the repeat's weather.
func (e *experiment) one(ctx context.Context, method string, repeat int) error {
	cmd := e.amdahlRun(repeat)
	if method == withTest {
		// As long as the other method has taken so far, on the whole.
		levels := strings.Count(e.levels, ",") + 1
		left := e.spent[withRun] - e.spent[withTest]
		cmd = e.goTest(max(2, int((left+e.each/2)/e.each)/levels))
	}
	if !e.calm {
		w, err := startWeather(e.seed*1000 + uint64(repeat))
		if err != nil {
			return err
		}
		defer w.stop()
	}
	start := time.Now()
	text, err := output(ctx, cmd)
	took := time.Since(start)
	if err != nil {
		return err
	}
	e.spent[method] += took
	results, err := e.out.add(method, repeat, text)
	if err != nil {
		return err
	}
	if method == withTest && results > 0 {
		total := e.each*time.Duration(e.count) + took
		e.count += results
		e.each = total / time.Duration(e.count)
	}
	return nil
}

func (e *experiment) amdahlRun(repeat int) []string {
	return []string{e.amdahl, "run", "-q", "-x", "cpu=" + e.levels, "--bench", "Planted", "--benchtime", e.benchtime.String(),
		"--precision", "0", "--budget", e.budget.String(), "--seed", strconv.FormatUint(e.seed*1000+uint64(repeat), 10), e.bench}
}

func (e *experiment) goTest(count int) []string {
	return []string{e.bench, "-test.run", "^$", "-test.bench", "Planted", "-test.cpu", e.levels, "-test.benchtime", e.benchtime.String(), "-test.count", strconv.Itoa(count)}
}

// output is what a program prints. It is asked to end when ctx does.
func output(ctx context.Context, args []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", filepath.Base(args[0]), cmp.Or(ctx.Err(), err), bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), nil
}
