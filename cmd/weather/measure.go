package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"amdahl/bench/load"
	"amdahl/results/laws"
)

// A measurement is what the command line of weather measure asks for.
type measurement struct {
	amdahl  string
	repeats int
	rounds  int // of a repeat
	quiet   int // rounds of the reference
	levels  string
	dir     string
}

func measure(ctx context.Context, args []string, stderr io.Writer) int {
	m := measurement{}
	f := flag.NewFlagSet("weather measure", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprintln(stderr, "usage: weather measure [flags] DIR\nMeasures the planted programs in a quiet reference and in every situation, a file of DIR for each.\nIt begins at the root of the checkout; nothing else should run on the machine.")
		f.PrintDefaults()
	}
	f.StringVar(&m.amdahl, "amdahl", "bin/amdahl", "the program to try")
	f.IntVar(&m.repeats, "repeats", 20, "in every situation")
	f.IntVar(&m.rounds, "rounds", 4, "of a repeat")
	f.IntVar(&m.quiet, "quiet", 66, "rounds of the reference; up to three times as many, until enough of them are sound")
	f.StringVar(&m.levels, "levels", "1,2", "numbers of processors")
	if err := f.Parse(args); err != nil {
		return usage
	}
	if f.NArg() != 1 || m.repeats < 1 || m.rounds < 1 || m.quiet < 1 {
		f.Usage()
		return usage
	}
	m.dir = f.Arg(0)
	if err := m.run(ctx, stderr); err != nil {
		fmt.Fprintln(stderr, "weather:", err)
		return failed
	}
	return done
}

func (m measurement) run(ctx context.Context, stderr io.Writer) error {
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return err
	}
	if err := m.quietly(ctx, stderr); err != nil {
		return err
	}
	for _, s := range situations {
		if err := m.situation(ctx, s, m.repeats*m.rounds, stderr); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// moreQuiet is how many rounds the reference gets at once when too few were sound.
const moreQuiet = 20

// quietly measures the reference: as many rounds as were asked for, and more until
// enough of them are sound or there are three times as many.
func (m measurement) quietly(ctx context.Context, stderr io.Writer) error {
	for rounds := m.quiet; ; rounds += moreQuiet {
		if err := m.situation(ctx, situation{name: reference}, rounds, stderr); err != nil {
			return err
		}
		if enough, err := m.enough(ctx); err != nil || enough || rounds+moreQuiet > 3*m.quiet {
			return err
		}
	}
}

// enough reports whether the reference has enough sound rounds of each program.
func (m measurement) enough(ctx context.Context) (bool, error) {
	text, err := os.ReadFile(filepath.Join(m.dir, reference+".txt"))
	if err != nil {
		return false, err
	}
	all, err := analyse(ctx, string(text))
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(all, func(a *laws.Analysis) bool { return a.Curve.Rounds.Kept < leastQuiet }), nil
}

// situation measures in one situation. A file that is there already goes on up to the
// number of rounds.
func (m measurement) situation(ctx context.Context, s situation, rounds int, stderr io.Writer) error {
	if s.load != "" {
		l, err := load.Start(s.load, m.dir)
		if err != nil {
			return err
		}
		defer l.Stop()
		time.Sleep(time.Second)
	}
	begin := time.Now()
	file := filepath.Join(m.dir, s.name+".txt")
	args := []string{"run", "-q", "--rounds", strconv.Itoa(rounds)}
	if _, err := os.Stat(file); err == nil {
		args = append(args, "--yes", "--resume", file)
	} else {
		args = append(args, "-o", file, "./cmd/weather", "--bench", "Planted", "-x", "cpu="+m.levels, "--benchtime", "1x")
	}
	cmd := exec.CommandContext(ctx, m.amdahl, args...)
	cmd.Stderr = stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", m.amdahl, err)
	}
	fmt.Fprintf(stderr, "weather: %s: %d rounds in %s\n", s.name, rounds, time.Since(begin).Round(time.Second))
	return nil
}
