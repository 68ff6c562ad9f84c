package report

import (
	"fmt"
	"io"
	"strings"

	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// Comparisons prints what became of each series: before, after, and the
// change with its interval, "~" where the data show none.
func Comparisons(w io.Writer, cs []*laws.Comparison, o Options) error {
	p := newPrinter(w, o)
	names := make([]string, len(cs))
	for i, c := range cs {
		names[i] = c.Series
	}
	common, key, short := groups.Split(groups.ParseAll(names))
	rows := [][]string{{orSeries(key), "", "old", "new", "change", ""}}
	for i, c := range cs {
		for _, ch := range c.Changes {
			rows = append(rows, []string{short[i], label(ch), value(ch, ch.Old), value(ch, ch.New), delta(ch), verdict(ch)})
		}
	}
	p.common(common, len(cs))
	if len(rows) > 1 {
		p.table(rows, 2, 3)
	}
	var whose gathered // a warning that several series share is said once
	for i, c := range cs {
		for _, err := range c.Warnings {
			whose.add(err.Error(), short[i])
		}
	}
	for _, g := range whose {
		p.line("")
		p.hanging("", g.key+": "+strings.Join(g.values, ", "))
	}
	return p.flush()
}

func label(c laws.Change) string {
	switch c.Name {
	case "T1":
		return "T(1)"
	case "sigma":
		return "σ"
	}
	return "speedup @ " + words.Number(c.N)
}

func value(c laws.Change, e laws.Estimate) string {
	if c.Name == "T1" {
		return seconds(e).String()
	}
	return plain(e).String()
}

// delta is the change: in percent for a ratio, else as a difference.
func delta(c laws.Change) string {
	one := func(v float64) string {
		if c.Ratio {
			return fmt.Sprintf("%+.1f %%", 100*(v-1))
		}
		return fmt.Sprintf("%+.3g", v)
	}
	s := one(c.Delta.Value)
	if i := c.Delta.Interval; i != nil {
		s += " [" + one(i.Low) + ", " + one(i.High) + "]"
	}
	return s
}

func verdict(c laws.Change) string {
	switch {
	case c.Delta.Interval == nil:
		return "too few samples to tell"
	case !c.Changed():
		return "~"
	case (c.Delta.Value > c.None()) == (c.Name == "speedup"):
		return "better"
	}
	return "worse"
}

type (
	comparisonsDocument struct {
		Version     int              `json:"version"`
		Comparisons []jsonComparison `json:"comparisons"`
	}
	jsonComparison struct {
		Series   string       `json:"series"`
		Law      *string      `json:"law"`
		Changes  []jsonChange `json:"changes"`
		Warnings []string     `json:"warnings"`
	}
	jsonChange struct {
		Name    string       `json:"name"`
		N       *float64     `json:"n"`
		Ratio   bool         `json:"ratio"` // change is new/old, not new − old
		Old     jsonEstimate `json:"old"`
		New     jsonEstimate `json:"new"`
		Change  jsonEstimate `json:"change"`
		Changed bool         `json:"changed"`
	}
)

// ComparisonsJSON prints the same as data.
func ComparisonsJSON(w io.Writer, cs []*laws.Comparison) error {
	return encode(w, comparisonsDocument{Version, each(cs, newComparison)})
}

func newComparison(c *laws.Comparison) jsonComparison {
	j := jsonComparison{Series: c.Series, Changes: each(c.Changes, newChange), Warnings: each(c.Warnings, error.Error)}
	if c.Law != nil {
		j.Law = &c.Law.Name
	}
	return j
}

func newChange(c laws.Change) jsonChange {
	return jsonChange{c.Name, orNull(c.N), c.Ratio, newEstimate(c.Old), newEstimate(c.New), newEstimate(c.Delta), c.Changed()}
}
