package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"amdahl/results/where"
	"amdahl/results/words"
)

// Where prints which functions do not scale: for every series what is lost at its highest
// level, a table of the guilty places, and how the last column was worked out.
func Where(w io.Writer, all []*where.Answer, o Options) error {
	p := newPrinter(w, o)
	for i, a := range all {
		if i > 0 {
			p.line("")
		}
		p.line(p.style(bold, words.Clean(a.Series)))
		p.hanging("", lossText(a))
		if len(a.Places) == 0 {
			continue
		}
		p.line("")
		p.table(whereRows(a))
		p.line("")
		p.hanging("", whereMethod(a))
	}
	return p.flush()
}

// lossText says what is lost, and how much of that the places explain.
func lossText(a *where.Answer) string {
	text := fmt.Sprintf("At %s the speedup is %s", words.Workers(a.N), words.Number(a.Speedup))
	switch {
	case a.Loss <= 0:
		return text + ": nothing is lost."
	case !a.Sure:
		return text + fmt.Sprintf(", and %s of worker time are lost of %s, which is within the spread of the measured times: no line is named.",
			words.EvenSeconds(a.Loss), words.EvenSeconds(a.Paid))
	case len(a.Places) == 0:
		return text + fmt.Sprintf(", and %s of worker time are lost of %s. No line is guilty of %s of the worker time or more.",
			words.EvenSeconds(a.Loss), words.EvenSeconds(a.Paid), words.Share(where.LeastCost))
	}
	return text + fmt.Sprintf(", and %s of worker time are lost of %s. The places below explain %s of that.",
		words.EvenSeconds(a.Loss), words.EvenSeconds(a.Paid), words.Share(min(a.Known, 1)))
}

// whereMethod says how the speedups without a place were worked out.
func whereMethod(a *where.Answer) string {
	reason := "two levels support no law"
	if len(a.Levels) > 1 {
		reason = "no law that holds can be fitted to these levels"
	}
	by := "goes by the measured speedup, as Karp and Flatt's serial fraction of " + words.Workers(a.N) + ", because " + reason
	if a.Law != "" {
		by = fmt.Sprintf("is that by the chosen law (%s), fitted to the times of all levels without what the place costs there", a.Law)
	}
	kind := "traced"
	if a.Sampled {
		kind = "profiled"
	}
	text := fmt.Sprintf("The intervals have the spread of %d %s rounds, %s, and of the times of the rounds without %s, with 95 %% confidence. The speedup without a place %s.", a.Rounds, kind, traceCost(a.Cost), map[bool]string{false: "a trace", true: "profiles"}[a.Sampled], by)
	if limit := a.Limit(); limit < a.N {
		text += fmt.Sprintf(" While one goroutine runs alone for %s of an operation, no other place can bring more than %s.", words.EvenSeconds(a.Span), words.Number(limit))
	}
	return text
}

// whereRows are the lines of the table.
func whereRows(a *where.Answer) [][]string {
	var levels []string
	for _, n := range a.Levels {
		levels = append(levels, words.Exact(n))
	}
	rows := [][]string{{"share of the loss", "cause", "function", "line", "costs at " + strings.Join(levels, ", "), "speedup without"}}
	for _, p := range a.Places {
		share := words.Share(p.Share.Value)
		if i := p.Share.Interval; i != nil {
			share += " [" + words.Share(i.Low) + ", " + words.Share(i.High) + "]"
		}
		var costs []string
		for _, c := range p.Growth {
			costs = append(costs, words.EvenSeconds(max(c.Cost.Value, 0)))
		}
		rows = append(rows, []string{
			share, p.Cause.Title, words.Clean(p.Function), words.Clean(filepath.Base(p.File)) + ":" + strconv.Itoa(p.Line),
			strings.Join(costs, ", "), words.Number(p.Without),
		})
	}
	return rows
}

// whereVersion is the version of the JSON of places.
const whereVersion = 1

type (
	whereDocument struct {
		Version int           `json:"version"`
		Places  []jsonPlace   `json:"places"` // of all series, the largest share of each first
		Series  []jsonWhereOf `json:"series"`
	}
	jsonPlace struct {
		Function string      `json:"function"`
		File     string      `json:"file"`
		Line     int         `json:"line"`
		Cause    string      `json:"cause"`
		Share    jsonShareOf `json:"share"` // of the loss
		Without  float64     `json:"speedup_without"`
		Series   string      `json:"series"`
		Cost     float64     `json:"cost"` // worker time of a task at the highest level, seconds
		Path     []string    `json:"path"` // of calls, the outermost first
		Levels   []jsonCost  `json:"levels"`
	}
	jsonCost struct {
		N    float64 `json:"n"`
		Cost float64 `json:"cost"` // worker time of a task there, seconds
		Low  float64 `json:"low"`
		High float64 `json:"high"`
	}
	jsonShareOf struct {
		Value float64 `json:"value"`
		Low   float64 `json:"low"`
		High  float64 `json:"high"`
	}
	jsonWhereOf struct {
		Series  string  `json:"series"`
		N       float64 `json:"n"` // the highest level
		Rounds  int     `json:"rounds"`
		Speedup float64 `json:"speedup"`
		Law     string  `json:"law"`  // "" where the measured speedup was used
		Paid    float64 `json:"paid"` // seconds per task
		Loss    float64 `json:"loss"`
		Known   float64 `json:"known"`      // share of the loss that the places explain
		Limit   float64 `json:"limit"`      // of the speedup, by work and span, unless serial work goes
		Sure    bool    `json:"sure"`       // the whole interval of the loss is above 0
		Cost    float64 `json:"trace_cost"` // by how much tracing slowed it down at the worst level, a share
	}
)

// WhereJSON prints the same as data: version 1, and an empty list where nothing is guilty.
func WhereJSON(w io.Writer, all []*where.Answer) error {
	d := whereDocument{Version: whereVersion, Places: []jsonPlace{}, Series: []jsonWhereOf{}}
	for _, a := range all {
		d.Series = append(d.Series, jsonWhereOf{a.Series, a.N, a.Rounds, a.Speedup, a.Law, a.Paid, a.Loss, a.Known, a.Limit(), a.Sure, a.Cost})
		for _, p := range a.Places {
			share := jsonShareOf{p.Share.Value, p.Share.Value, p.Share.Value}
			if i := p.Share.Interval; i != nil {
				share.Low, share.High = i.Low, i.High
			}
			levels := []jsonCost{}
			for _, c := range p.Growth {
				levels = append(levels, jsonCost{c.N, c.Cost.Value, c.Cost.Interval.Low, c.Cost.Interval.High})
			}
			d.Places = append(d.Places, jsonPlace{
				Function: p.Function, File: p.File, Line: p.Line, Cause: string(p.Cause.Name), Share: share, Without: p.Without,
				Series: a.Series, Cost: p.Cost, Path: p.Path, Levels: levels,
			})
		}
	}
	return encode(w, d)
}
