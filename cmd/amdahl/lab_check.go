package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
	"amdahl/results/words"
)

func labCheckCommand(dir *string) *cobra.Command {
	asJSON, score := false, false
	cmd := &cobra.Command{
		Use:   "check [ID...]",
		Short: "Run the visible tests, or check answers",
		Long: `Check compiles your code and runs the tests of the lab that you have, each in a process of
its own, and stops at the first that fails. With the ids of questions or tests it checks these:
an answer is held against your own run. Right answers of multiple choice are known
to the grader only. The status is 0 if all is right, 1 if something is not, 3 if
your run cannot tell.`,
		Example: "  amdahl lab check\n  amdahl lab check e1 e3",
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			var unknown []string
			for _, id := range args {
				if _, known := f.question(id); !known && !slices.ContainsFunc(f.lab.Tests, func(t labs.Test) bool { return t.Name == id && !t.Hidden }) {
					unknown = append(unknown, strconv.Quote(id))
				}
			}
			if len(unknown) > 0 {
				return usageError{fmt.Errorf("no question and no visible test is called %s: the questions are %s", words.List(unknown), strings.Join(ids(f.lab.Questions), ", "))}
			}
			rows, err := f.check(cmd.Context(), args)
			if err != nil {
				return err
			}
			r := &grade.Result{State: grade.Graded, Lab: f.lab.Name, Title: fmt.Sprintf("Lab %d: %s", f.lab.Number, f.lab.Title), Student: f.state.Student, Questions: rows}
			points, _ := r.Score()
			switch {
			case score:
				_, err = fmt.Fprintln(cmd.OutOrStdout(), points)
			case asJSON:
				type row struct {
					ID          string
					Passed      bool
					Unknown     bool
					Points, Max int
					Text        string
				}
				list := []row{}
				for _, q := range rows {
					list = append(list, row{q.ID, q.Passed, q.Unknown, q.Points, q.Max, q.Text})
				}
				e := json.NewEncoder(cmd.OutOrStdout())
				e.SetIndent("", " ")
				err = e.Encode(list)
			default:
				err = printRows(cmd.OutOrStdout(), rows)
			}
			if err != nil {
				return err
			}
			return rowsError(rows)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as JSON")
	cmd.Flags().BoolVar(&score, "score", false, "print the points, and nothing else")
	return cmd
}

// rowsError is the exit status of rows: nil, failed, or cannot tell.
func rowsError(rows []grade.Question) error {
	unknown := false
	for _, q := range rows {
		switch {
		case q.Unknown:
			unknown = true
		case !q.Passed:
			return errSaid
		}
	}
	if unknown {
		return errUndecided
	}
	return nil
}

// check runs the visible tests, or those named, and checks the answers named.
func (f *labFolder) check(ctx context.Context, only []string) ([]grade.Question, error) {
	s, err := f.submission()
	if err != nil {
		return nil, err
	}
	var rows []grade.Question
	wanted := func(id string) bool { return len(only) == 0 || slices.Contains(only, id) }
	if len(only) == 0 || slices.ContainsFunc(f.lab.Tests, func(t labs.Test) bool { return wanted(t.Name) }) {
		r, err := grading.Grade(ctx, f.lab, s, grading.Options{Visible: true, Code: true, NoRace: true})
		if err != nil {
			return nil, err
		}
		rows = r.Questions
	}
	if len(only) > 0 {
		for _, q := range f.lab.Questions {
			if !wanted(q.ID) {
				continue
			}
			row, err := grading.Answer(f.lab, s, q)
			if errors.Is(err, labs.ErrHidden) {
				row = grade.Question{ID: q.ID, Name: q.ID + ": " + q.Text, Max: q.Points, Unknown: true, Text: "Only the grader knows the right choice."}
			} else if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		rows = slices.DeleteFunc(rows, func(q grade.Question) bool { return !wanted(q.ID) })
	}
	return rows, nil
}

// printRows prints one line for each row, and the text of those that failed.
func printRows(w io.Writer, rows []grade.Question) error {
	for _, q := range rows {
		mark := "failed     "
		switch {
		case q.Unknown:
			mark = "cannot tell"
		case q.Passed:
			mark = "passed     "
		}
		if _, err := fmt.Fprintf(w, "%s %s (%s)\n", mark, q.Name, q.ID); err != nil {
			return err
		}
		if q.Text == "" {
			continue
		}
		for line := range strings.Lines(q.Text) {
			if _, err := fmt.Fprintf(w, "            %s\n", strings.TrimRight(line, "\n")); err != nil {
				return err
			}
		}
	}
	return nil
}

func labHintCommand(dir *string) *cobra.Command {
	return &cobra.Command{
		Use:   "hint [ID]",
		Short: "Give a hint for the first step that fails, or for a question",
		Long: `Hint gives a hint for the first visible test that fails; if all pass, for the hidden tests, one after
the other. With the id of a question or the name of a test, for that. Each further call gives one hint more.`,
		Example: "  amdahl lab hint\n  amdahl lab hint e3",
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			if len(args) > 1 {
				return usageError{errors.New("hint takes one id: amdahl lab hint e1")}
			}
			return f.hint(cmd.Context(), cmd.OutOrStdout(), args)
		},
	}
}

// hint prints hints, one more than the last time.
func (f *labFolder) hint(ctx context.Context, w io.Writer, args []string) error {
	id := ""
	if len(args) == 1 {
		id = args[0]
	} else {
		rows, err := f.check(ctx, nil)
		if err != nil {
			return err
		}
		for _, q := range rows {
			if !q.Passed {
				id = q.ID
				break
			}
		}
	}
	hints, title := f.hints(id)
	if id == "" {
		for _, t := range f.lab.Tests {
			if t.Hidden {
				if _, err := fmt.Fprintf(w, "%s (%s): %s\n", t.Title, t.Name, t.Hints[0]); err != nil {
					return err
				}
			}
		}
		_, err := fmt.Fprintln(w, "The visible tests pass; these are the steps that only the grader tests. More of a step: "+f.command("hint NAME"))
		return err
	}
	if len(hints) == 0 {
		return usageError{fmt.Errorf("there is no hint for %q: the questions are %s", id, strings.Join(ids(f.lab.Questions), ", "))}
	}
	given, err := f.given()
	if err != nil {
		return err
	}
	given[id] = min(given[id]+1, len(hints))
	if _, err := fmt.Fprintln(w, title); err != nil {
		return err
	}
	for i, h := range hints[:given[id]] {
		if _, err := fmt.Fprintf(w, "hint %d of %d: %s\n", i+1, len(hints), h); err != nil {
			return err
		}
	}
	text, err := json.Marshal(given)
	if err != nil {
		return err
	}
	return os.WriteFile(f.path(hintsFile), text, 0o644)
}

// hintsFile counts the hints that were given. It is not handed in.
const hintsFile = ".hints.json"

func (f *labFolder) given() (map[string]int, error) {
	given := map[string]int{}
	text, err := os.ReadFile(f.path(hintsFile))
	if errors.Is(err, os.ErrNotExist) {
		return given, nil
	} else if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, &given) != nil {
		return map[string]int{}, nil // it only counts
	}
	return given, nil
}

// hints lists the hints of a test or a question, and what it is about.
func (f *labFolder) hints(id string) (hints []string, title string) {
	for _, t := range f.lab.Tests {
		if t.Name == id {
			return t.Hints, t.Title
		}
	}
	if q, ok := f.question(id); ok {
		return q.Hints, q.Text
	}
	return nil, ""
}
