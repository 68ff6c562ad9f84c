// Package grade is what a submission to a lab is worth, and how the platforms that
// collect submissions are told.
//
// A [Result] is plain data: points for each question, sentences for the student, notes
// for the lecturer. A [Format] writes it as one platform wants it; [Formats] lists
// them, one file each. A [Submission] is the one file that a student hands in, with
// the chain of sealed predictions in it ([Seal]). The package grades nothing itself and
// runs nothing.
package grade

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A State says whether the points of a result count.
type State string

const (
	Graded      State = "graded"
	NotGradable State = "not_gradable" // the data cannot tell, or the submission cannot be read: no attempt should be lost
	GraderError State = "grader_error" // the grader itself failed
)

// A Question is one row of a result: a test or a question of the lab.
type Question struct {
	ID     string
	Name   string
	Points int // 0 to Max
	Max    int
	// Passed is true if the row has all its points. A row with Unknown was not
	// decided: the data cannot tell, and its points are neither given nor lost where the
	// platform can say so.
	Passed, Unknown bool
	Hidden          bool   // the test is not one that the student has
	Text            string // sentences for the student
	File            string // the student's file and line that the text is about, "" if none
	Line            int
}

// A Result is what a submission is worth.
type Result struct {
	State     State
	Lab       string // the name of the lab
	Title     string
	Student   string
	Message   string // one paragraph for the student
	Questions []Question
	Notes     []string // findings for the lecturer, which take no points
	Log       []string // of the grading itself, such as a slow build: it may differ from one grading to the next, and no format writes it
	Figure    *Figure  // the student's own data; nil if there are none
	Seconds   float64  // what grading took; 0 is not written
}

// Score is the sum of the points, and of what could be had.
func (r *Result) Score() (points, most int) {
	for _, q := range r.Questions {
		points, most = points+q.Points, most+q.Max
	}
	return points, most
}

// Percent is the score of 100, 0 where nothing could be had.
func (r *Result) Percent() float64 {
	points, most := r.Score()
	if most == 0 {
		return 0
	}
	return 100 * float64(points) / float64(most)
}

// Started is the result to write before a student's code runs: if the grader is
// killed, this is what the platform finds.
func Started(lab, title string) *Result {
	return &Result{State: NotGradable, Lab: lab, Title: title, Message: "Grading began and did not end: hand in again, and tell your lecturer if it happens twice."}
}

// mostText is how many bytes of one text reach a platform.
const mostText = 10_000

// clean makes a text safe for every format: valid UTF-8, no control characters but
// line ends and tabs, at most mostText bytes. A text that is cut says so.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == utf8.RuneError || unicode.IsControl(r) || r == 0xfffe || r == 0xffff || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > mostText {
		s = strings.ToValidUTF8(s[:mostText], "") + "\n(the rest of this text was left out)"
	}
	return s
}

// oneLine is a clean text on one line.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// status is one word for a row.
func (q *Question) status() string {
	switch {
	case q.Unknown:
		return "cannot tell"
	case q.Passed:
		return "passed"
	case q.Points > 0:
		return "partly"
	}
	return "failed"
}

// message is what a format says at the top.
func (r *Result) message() string {
	text := r.Message
	if text == "" && r.State == Graded {
		text = "Judged on the code that you handed in and on your own run."
	}
	return clean(text)
}
