package grading

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"amdahl/bench/labs"
	"amdahl/bench/labs/trial"
	"amdahl/results/grade"
)

// A UsageError is the caller's.
type UsageError struct{ error }

func (e UsageError) Unwrap() error { return e.error }

// A Job is one call of amdahl grade.
type Job struct {
	Submission string // file or folder
	Lab        string // the lab that it must be of; "" takes the submission's word
	Labs       fs.FS  // labs with hidden tests
	Format     string
	Output     string // "" is standard output
	FailUnder  float64
	Student    string
	Metadata   string // Gradescope's submission_metadata.json; "" is none
	Trial      trial.Options
	NoRace     bool                // leave the race detector out also where there is a C compiler
	Env        func(string) string // nil is the process's environment
}

// mostSeconds bounds the grading of a submission: less than any platform's limit, so that
// it is this grader that says what happened.
const mostSeconds = 120

// Run grades and writes. The status is that of the command.
//
// Before student code runs, a first valid file is written, which says that grading began: a
// platform finds it if the grader is killed.
func (j *Job) Run(ctx context.Context, stdout, stderr io.Writer) (status int, err error) {
	i := slices.IndexFunc(grade.Formats, func(f grade.Format) bool { return f.Name == j.Format })
	if i < 0 {
		var names []string
		for _, f := range grade.Formats {
			names = append(names, f.Name)
		}
		return 2, UsageError{fmt.Errorf("--format %q: the formats are %s", j.Format, strings.Join(names, ", "))}
	}
	if math.IsNaN(j.FailUnder) || j.FailUnder < 0 || j.FailUnder > 100 {
		return 2, UsageError{fmt.Errorf("--fail-under %g: write per cent, 0 to 100", j.FailUnder)}
	}
	format := grade.Formats[i]
	o := grade.Options{FailUnder: j.FailUnder, Env: j.Env, File: j.Output}
	if j.Output != "" {
		first, err := format.Make(grade.Started(j.Lab, j.Lab), o)
		if err == nil {
			err = first.Write(j.Output)
		}
		if err != nil && format.Name != grade.Nbgrader.Name {
			return 1, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, mostSeconds*time.Second)
	defer cancel()
	result, err := j.grade(ctx)
	if errors.As(err, new(UsageError)) || errors.Is(err, labs.ErrHidden) {
		return 2, err
	}
	if err != nil {
		fmt.Fprintf(stderr, "grade: %v\n", err)
		result = &grade.Result{State: grade.GraderError, Lab: j.Lab, Title: j.Lab, Message: "The grader failed, and that is not your fault: tell your lecturer. Nothing was graded."}
	}
	for _, line := range result.Log {
		fmt.Fprintf(stderr, "grade: %s\n", line)
	}
	out, err := format.Make(result, o)
	if err != nil {
		return max(out.Status, 1), err
	}
	if j.Metadata != "" && format.Name == grade.Gradescope.Name {
		if text, err := os.ReadFile(j.Metadata); err == nil {
			if kept, err := grade.KeepPrevious(out.Main, text); err == nil {
				out.Main = kept
			} else {
				fmt.Fprintf(stderr, "grade: %v\n", err)
			}
		}
	}
	if j.Output != "" {
		err = out.Write(j.Output)
	} else {
		_, err = stdout.Write(out.Main)
	}
	if err == nil {
		_, err = stdout.Write(out.Print)
	}
	return out.Status, err
}

// grade reads and grades the submission. What is wrong with the file itself is a result.
func (j *Job) grade(ctx context.Context) (*grade.Result, error) {
	s, err := grade.ReadSubmission(j.Submission)
	if errors.Is(err, fs.ErrNotExist) && j.Lab == "" {
		return nil, UsageError{err}
	} else if err != nil {
		return &grade.Result{State: grade.NotGradable, Lab: j.Lab, Title: j.Lab, Message: "This cannot be read: " + strings.TrimPrefix(err.Error(), "grade: ") + "."}, nil
	}
	name := j.Lab
	if name == "" {
		name = s.Lab
	}
	lab, err := labs.OpenIn(j.Labs, name)
	if err != nil {
		if j.Lab == "" {
			return &grade.Result{State: grade.NotGradable, Lab: s.Lab, Title: s.Lab, Message: strings.TrimPrefix(err.Error(), "labs: ") + "."}, nil
		}
		return nil, err
	}
	if !lab.Secret() {
		return nil, labs.ErrHidden
	}
	return Grade(ctx, lab, s, Options{Trial: j.Trial, Student: j.Student, NoRace: j.NoRace})
}
