package grading

import (
	"flag"
	"path/filepath"
	"testing"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

var realRuns = flag.String("runs", "", "TestRealRuns reads the submissions of this folder")

// Honest runs, measured and not simulated, are not taken for anything else. Solve the labs
// with amdahl lab, collect the files, and run: go test ./cmd/grading -run RealRuns -v -runs DIR
func TestRealRuns(t *testing.T) {
	if *realRuns == "" {
		t.Skip("no submissions of honest students are named: -runs DIR")
	}
	files, err := filepath.Glob(filepath.Join(*realRuns, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no submissions: %v", *realRuns, err)
	}
	type counts struct{ runs, broken, unknown, notes, open int }
	seen := map[string]*counts{}
	for _, file := range files {
		s, err := grade.ReadSubmission(file)
		if err != nil {
			t.Fatal(err)
		}
		if seen[s.Lab] == nil {
			seen[s.Lab] = &counts{}
		}
		c := seen[s.Lab]
		c.runs++
		r, err := checkRun(open(t, s.Lab), s)
		switch {
		case err != nil:
			t.Errorf("%s: %v", file, err)
		case r.broken != "" || s.Seal.Check(s.Lab, s.Student) != nil:
			c.broken++
			t.Errorf("%s is taken for a forged one: %s", file, r.broken)
		case r.unknown != "":
			c.unknown++
			t.Errorf("%s lies below what its work allows: %s", file, r.unknown)
		default:
			s.Answers = answersOf(t, s, s.Lab)
			undecided := false
			for _, q := range judged(t, s).Questions {
				undecided = undecided || q.Unknown
				if !q.Unknown && !q.Passed && !askedFor(t, s.Lab, q.ID, "pool-size") { // its answer differs from run to run
					t.Errorf("%s: the right answer to %s is taken for a wrong one: %s", file, q.ID, q.Text)
				}
			}
			if undecided {
				c.open++
			}
			c.notes += len(r.notes)
			for _, n := range r.notes {
				t.Errorf("%s has a note: %s", file, n)
			}
		}
	}
	for _, name := range labs.Names {
		if c := seen[name]; c != nil {
			t.Logf("%s: %d runs, %d taken for forged, %d below what the work allows, %d notes; of %d a question is not decided (measure again)", name, c.runs, c.broken, c.unknown, c.notes, c.open)
		}
	}
}

// askedFor reports whether a question has this judge.
func askedFor(t *testing.T, lab, id, judge string) bool {
	for _, q := range open(t, lab).Questions {
		if q.ID == id {
			return q.Judge == judge
		}
	}
	return false
}
