package report

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchunit"

	"amdahl/results/laws"
	"amdahl/results/why"
	"amdahl/results/words"
)

// ErrNoAccount says that no series tells where its worker time went.
var ErrNoAccount = errors.New("no line tells where the worker time went, in metrics such as paid-ns/op and serial-ns/op: " +
	"measure with go test -bench . -why in package bench, or with amdahl run --why for any Go package")

// Stacks prints where the worker time of each series went: a table of the
// levels with what was paid and the share of each cause, then sentences. A
// series that does not tell is left out; if none does, the error is
// [ErrNoAccount]. A table that is too wide is continued below.
func Stacks(w io.Writer, as []*laws.Analysis, o Options) error {
	p := newPrinter(w, o)
	some := false
	for _, a := range as {
		s := stackOf(a)
		if s == nil {
			continue
		}
		if some {
			p.line("")
		}
		some = true
		p.line(p.style(bold, words.Clean(s.Series)))
		if len(s.Levels) > 0 {
			for _, rows := range split(s.rows(a.Curve.X), p.o.Width) {
				p.grid(rows)
			}
			p.line("")
		}
		if rows := s.efficiency(a.Curve.X); rows != nil {
			for _, table := range split(rows, p.o.Width) {
				p.grid(table)
			}
			p.line("")
		}
		for _, t := range s.Sentences() {
			p.hanging("", words.Clean(t))
		}
		if s.CannotTell != "" {
			p.hanging("", "Where the time went cannot be told: "+words.Clean(s.CannotTell)+".")
		}
		if s.Traced && len(s.Levels) > 0 {
			by := "execution traces and CPU profiles"
			if s.Sampled {
				by = "CPU, mutex and block profiles"
			}
			p.hanging("", "By "+by+" of rounds of their own, "+traceCost(s.TraceCost)+". "+inflationBy(s.Stack))
		}
		if s.nothing != "" {
			p.hanging("", s.nothing)
		}
		for _, warning := range s.Warnings {
			p.hanging("warning: ", words.Clean(warning.Error()))
		}
	}
	if !some {
		return ErrNoAccount
	}
	return p.flush()
}

// A stack is one that can be printed.
type stack struct {
	*why.Stack
	causes  []*why.Cause     // those with a share that can be printed
	nothing string           // names the others that were measured; "" if there are none
	unit    benchunit.Scaler // of paid
}

// stackOf is the stack of an analysis; nil if there is none.
func stackOf(a *laws.Analysis) *stack {
	if a == nil || a.Curve == nil {
		return nil
	}
	s := a.Account
	if s == nil {
		return nil
	}
	out := &stack{Stack: s, unit: words.TimeUnit(1)}
	some, less := s.Causes()
	out.causes = some
	var names []string
	for _, c := range less {
		names = append(names, c.Title)
	}
	if len(names) > 0 {
		out.nothing = "Measured and below 0.05 % everywhere: " + strings.Join(names, ", ") + "."
	}
	if len(s.Levels) > 0 {
		out.unit = words.TimeUnit(s.Levels[0].Paid)
	}
	return out
}

// head is the name of the row of what was paid.
func (s *stack) head() string {
	if s.PerOp {
		return "paid per operation, " + s.unit.Prefix + "s"
	}
	return "paid per task, " + s.unit.Prefix + "s"
}

// rows are the lines of the table: the levels, what was paid, the shares.
func (s *stack) rows(x string) [][]string {
	if x == "" {
		x = "workers"
	}
	rows := [][]string{{words.Clean(x)}, {s.head()}}
	for _, c := range s.causes {
		rows = append(rows, []string{c.Title})
	}
	rows = append(rows, []string{"lost"})
	for _, l := range s.Levels {
		rows[0] = append(rows[0], words.Number(l.Workers))
		rows[1] = append(rows[1], words.Even(l.Paid/s.unit.Factor))
		for i, c := range s.causes {
			text := words.None
			if share, ok := l.Share(c); ok {
				text = words.Share(share)
			}
			rows[2+i] = append(rows[2+i], text)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], words.Share(l.Lost()))
	}
	return rows
}

// split are the rows with their cells padded, in as many tables as the width needs.
func split(rows [][]string, columns int) [][][]string {
	name, cell := 0, 0
	for _, r := range rows {
		name = max(name, words.Width(r[0]))
		for _, c := range r[1:] {
			cell = max(cell, words.Width(c))
		}
	}
	most := max(2, (columns-name)/(between+cell))
	var out [][][]string
	for lo := 1; lo < len(rows[0]); lo += most {
		hi := min(lo+most, len(rows[0]))
		var table [][]string
		for _, r := range rows {
			line := []string{words.Pad(r[0], name)}
			for _, c := range r[lo:hi] {
				line = append(line, strings.Repeat(" ", between)+words.PadLeft(c, cell))
			}
			table = append(table, line)
		}
		out = append(out, table)
	}
	return out
}

type (
	stacksDocument struct {
		Version int         `json:"version"`
		Stacks  []jsonStack `json:"stacks"`
	}
	jsonStack struct {
		Series    string      `json:"series"`
		X         string      `json:"x"`
		Per       string      `json:"per"` // "task" or "operation"
		Levels    []jsonShare `json:"levels"`
		Sentences []string    `json:"sentences"`
		Warnings  []string    `json:"warnings"`

		Efficiency []jsonEfficiency `json:"efficiency"`           // empty without a level at one worker
		TraceCost  *float64         `json:"trace_cost,omitempty"` // by how much tracing slowed it down, a share
		Sampled    bool             `json:"sampled,omitempty"`    // by profiles, because tracing costs too much; trace_cost is theirs
		Counted    bool             `json:"counted,omitempty"`    // inflation was measured by hardware counters
		CannotTell string           `json:"cannot_tell,omitempty"`
	}
	jsonEfficiency struct {
		N          float64            `json:"n"`
		Efficiency float64            `json:"efficiency"` // T(1)/(n·T(n)): the product of the factors
		Factors    map[string]float64 `json:"factors"`
		Speedup    float64            `json:"speedup"`
		Lost       map[string]float64 `json:"lost"` // workers, by factor: with the speedup they add up to n
	}
	jsonShare struct {
		N       float64            `json:"n"`
		Samples int                `json:"samples"`
		Paid    float64            `json:"paid"`             // seconds
		Lost    float64            `json:"lost"`             // share
		Shares  map[string]float64 `json:"shares"`           // by the names of causes
		Longer  float64            `json:"longer,omitempty"` // how many times as long the same instructions take, by hardware counters
	}
)

// shares are the shares of the parts of a level, by the names of their causes.
func shares(l why.Level) map[string]float64 {
	all := map[string]float64{}
	for _, p := range l.Parts {
		all[string(p.Name)] = p.Share
	}
	return all
}

// newStacks are the stacks of the analyses that have one.
func newStacks(as []*laws.Analysis) []jsonStack {
	all := []jsonStack{}
	for _, a := range as {
		s := stackOf(a)
		if s == nil {
			continue
		}
		j := jsonStack{
			Series: s.Series, X: a.Curve.X, Per: "task", Sentences: append([]string{}, s.Sentences()...), Warnings: each(s.Warnings, error.Error),
			Levels: each(s.Levels, func(l why.Level) jsonShare {
				return jsonShare{l.Workers, l.Samples, l.Paid, l.Lost(), shares(l), l.Longer}
			}),
		}
		if s.PerOp {
			j.Per = "operation"
		}
		if s.Traced {
			j.TraceCost, j.Sampled = &s.TraceCost, s.Sampled
		}
		j.CannotTell, j.Counted = s.CannotTell, s.Counted
		j.Efficiency = newEfficiencies(s.Stack)
		all = append(all, j)
	}
	return all
}

// StacksJSON prints the same as data.
func StacksJSON(w io.Writer, as []*laws.Analysis) error {
	d := stacksDocument{Version: Version, Stacks: newStacks(as)}
	if len(d.Stacks) == 0 {
		return ErrNoAccount
	}
	return encode(w, d)
}

// inflationBy says what inflation was measured by.
func inflationBy(s *why.Stack) string {
	if !s.Counted {
		return "Inflation is what CPU samples and the time of running goroutines grew: these results have no hardware counters, which would tell slower instructions from more of them."
	}
	l := s.Levels[0] // the largest one that was counted
	for _, more := range s.Levels {
		if more.Longer > 0 {
			l = more
		}
	}
	return fmt.Sprintf("Inflation is by hardware counters, too: at %s the same instructions take %s times as long.", words.Workers(l.Workers), words.Number(l.Longer))
}
