package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

func labCommand() *cobra.Command {
	dir := "."
	cmd := &cobra.Command{
		Use:     "lab",
		GroupID: "learn",
		Short:   "Do a lab of the course: predict, program, measure, explain, be graded",
		Long: `A lab is an exercise on scaling that you do on your own machine: you predict, write
some code, measure it, and explain what you saw. Start makes a folder for it; the other
commands run in that folder.

Predictions are sealed: each holds a hash of the one before, and the last gives the
seed of the work that is measured. So a run shows that it was measured after the
predictions. What you hand in is one file; amdahl grade grades it.`,
		Example: `  amdahl lab list
  amdahl lab start third --student ada
  cd third && amdahl lab predict`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			var known []string
			for _, c := range cmd.Commands() {
				known = append(known, c.Name())
			}
			return usageError{fmt.Errorf("unknown command %q of amdahl lab:%s see amdahl lab -h", args[0], didYouMean(args[0], "", known))}
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVarP(&dir, "directory", "C", ".", "the folder of the lab")
	cmd.AddCommand(labListCommand(), labStartCommand(),
		labAskCommand(&dir, labs.Predict), labMeasureCommand(&dir), labAskCommand(&dir, labs.Explain),
		labHintCommand(&dir), labCheckCommand(&dir), labWatchCommand(&dir), labSubmitCommand(&dir),
		labDevCommand(), labPackCommand())
	return cmd
}

func labListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the labs",
		Long:    "List prints the labs with the minutes that they take, and their points.",
		Example: "  amdahl lab list",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range labs.Names {
				l, err := labs.Open(name)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-8s lab %d, %q: %s\n         about %d minutes, %d points; graded %s\n", name, l.Number, l.Title, l.Summary, l.Minutes, l.Points(), l.Graded); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// A labFolder is the folder of a student's lab.
type labFolder struct {
	dir   string
	lab   *labs.Lab
	state *grade.Submission // of lab.json: without files and run
}

// openLabFolder reads the folder of a lab.
func openLabFolder(dir string) (*labFolder, error) {
	s, err := grade.Collect(dir, []string{})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{fmt.Errorf("%s is not the folder of a lab: begin with amdahl lab start NAME, then cd NAME, or name the folder with -C", dir)}
	} else if err != nil {
		return nil, err
	}
	l, err := labs.Open(s.Lab)
	if err != nil {
		return nil, err
	}
	s.Files, s.Run = nil, ""
	return &labFolder{dir, l, s}, nil
}

// command is a command of amdahl lab for this folder, as one types it.
func (f *labFolder) command(args string) string {
	if f.dir == "." {
		return "amdahl lab " + args
	}
	return "amdahl lab " + args + " -C " + quote(f.dir)
}

// sealed returns an error if the chain of predictions is broken, which says what to do.
func (f *labFolder) sealed() error {
	err := f.state.Seal.Check(f.lab.Name, f.state.Student)
	if err == nil {
		return nil
	}
	student := f.state.Student
	if !studentID.MatchString(student) {
		student = "ID"
	}
	return fmt.Errorf("%s: %s: neither predictions nor what the run shows get points like this: undo the change to the file, or begin anew with amdahl lab start %s %s --student %s, and copy %s there", f.path(grade.StateFile), strings.TrimPrefix(err.Error(), "grade: "), f.lab.Name, f.lab.Name+"2", student, strings.Join(f.lab.Files, ", "))
}

// path is a file of the folder.
func (f *labFolder) path(name string) string { return filepath.Join(f.dir, name) }

// submission is what would be handed in now.
func (f *labFolder) submission() (*grade.Submission, error) {
	return grade.Collect(f.dir, f.lab.Files)
}

// save writes lab.json.
func (f *labFolder) save() error {
	text, err := f.state.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile(f.path(grade.StateFile), text, 0o644)
}

// labsFolder finds the folder bench/labs of the checkout in which the command runs.
func labsFolder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && strings.HasPrefix(string(text), "module amdahl\n") {
			return filepath.Join(dir, "bench", "labs"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", usageError{errors.New("this needs a checkout of the suite, which has the hidden tests: run it there")}
		}
		dir = parent
	}
}
