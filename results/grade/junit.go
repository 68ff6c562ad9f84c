package grade

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// JUnit is the XML of test reports that GitLab, Jenkins and reporters on GitHub read.
// It has no points: every text begins with them. What cannot tell is skipped, which
// counts neither as passed nor as failed.
var JUnit = Format{
	Name: "junit",
	Doc:  "JUnit XML for GitLab, Jenkins and reporters",
	File: "junit.xml",
	Make: func(r *Result, o Options) (Output, error) {
		suite := junitSuite{Name: oneLine(r.Lab)}
		for _, q := range r.Questions {
			c := junitCase{Class: oneLine(r.Lab), Name: oneLine(q.ID + " " + q.Name), File: oneLine(q.File), Line: q.Line}
			text := fmt.Sprintf("[%d/%d] %s", q.Points, q.Max, clean(q.Text))
			switch {
			case q.Unknown || r.State != Graded:
				c.Skipped = &junitText{Message: oneLine("not gradable: " + q.Text), Text: clean("not gradable: " + q.Text)}
				suite.Skipped++
			case !q.Passed:
				c.Failure = &junitText{Message: oneLine(text), Text: text}
				suite.Failures++
			}
			suite.Cases = append(suite.Cases, c)
		}
		if len(r.Questions) == 0 || r.State == GraderError {
			c := junitCase{Class: oneLine(r.Lab), Name: "grading"}
			text := &junitText{Message: oneLine(r.message()), Text: r.message()}
			if r.State == GraderError {
				c.Error = text
				suite.Errors++
			} else {
				c.Skipped = text
				suite.Skipped++
			}
			suite.Cases = append(suite.Cases, c)
		}
		suite.Tests = len(suite.Cases)
		out := Output{Status: status(r, o.FailUnder)}
		if r.Figure != nil && o.File != "" {
			out.Beside = map[string][]byte{"figure.svg": r.Figure.SVG()}
			suite.Cases[0].Out = "[[ATTACHMENT|figure.svg]]"
		}
		text, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{suite}}, "", " ")
		var b bytes.Buffer
		b.WriteString(xml.Header)
		b.Write(text)
		b.WriteByte('\n')
		out.Main = b.Bytes()
		return out, err
	},
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr,omitempty"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	File    string     `xml:"file,attr,omitempty"`
	Line    int        `xml:"line,attr,omitempty"`
	Failure *junitText `xml:"failure,omitempty"`
	Error   *junitText `xml:"error,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
	Out     string     `xml:"system-out,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}
