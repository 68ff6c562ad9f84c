// Package grading grades a submission to a lab: its code by tests on a virtual clock,
// its answers by the student's own run. The commands amdahl and grade share it.
//
// Points are taken only by what is exact: a failing test, a wrong answer, a chain of
// predictions that is broken, a run whose work or order does not follow from them.
// What a busy machine can do to an honest run is "cannot tell", and what is merely odd is a
// note for the lecturer.
package grading

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"amdahl/bench/labs"
	"amdahl/bench/labs/trial"
	"amdahl/results/grade"
	"amdahl/results/words"
)

// Options say how. The zero value grades with hidden tests.
type Options struct {
	Trial   trial.Options
	Visible bool   // run the tests that the student has, and no others
	Code    bool   // grade the code and no questions
	NoRace  bool   // leave the race detector out also where there is a C compiler
	Student string // who handed in, as the platform says; "" if unknown
}

// yieldSeed is the seed of the yields in a student's code: fixed, so that grading
// again gives the same.
const yieldSeed = 1

// coldBuild is how long compiling takes at most with a warm build cache.
const coldBuild = 3 * time.Second

// Grade grades a submission. The result says what went wrong; the error is the grader's
// or the caller's: a cancelled context, no go command, a lab without hidden tests.
func Grade(ctx context.Context, lab *labs.Lab, s *grade.Submission, o Options) (*grade.Result, error) {
	r := &grade.Result{State: grade.Graded, Lab: lab.Name, Title: fmt.Sprintf("Lab %d: %s", lab.Number, lab.Title), Student: s.Student}
	switch {
	case s.Lab != lab.Name:
		r.State, r.Message = grade.NotGradable, fmt.Sprintf("This is a submission to the lab %s, and the lab here is %s.", s.Lab, lab.Name)
		return r, nil
	case o.Student != "" && !strings.EqualFold(o.Student, s.Student):
		r.State, r.Message = grade.NotGradable, fmt.Sprintf("This was handed in by %s and made by %s: make your own, with amdahl lab start %s --student %s.", o.Student, s.Student, lab.Name, o.Student)
		return r, nil
	}
	if err := code(ctx, lab, s, o, r); err != nil {
		return nil, err
	}
	if !o.Code {
		if err := questions(lab, s, r); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(r.Questions, func(q grade.Question) bool { return q.Unknown }) {
		r.State = grade.NotGradable
		points, _ := r.Score()
		r.Message = fmt.Sprintf("Cannot tell: your run does not decide some questions. Measure again on a quieter machine (amdahl lab measure --again) and hand in again. %s %s sure.", words.Count(points, "point"), words.Is(points))
	}
	return r, nil
}

// Spec returns what to compile for files of a student.
func Spec(lab *labs.Lab, files map[string][]byte, hidden bool) (trial.Spec, error) {
	// The copied packages are large: they are compiled once, and not for each submission.
	spec := trial.Spec{Student: lab.Files, Package: lab.Package(), Seed: yieldSeed, Trim: lab.Copies()}
	var err error
	if spec.Files, err = lab.Exercise(); err != nil {
		return spec, err
	}
	if hidden {
		secret, err := lab.Hidden()
		if err != nil {
			return spec, err
		}
		maps.Copy(spec.Files, secret)
	}
	for _, name := range lab.Files {
		spec.Files[name] = files[name]
	}
	return spec, nil
}

// Screen checks a student's files before anything is compiled.
func Screen(lab *labs.Lab, files map[string][]byte) *trial.Refusal {
	for _, name := range lab.Files {
		text, ok := files[name]
		if !ok {
			return &trial.Refusal{File: name, Text: "this file is missing in what you handed in"}
		}
		if r := trial.Screen(name, text, lab.Package(), lab.Imports); r != nil {
			return r
		}
		if r := trial.Goroutine(name, text); r != nil && lab.NoGo {
			return r
		}
	}
	return nil
}

// code runs the tests. The steps build on one another: the first that fails is the
// last that runs, because what fails after it has the same cause, and differs from run to run.
func code(ctx context.Context, lab *labs.Lab, s *grade.Submission, o Options, r *grade.Result) error {
	files := map[string][]byte{}
	for name, text := range s.Files {
		files[name] = []byte(text)
	}
	tests := slices.DeleteFunc(slices.Clone(lab.Tests), func(t labs.Test) bool { return o.Visible && t.Hidden })
	stopped := trial.Outcome{}
	if refused := Screen(lab, files); refused != nil {
		stopped = trial.Outcome{Cause: "refused", Text: refused.Error(), File: refused.File, Line: refused.Line}
	}
	passed := map[string]bool{}
	if stopped.Cause == "" {
		spec, err := Spec(lab, files, !o.Visible)
		if err != nil {
			return err
		}
		spec.Yields = true
		if stopped, err = inOrder(ctx, spec, o, tests, passed, r); err != nil {
			return err
		}
		if stopped.Cause == "" && lab.Race > 0 && trial.CanRace() && !o.NoRace {
			spec.Yields, spec.Race = false, true
			if stopped, err = inOrder(ctx, spec, o, tests, map[string]bool{}, r); err != nil {
				return err
			}
			stopped.Test = "" // it is the race's row
		}
	}
	said := false
	for _, t := range tests {
		q := grade.Question{ID: t.Name, Name: t.Title, Max: t.Points, Hidden: t.Hidden}
		switch {
		case passed[t.Name]:
			q.Passed, q.Points = true, t.Points
		case !said:
			q.Text, q.File, q.Line, said = stopped.Text, stopped.File, stopped.Line, true
		default:
			q.Text = "Not tried: the step before it must pass first."
		}
		r.Questions = append(r.Questions, q)
	}
	if lab.Race > 0 {
		q := grade.Question{ID: "races", Name: "no data races", Max: lab.Race}
		switch {
		case said:
			q.Text = "Not tried: the step before it must pass first."
		case stopped.Cause != "":
			q.Text, q.File, q.Line = stopped.Text, stopped.File, stopped.Line
		default:
			q.Passed, q.Points = true, lab.Race
			if !trial.CanRace() || o.NoRace {
				q.Text = "Looked for by switching between goroutines at many places. The race detector needs a C compiler, which is not here."
			}
		}
		r.Questions = append(r.Questions, q)
	}
	return nil
}

// inOrder compiles and runs the tests until one fails, whose outcome it returns. Its
// Cause is "" if none did.
func inOrder(ctx context.Context, spec trial.Spec, o Options, tests []labs.Test, passed map[string]bool, r *grade.Result) (trial.Outcome, error) {
	t, err := trial.Open(ctx, spec, o.Trial)
	if broken := (trial.CompileError{}); errors.As(err, &broken) {
		return trial.Outcome{Cause: "compile", Text: "It does not compile:\n" + broken.Text}, nil
	} else if err != nil {
		return trial.Outcome{}, err
	}
	defer t.Close()
	if note := fmt.Sprintf("Compiling took more than %v: the build cache of the grader is cold, or the machine is busy.", coldBuild); t.Took > coldBuild && !slices.Contains(r.Log, note) {
		r.Log = append(r.Log, note)
	}
	for _, test := range tests {
		out, err := t.Run(ctx, test.Name)
		if err != nil {
			return out, err
		}
		if !out.Passed {
			return out, nil
		}
		passed[test.Name] = true
	}
	return trial.Outcome{}, nil
}

// Warm compiles the exercise of a lab with every import that it allows, so that the
// build cache holds what any submission needs.
func Warm(ctx context.Context, lab *labs.Lab, o trial.Options) error {
	files, err := lab.Exercise()
	if err != nil {
		return err
	}
	spec, err := Spec(lab, files, true)
	if err != nil {
		return err
	}
	all := "package " + lab.Package() + "\n"
	for _, path := range lab.Imports {
		all += fmt.Sprintf("\nimport _ %q", path)
	}
	spec.Files["amdahl_warm.go"] = []byte(all + "\n")
	for _, race := range []bool{false, true} {
		if spec.Yields, spec.Race = !race, race; race && !trial.CanRace() {
			continue
		}
		t, err := trial.Open(ctx, spec, o)
		if err != nil {
			return fmt.Errorf("warming the build cache: %w", err)
		}
		if err := t.Close(); err != nil {
			return err
		}
	}
	return nil
}
