package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"amdahl/bench/labs"
	"amdahl/cmd/grading"
	"amdahl/results/grade"
)

// labAskCommand is amdahl lab predict and amdahl lab explain.
func labAskCommand(dir *string, phase string) *cobra.Command {
	short := "Predict, before you measure; predictions are sealed"
	long := `Predict asks the questions that belong before the measurement, and seals the answers.
A prediction that turns out wrong costs nothing. A new prediction replaces an
earlier one, and then the work is another one, and must be measured again.

Answers may also be given as arguments, as ID=ANSWER.`
	example := "  amdahl lab predict\n  amdahl lab predict p1=1.9 p2=2.5"
	if phase == labs.Explain {
		short = "Answer the questions from your own run"
		long = `Explain shows what you measured, and asks the questions about it. Answers may be changed
as often as you like. They may also be given as arguments, as ID=ANSWER.`
		example = "  amdahl lab explain\n  amdahl lab explain e1=1.4 e4=b"
	}
	return &cobra.Command{
		Use: phase + " [ID=ANSWER...]", Short: short, Long: long, Example: example,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := openLabFolder(*dir)
			if err != nil {
				return err
			}
			if phase == labs.Explain {
				err = f.show(cmd)
			} else {
				err = f.sealed() // nothing can be added to a broken chain
			}
			if err != nil {
				return err
			}
			if len(args) > 0 {
				err = f.answer(phase, args)
			} else {
				err = f.ask(cmd, phase)
			}
			if err != nil {
				return err
			}
			return f.next(cmd, phase)
		},
	}
}

// answer takes answers of arguments: all of them or, where some are wrong, none, and says
// what is wrong with each.
func (f *labFolder) answer(phase string, args []string) error {
	type pair struct {
		q    labs.Question
		text string
	}
	var all []pair
	var wrong []error
	for _, a := range args {
		id, text, ok := strings.Cut(a, "=")
		q, known := f.question(id)
		switch {
		case !ok:
			wrong = append(wrong, fmt.Errorf("%q is not an answer: write it as in %s", a, f.command(phase+" "+f.lab.In(phase)[0].ID+"=1.5")))
			continue
		case !known || q.Phase != phase:
			wrong = append(wrong, fmt.Errorf("no question of amdahl lab %s is called %q: they are %s", phase, id, strings.Join(ids(f.lab.In(phase)), ", ")))
			continue
		}
		if err := fits(q, text); err != nil {
			wrong = append(wrong, err)
			continue
		}
		all = append(all, pair{q, text})
	}
	if len(wrong) > 0 {
		return usageError{errors.Join(wrong...)}
	}
	for _, p := range all {
		f.keep(p.q, p.text)
	}
	return f.save()
}

// ask asks the questions that have no answer yet; if all have one, all of them again.
func (f *labFolder) ask(cmd *cobra.Command, phase string) error {
	questions := slices.DeleteFunc(f.lab.In(phase), func(q labs.Question) bool { return f.answered(q) != "" })
	if len(questions) == 0 {
		for _, q := range f.lab.In(phase) {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n    %s\n", q.ID, q.Text, f.answered(q)); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "All questions have an answer. To change one: %s\n", f.command(phase+" "+f.lab.In(phase)[0].ID+"=ANSWER"))
		return err
	}
	in := bufio.NewReader(cmd.InOrStdin())
	for _, q := range questions {
		for {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "\n%s: %s\n> ", q.ID, q.Text); err != nil {
				return err
			}
			text, err := in.ReadString('\n')
			if text = strings.TrimSpace(text); text != "" {
				if wrong := fits(q, text); wrong != nil {
					cmd.PrintErrln("amdahl:", wrong)
				} else {
					f.keep(q, text)
					if err := f.save(); err != nil {
						return err
					}
					break
				}
			}
			if errors.Is(err, io.EOF) {
				return usageError{fmt.Errorf("question %s has no answer: run %s again, or write %s", q.ID, f.command(phase), f.command(phase+" "+q.ID+"=ANSWER"))}
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// keep stores an answer; a prediction is sealed.
func (f *labFolder) keep(q labs.Question, text string) {
	text = strings.TrimSpace(text)
	if q.Phase == labs.Explain {
		if f.state.Answers == nil {
			f.state.Answers = map[string]string{}
		}
		f.state.Answers[q.ID] = text
	} else if f.state.Seal.Answers()[q.ID] != text {
		f.state.Seal = f.state.Seal.Predict(q.ID, q.Text, text, time.Now())
	}
}

// next says what to do after the questions.
func (f *labFolder) next(cmd *cobra.Command, phase string) error {
	text := "\nWrite your answers into one file with: " + f.command("submit") + "\n"
	if missing := f.missing(phase); len(missing) > 0 {
		text = fmt.Sprintf("\nStill without an answer: %s\n", strings.Join(missing, ", "))
	} else if phase == labs.Predict {
		text = fmt.Sprintf("\nSealed. Now write %s; %s tests it, and %s measures it.\n", strings.Join(f.lab.Files, ", "), f.command("check"), f.command("measure"))
		if _, err := os.Stat(f.path(grade.RunFile)); err == nil {
			if s, err := f.submission(); err == nil && grading.Fits(f.lab, s) != nil {
				text += fmt.Sprintf("%s was measured with other predictions: measure again with %s\n", grade.RunFile, f.command("measure --again"))
			}
		}
	}
	_, err := fmt.Fprint(cmd.OutOrStdout(), text)
	return err
}

// answered is the answer to a question, "" if there is none.
func (f *labFolder) answered(q labs.Question) string {
	if q.Phase == labs.Predict {
		return f.state.Seal.Answers()[q.ID]
	}
	return f.state.Answers[q.ID]
}

// missing lists the questions of a phase that have no answer.
func (f *labFolder) missing(phase string) []string {
	var list []string
	for _, q := range f.lab.In(phase) {
		if f.answered(q) == "" {
			list = append(list, q.ID)
		}
	}
	return list
}

func (f *labFolder) question(id string) (labs.Question, bool) {
	i := slices.IndexFunc(f.lab.Questions, func(q labs.Question) bool { return q.ID == id })
	if i < 0 {
		return labs.Question{}, false
	}
	return f.lab.Questions[i], true
}

func ids(questions []labs.Question) []string {
	var list []string
	for _, q := range questions {
		list = append(list, q.ID)
	}
	return list
}

// fits says why an answer is none to this kind of question.
func fits(q labs.Question, text string) error {
	const most = 4000
	switch {
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("%s: the answer is empty", q.ID)
	case len(text) > most:
		return fmt.Errorf("%s: the answer has %d bytes, and at most %d are kept", q.ID, len(text), most)
	case q.Kind == "number":
		if _, err := grading.ParseNumber(text); err != nil {
			return fmt.Errorf("%s: %w", q.ID, err)
		}
	case q.Kind == "choice" && !slices.Contains(q.Choices, grading.Choice(text)):
		return fmt.Errorf("%s: %q is none of %s", q.ID, text, strings.Join(q.Choices, ", "))
	}
	return nil
}
