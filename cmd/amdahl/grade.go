package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
)

func gradeCommand() *cobra.Command {
	j := grading.Job{Format: "text"}
	folder := ""
	var names []string
	for _, f := range grade.Formats {
		names = append(names, f.Name)
	}
	cmd := &cobra.Command{
		Use:     "grade SUBMISSION",
		GroupID: "learn",
		Short:   "Grade a submission to a lab, for a platform or for you",
		Long: `Grade compiles the code of a submission with hidden tests and runs each test in a process
of its own, as another user where it is called by root, on a virtual clock: how fast the
grading machine is does not matter. Answers are held against the student's own run, whose
work and order are computed again from the sealed predictions.

The hidden tests are in a checkout of the suite, and in packs (amdahl lab pack). The formats
are ` + strings.Join(names, ", ") + `.
The status is 0, 1 below --fail-under, 3 if the submission cannot tell; some platforms
want another status, and get it.`,
		Example: `  amdahl grade submission.json
  amdahl grade --format junit -o junit.xml --fail-under 60 submission.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("grade takes one submission: amdahl grade submission.json")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if j.Output == standardOutput {
				j.Output = ""
			}
			if err := inFolder(j.Output); err != nil {
				return err
			}
			if folder == "" {
				var err error
				if folder, err = labsFolder(); err != nil {
					return err
				}
			} else if err := hasLabs(folder); err != nil {
				return err
			}
			j.Submission, j.Labs = args[0], os.DirFS(folder)
			status, err := j.Run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
			switch {
			case errors.As(err, new(grading.UsageError)):
				return usageError{err}
			case errors.Is(err, labs.ErrHidden):
				return fmt.Errorf("%w: name their folder with --labs", err)
			case err != nil:
				return err
			case status == failed:
				return errSaid
			case status == undecided:
				return errUndecided
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.Var(percentValue{&j.FailUnder}, "fail-under", "end with status 1 below this many per cent of the points")
	f.StringVar(&j.Format, "format", "text", "write for this platform")
	f.StringVarP(&j.Output, "output", "o", "", "write this file; without it standard output")
	f.StringVar(&j.Student, "student", "", "who handed in, by the platform; another id in the submission is not graded")
	f.StringVar(&folder, "labs", "", "the folder of the labs with hidden tests; without it that of the checkout")
	return cmd
}

// percentValue is a flag of per cent.
type percentValue struct{ to *float64 }

// Set reads a number from 0 to 100, with or without a sign of per cent.
func (p percentValue) Set(s string) error {
	v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return errors.New("write per cent, 0 to 100, as in --fail-under 60")
	}
	*p.to = v
	return nil
}

func (p percentValue) String() string { return strconv.FormatFloat(*p.to, 'g', -1, 64) }
func (p percentValue) Type() string   { return "percent" }

// hasLabs refuses a folder of --labs that holds no lab.
func hasLabs(folder string) error {
	found, err := filepath.Glob(filepath.Join(folder, "*", "lab.toml"))
	switch info, statErr := os.Stat(folder); {
	case statErr != nil:
		return usageError{fmt.Errorf("--labs %s: there is no such folder: name the folder bench/labs of a checkout", folder)}
	case !info.IsDir():
		return usageError{fmt.Errorf("--labs %s: it is no folder: name the folder bench/labs of a checkout", folder)}
	case err != nil || len(found) == 0:
		return usageError{fmt.Errorf("--labs %s: there is no lab in it, as in law/lab.toml: name the folder bench/labs of a checkout", folder)}
	}
	return nil
}
