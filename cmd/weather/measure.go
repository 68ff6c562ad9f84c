package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"amdahl/bench/load"
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
	f.IntVar(&m.quiet, "quiet", 66, "rounds of the reference")
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
	if err := m.situation(ctx, situation{name: reference}, m.quiet, stderr); err != nil {
		return err
	}
	for _, s := range situations {
		if err := m.situation(ctx, s, m.repeats*m.rounds, stderr); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// situation measures in one situation.
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
	args := []string{"run", "-q", "./cmd/weather", "--bench", "Planted", "-x", "cpu=" + m.levels, "--benchtime", "1x",
		"--rounds", strconv.Itoa(rounds), "-o", filepath.Join(m.dir, s.name+".txt")}
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
