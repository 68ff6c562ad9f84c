package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/bench/labs/trial"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
	"amdahl/results/words"
)

func labDevCommand() *cobra.Command {
	dev := &cobra.Command{
		Use:     "dev",
		Short:   "For authors of labs, in a checkout of the suite",
		Long:    "Dev has what authors of labs need. It works in a checkout of the suite, which has hidden tests and solutions.",
		Example: "  amdahl lab dev check",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	dev.AddCommand(&cobra.Command{
		Use:   "check [NAME...]",
		Short: "Check that the labs hold together",
		Long: `Check grades the solution of each lab, which must pass; the unsolved exercise, which must
fail; and every wrong solution, which must fail at the test that its second line
names. Every hidden test must fail for some wrong solution, and every test and
question that is explained must have hints.`,
		Example: "  amdahl lab dev check pool",
		RunE: func(cmd *cobra.Command, args []string) error {
			folder, err := labsFolder()
			if err != nil {
				return err
			}
			if len(args) == 0 {
				args = labs.Names
			}
			bad := 0
			for _, name := range args {
				l, err := labs.OpenIn(os.DirFS(folder), name)
				if err != nil {
					return usageError{err}
				}
				problems, wrong, err := devCheck(cmd.Context(), l)
				if err != nil {
					return err
				}
				for _, p := range problems {
					cmd.PrintErrf("amdahl: %s: %s\n", name, p)
				}
				bad += len(problems)
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%-8s %d tests, %d questions, %d points, %d wrong solutions: %s\n", name, len(l.Tests), len(l.Questions), l.Points(), wrong, words.Count(len(problems), "problem")); err != nil {
					return err
				}
			}
			if bad > 0 {
				return errSaid
			}
			return nil
		},
	})
	return dev
}

// devCheck lists what is wrong with a lab, and how many wrong solutions it has.
func devCheck(ctx context.Context, l *labs.Lab) (problems []string, wrongs int, err error) {
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for _, t := range l.Tests {
		if len(t.Hints) == 0 || slices.Contains(t.Hints, "") {
			add("the test %s has no hint", t.Name)
		}
		if t.Points <= 0 {
			add("the test %s has no points", t.Name)
		}
	}
	for _, q := range l.Questions {
		if q.Phase == labs.Explain && (len(q.Hints) == 0 || slices.Contains(q.Hints, "")) {
			add("the question %s has no hint", q.ID)
		}
	}
	solution, err := l.Solution()
	if err != nil {
		return nil, 0, err
	}
	if at, text, err := failsAt(ctx, l, solution); err != nil {
		return nil, 0, err
	} else if at != "" {
		add("the solution fails at %s: %s", at, text)
	}
	exercise, err := l.Exercise()
	if err != nil {
		return nil, 0, err
	}
	if at, _, err := failsAt(ctx, l, exercise); err != nil {
		return nil, 0, err
	} else if at == "" {
		add("the unsolved exercise passes")
	}
	all, err := l.Wrong()
	if err != nil {
		return nil, 0, err
	}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		want := named(all[name])
		if want == "races" && !trial.CanRace() {
			continue // it takes the race detector
		}
		at, text, err := failsAt(ctx, l, all[name])
		if err != nil {
			return nil, 0, err
		}
		if at != want || at == "" {
			add("the wrong solution %s fails at %q, and says that it fails at %q: %s", name, at, want, text)
		}
		seen[at] = true
	}
	for _, t := range l.Tests {
		if t.Hidden && !seen[t.Name] {
			add("no wrong solution fails at the hidden test %s", t.Name)
		}
	}
	return problems, len(all), nil
}

// failsAt grades the code of a student and returns the first row that does not pass:
// "" if all do, "imports" if the files are refused.
func failsAt(ctx context.Context, l *labs.Lab, files map[string][]byte) (at, text string, err error) {
	if r := grading.Screen(l, files); r != nil {
		return "imports", r.Error(), nil
	}
	s := &grade.Submission{Schema: grade.Schema, Lab: l.Name, Files: map[string]string{}}
	for name, text := range files {
		s.Files[name] = string(text)
	}
	r, err := grading.Grade(ctx, l, s, grading.Options{Code: true})
	if err != nil {
		return "", "", err
	}
	for _, q := range r.Questions {
		if !q.Passed {
			return q.ID, q.Text, nil
		}
	}
	return "", "", nil
}

// named is the test that a wrong solution names in a line "// Fails: NAME".
func named(files map[string][]byte) string {
	for _, text := range files {
		for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
			if name, ok := strings.CutPrefix(s.Text(), "// Fails: "); ok {
				return name
			}
		}
	}
	return ""
}
