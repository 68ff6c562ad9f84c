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
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"amdahl/bench/load"
)

// The methods, as the names of benchmarks have them.
const (
	withRun  = "amdahl-run"
	withTest = "go-test"
)

// An experiment measures with both methods, repeat by repeat.
type experiment struct {
	amdahl, bench string // programs
	benchtime     time.Duration
	budget        time.Duration // of one amdahl run
	repeats       int
	seed          uint64
	levels        string // of GOMAXPROCS: "1,2"
	noLoad        bool

	out       *merger
	spent     map[string]time.Duration // by method
	perSample time.Duration            // mean time that go test has taken for a sample so far
	samples   int                      // number of samples in that mean
}

// measure runs contest measure and returns the exit status.
func measure(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	e := experiment{spent: map[string]time.Duration{}}
	f := flag.NewFlagSet("contest measure", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&e.amdahl, "amdahl", "bin/amdahl", "the command `amdahl`")
	f.StringVar(&e.bench, "bench", "bin/planted", "test binary of this package")
	f.DurationVar(&e.benchtime, "benchtime", 100*time.Millisecond, "of one sample, for both methods")
	f.DurationVar(&e.budget, "time", 10*time.Second, "of each method in each repeat")
	f.IntVar(&e.repeats, "repeats", 20, "number of repeats; each runs both methods")
	f.Uint64Var(&e.seed, "seed", 1, "of the load and of the rounds")
	f.BoolVar(&e.noLoad, "no-load", false, "make no load, to see what both methods find without one")
	if err := f.Parse(args); err != nil {
		return usage
	}
	if f.NArg() > 0 || e.repeats < 1 || e.repeats > 999 || e.budget <= 0 || e.benchtime <= 0 {
		fmt.Fprintln(stderr, "contest: -repeats is from 1 to 999, -time and -benchtime are above 0, and there are no arguments: see contest measure -h")
		return usage
	}
	e.levels = levels(runtime.NumCPU())
	e.out = newMerger(stdout)
	if err := e.run(ctx, stderr); err != nil {
		fmt.Fprintln(stderr, "contest:", err)
		return failed
	}
	return done
}

// levels lists the powers of two below the number of processors, and that number.
func levels(processors int) string {
	var list []string
	for n := 1; n < processors; n *= 2 {
		list = append(list, strconv.Itoa(n))
	}
	return strings.Join(append(list, strconv.Itoa(processors)), ",")
}

func (e *experiment) run(ctx context.Context, stderr io.Writer) error {
	if e.levels == "1" {
		return errors.New("one processor shows no scaling")
	}
	for _, program := range []*string{&e.amdahl, &e.bench} {
		path, err := filepath.Abs(*program)
		if err == nil {
			_, err = os.Stat(path)
		}
		if err != nil {
			return fmt.Errorf("%w: make contest builds it", err)
		}
		*program = path
	}
	if err := e.calibrate(ctx); err != nil {
		return err
	}
	load := describeLoad
	if e.noLoad {
		load = "none"
	}
	if err := e.out.line("contest-load: %s\ncontest-time: %s for each method in each of %d repeats\ncontest-seed: %d", load, e.budget, e.repeats, e.seed); err != nil {
		return err
	}
	for repeat := 1; repeat <= e.repeats; repeat++ {
		for _, method := range []string{withRun, withTest} {
			if err := e.measureOnce(ctx, method, repeat); err != nil {
				return fmt.Errorf("repeat %d, %s: %w", repeat, method, err)
			}
		}
		fmt.Fprintf(stderr, "contest: %d of %d repeats: %s %.1f s, %s %.1f s\n", repeat, e.repeats,
			withRun, e.spent[withRun].Seconds(), withTest, e.spent[withTest].Seconds())
	}
	return e.out.line("# in all: %s %.1f s, %s %.1f s", withRun, e.spent[withRun].Seconds(), withTest, e.spent[withTest].Seconds())
}

// calibrate measures how long go test takes for a sample.
func (e *experiment) calibrate(ctx context.Context) error {
	start := time.Now()
	text, err := output(ctx, e.goTest(2))
	e.samples = bytes.Count(text, []byte("\nBenchmark"))
	if err == nil && e.samples == 0 {
		err = errors.New("no results")
	}
	if err != nil {
		return fmt.Errorf("the benchmark does not run: %w", err)
	}
	e.perSample = time.Since(start) / time.Duration(e.samples)
	return nil
}

// measureOnce measures with one method, under the load of the repeat.
func (e *experiment) measureOnce(ctx context.Context, method string, repeat int) error {
	cmd := e.amdahlRun(repeat)
	if method == withTest {
		// For as long as the other method has taken in all repeats so far.
		levels := strings.Count(e.levels, ",") + 1
		behind := e.spent[withRun] - e.spent[withTest]
		cmd = e.goTest(max(2, int((behind+e.perSample/2)/e.perSample)/levels))
	}
	if !e.noLoad {
		l, err := load.Start(strconv.FormatUint(e.seed*1000+uint64(repeat), 10))
		if err != nil {
			return err
		}
		defer l.Stop()
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
		total := e.perSample*time.Duration(e.samples) + took
		e.samples += results
		e.perSample = total / time.Duration(e.samples)
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

// output runs a program and returns what it prints. When ctx ends, the program is
// interrupted, and killed after 5 s.
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
