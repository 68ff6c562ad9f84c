package grading

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"amdahl/bench/labs"
	"amdahl/results/grade"
	"amdahl/results/stats"
)

// questions grades the answers.
func questions(lab *labs.Lab, s *grade.Submission, r *grade.Result) error {
	sealed := s.Seal.Check(lab.Name, s.Student)
	predictions := s.Seal.Answers()
	run, missing := checkRun(lab, s)
	if sealed != nil && missing == nil {
		run.broken = "Your run follows from your sealed predictions, and their chain is broken."
	}
	if missing == nil {
		r.Figure = run.figure()
		r.Notes = append(r.Notes, run.notes...)
	}
	for _, q := range lab.Questions {
		row := grade.Question{ID: q.ID, Name: q.ID + ": " + short(q.Text), Max: q.Points}
		a := asked{Question: q, lab: lab, run: run, answer: strings.TrimSpace(s.Answers[q.ID])}
		if q.Judge == judgePredicted {
			a.answer = strings.TrimSpace(predictions[q.ID])
		}
		if err := a.grade(&row, sealed, missing); err != nil {
			return err
		}
		r.Questions = append(r.Questions, row)
	}
	return nil
}

// grade fills the row of one question.
func (a *asked) grade(row *grade.Question, sealed, missing error) error {
	if a.answer == "" {
		row.Text = fmt.Sprintf("There is no answer: amdahl lab %s %s=ANSWER", a.Phase, a.ID)
		return nil
	}
	if a.Kind == "number" {
		v, err := ParseNumber(a.answer)
		if err != nil {
			row.Text = err.Error()
			return nil
		}
		a.number = v
	}
	var v verdict
	if a.Judge == judgePredicted {
		if sealed != nil {
			row.Text = strings.TrimPrefix(sealed.Error(), "grade: ")
			return nil
		}
		v = verdict{right: true, text: "You predicted " + a.answer + "."}
	} else {
		j, ok := judges[a.Judge]
		if !ok {
			return fmt.Errorf("grading: %s/lab.toml: question %s: there is no judge %q", a.lab.Name, a.ID, a.Judge)
		}
		switch {
		case j.run && missing != nil:
			row.Text = "It is judged by your run: " + missing.Error() + "."
			return nil
		case j.run && a.run.broken != "":
			row.Text = a.run.broken
			return nil
		case j.run && a.run.unknown != "":
			v = verdict{unknown: true, text: a.run.unknown}
		default:
			var err error
			if v, err = j.say(*a); err != nil {
				return err
			}
		}
	}
	row.Text, row.Passed, row.Unknown = v.text, v.right, v.unknown
	if v.right {
		row.Points = row.Max
	}
	return nil
}

// ParseNumber reads a number as students write it: with a decimal point or comma, and
// with a unit or an x behind.
func ParseNumber(s string) (float64, error) {
	t := strings.TrimRightFunc(strings.ReplaceAll(strings.TrimSpace(s), ",", "."), func(r rune) bool { return unicode.IsLetter(r) || r == ' ' || r == '×' })
	scale := 1.0
	if rest, ok := strings.CutSuffix(t, "%"); ok {
		t, scale = strings.TrimSpace(rest), 0.01
	}
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || !stats.Finite(v) {
		return 0, fmt.Errorf("%.40q is not a number: write it as in 1.9", s)
	}
	return v * scale, nil
}

// short is the beginning of a question, for a row.
func short(s string) string {
	const most = 70
	words := strings.Fields(s)
	out := ""
	for _, w := range words {
		if len(out)+len(w) > most {
			return out + " …"
		}
		out = strings.TrimSpace(out + " " + w)
	}
	return out
}

// Answer grades one question. The error wraps labs.ErrHidden where the right choice
// is not here.
func Answer(lab *labs.Lab, s *grade.Submission, q labs.Question) (grade.Question, error) {
	one := *lab
	one.Questions = []labs.Question{q}
	var r grade.Result
	if err := questions(&one, s, &r); err != nil {
		return grade.Question{}, err
	}
	return r.Questions[0], nil
}
