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
	if common != "" && len(cs) > 1 {
		p.line(p.style(bold, common))
	}
	if len(rows) > 1 {
		if err := p.grid(aligned(rows)); err != nil {
			return err
		}
	}
	// A warning that several series share is said once.
	var order []string
	whose := map[string][]string{}
	for i, c := range cs {
		for _, err := range c.Warnings {
			text := err.Error()
			if whose[text] == nil {
				order = append(order, text)
			}
			whose[text] = append(whose[text], short[i])
		}
	}
	for _, text := range order {
		p.line("")
		p.hanging("", text+": "+strings.Join(whose[text], ", "))
	}
	return flush(p)
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
	d := comparisonsDocument{Version: Version, Comparisons: []jsonComparison{}}
	for _, c := range cs {
		j := jsonComparison{Series: c.Series, Changes: []jsonChange{}, Warnings: []string{}}
		if c.Law != nil {
			j.Law = &c.Law.Name
		}
		for _, ch := range c.Changes {
			jc := jsonChange{Name: ch.Name, Ratio: ch.Ratio, Old: newEstimate(ch.Old), New: newEstimate(ch.New), Change: newEstimate(ch.Delta), Changed: ch.Changed()}
			if ch.N > 0 {
				jc.N = number(ch.N)
			}
			j.Changes = append(j.Changes, jc)
		}
		for _, err := range c.Warnings {
			j.Warnings = append(j.Warnings, err.Error())
		}
		d.Comparisons = append(d.Comparisons, j)
	}
	return encode(w, d)
}
