package machine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An Observation is all that is known when a machine is judged. The zero
// value of a field is what was not looked at.
type Observation struct {
	Facts  Facts
	Start  Snapshot
	During *Change // while something was measured, if that was looked at
	Timing *Timing // if it was measured
	Given  *Given  // what a canary was given just now
}

// A Mark says what a finding means.
type Mark string

const (
	Good   Mark = "good"
	Note   Mark = "note"    // worth knowing, costs nothing
	Bad    Mark = "bad"     // costs grades
	Untold Mark = "unknown" // could not be found out, costs nothing
)

// A Finding is what one check found.
type Finding struct {
	Name     string // of the check: "governor"
	Mark     Mark
	Found    string   // what there is, or why it is unknown
	Short    string   // the same in a few words, for one line; "" if the name and Found would do
	Why      string   // why it matters for scaling
	Help     string   // what would help, in words; "" if nothing is wrong
	Commands []string // that would help: to be printed, never run
	Cost     int      // grades, from 0
}

// A Verdict is a grade and what it was made from.
type Verdict struct {
	Grade    string    // A to F: A less a letter for every grade that the findings cost, at worst F
	Findings []Finding // in the order of [Checks], without those that were not looked at
	line     string
}

// Judge grades a machine by all of [Checks].
func Judge(o Observation) Verdict {
	var v Verdict
	cost := 0
	for _, c := range Checks {
		f, ok := c.look(o)
		if !ok {
			continue
		}
		f.Name = c.Name
		f.Why = c.Why
		if f.Cost > 0 {
			f.Mark = Bad
		}
		if f.Mark == Good || f.Mark == Untold {
			f.Help, f.Commands = "", nil
		}
		cost += f.Cost
		v.Findings = append(v.Findings, f)
	}
	const grades = "ABCDEF"
	v.Grade = string(grades[min(cost, len(grades)-1)])
	v.line = v.oneLine(o)
	return v
}

// String is the verdict in one line:
//
//	environment C: 2 of 2 CPUs in a VM, steal 0.4 %
func (v Verdict) String() string { return v.line }

func (v Verdict) oneLine(o Observation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "environment %s: %d", v.Grade, o.Facts.Allowed)
	if o.Facts.Online > 0 {
		fmt.Fprintf(&b, " of %d", o.Facts.Online)
	}
	b.WriteString(" CPUs")
	if inside(o.Facts.Container) {
		b.WriteString(" in a container")
	}
	if inside(o.Facts.VM) {
		b.WriteString(" in a VM")
	}
	var worst []Finding
	for _, f := range v.Findings {
		if f.Short != "" && (f.Cost > 0 || f.Name == "given" || f.Name == "steal" && inside(o.Facts.VM)) {
			worst = append(worst, f)
		}
	}
	slices.SortStableFunc(worst, func(a, b Finding) int { return b.Cost - a.Cost })
	const most = 4
	for i, f := range worst {
		if i == most {
			b.WriteString(", and " + strconv.Itoa(len(worst)-most) + " more")
			break
		}
		b.WriteString(", " + f.Short)
	}
	return b.String()
}

// inside says whether a kind of virtual machine or container is one.
func inside(kind string) bool { return kind != "" && kind != "none" }

// unknown is the finding of a check whose fact is in the list of unknowns.
func unknown(list []Unknown, name string) (Finding, bool) {
	for _, u := range list {
		if u.Name == name {
			return Finding{Mark: Untold, Found: u.Why}, true
		}
	}
	return Finding{}, false
}
