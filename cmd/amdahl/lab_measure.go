package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
	"amdahl/results/words"
)

// seedFile holds the seed of the work, for the benchmark of the lab.
const seedFile = "seed"

// self is the command line that starts this program again.
var self = func() ([]string, error) {
	path, err := os.Executable()
	return []string{path}, err
}

func labMeasureCommand(dir *string) *cobra.Command {
	again := false
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "measure",
		Short: "Measure your code on this machine",
		Long: `Measure runs the benchmark of the lab with amdahl run, in shuffled rounds, and writes
run.txt. It takes less than a minute. All predictions must be made before. Close other
programs; what they take shows in the times.`,
		Example: "  amdahl lab measure\n  amdahl lab measure --again\n  amdahl lab measure --wait 1m",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			if missing := f.missing(labs.Predict); len(missing) > 0 {
				return usageError{fmt.Errorf("predict first: %s without an answer: %s", strings.Join(missing, ", "), f.command("predict"))}
			}
			if err := f.sealed(); err != nil {
				return err
			}
			if _, err := os.Lstat(f.path(grade.RunFile)); err == nil && !again {
				return usageError{fmt.Errorf("%s is there already: go on with %s, or replace it with %s", f.path(grade.RunFile), f.command("explain"), f.command("measure --again"))}
			}
			if wait < 0 {
				return usageError{fmt.Errorf("--wait %v: write a time above 0, as in --wait 1m", wait)}
			}
			if err := f.measure(cmd, wait); err != nil {
				return err
			}
			if err := f.show(cmd); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "\nThe times are in run.txt, which amdahl fit, plot and why read too. Next: "+f.command("explain"))
			return err
		},
	}
	cmd.Flags().BoolVar(&again, "again", false, "replace the run that is there")
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait this long for a quiet machine first, as in 1m")
	return cmd
}

// measure writes run.txt by amdahl run, in a process of its own.
func (f *labFolder) measure(cmd *cobra.Command, wait time.Duration) error {
	work, order := f.state.Seal.Seeds()
	if err := os.WriteFile(f.path(seedFile), []byte(strconv.FormatUint(work, 10)+"\n"), 0o644); err != nil {
		return err
	}
	const fresh = "run.new.txt" // the old run stays until the new one is whole
	if err := os.Remove(f.path(fresh)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	args, err := self()
	if err != nil {
		return err
	}
	m := f.lab.Measure
	args = append(args, "run", ".", "--bench", m.Bench, "--benchtime", "1x", "--rounds", strconv.Itoa(m.Rounds), "--seed", strconv.FormatUint(order, 10), "-q", "-o", fresh)
	for _, a := range m.Axes {
		args = append(args, "-x", a)
	}
	if wait > 0 {
		args = append(args, "--wait", wait.String())
	}
	cmd.PrintErrf("amdahl: measuring lab %d in %s\n", f.lab.Number, words.Count(m.Rounds, "round"))
	c := exec.CommandContext(cmd.Context(), args[0], args[1:]...)
	c.Dir = f.dir
	c.Stdout, c.Stderr = cmd.ErrOrStderr(), cmd.ErrOrStderr()
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	if err := c.Run(); err != nil {
		return fmt.Errorf("the measurement failed: does your code pass %s? %w", f.command("check"), err)
	}
	s, err := f.submission()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(f.path(fresh))
	if err != nil {
		return err
	}
	s.Run = string(text)
	if err := grading.Fits(f.lab, s); err != nil {
		return fmt.Errorf("%w (the file is %s)", err, f.path(fresh))
	}
	return os.Rename(f.path(fresh), f.path(grade.RunFile))
}

// show prints what was measured.
func (f *labFolder) show(cmd *cobra.Command) error {
	s, err := f.submission()
	if err != nil {
		return err
	}
	if s.Run == "" {
		return usageError{errors.New("there is no run yet: measure with " + f.command("measure"))}
	}
	if err := grading.Fits(f.lab, s); err != nil {
		cmd.PrintErrln("amdahl:", err)
	}
	text, err := grading.Show(f.lab, s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(cmd.OutOrStdout(), text)
	return err
}
