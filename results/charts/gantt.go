package charts

import (
	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
	"amdahl/results"
	"amdahl/results/why"
	"amdahl/results/words"
	"cmp"
	"fmt"
	"slices"
)

// mostLanes is how many lanes one figure can show and still be read.
const mostLanes = 64

// Gantt makes the figure of one operation: a row for every lane, by process,
// and on it what was done when, in the colours of [Stacks], with a border around
// each task. At most 64 lanes are drawn, the first of them.
//
// Where a lane has slices too short to be seen, its time is cut into columns,
// and each has the colour of what lasted longest there; the caption says how
// long a column is. The legend gives the share of each colour as it was before.
func Gantt(o *contract.Operation, opt GanttOptions) Figure {
	lanes := o.Lanes[:min(len(o.Lanes), mostLanes)]
	g := &bars{end: o.Time, texts: causeTexts()}
	for _, s := range ledger.Slices(o) {
		if s.Lane < len(lanes) {
			g.bars = append(g.bars, stretch{s.Lane, Fill(s.Cause), s.From, s.To})
		}
	}
	if len(g.bars) == 0 {
		return Figure{Title: opt.Title}
	}
	for _, t := range o.ByLane() {
		if t.Lane < len(lanes) {
			g.tasks = append(g.tasks, stretch{row: t.Lane, from: t.From, to: t.To})
		}
	}
	label := g.lanes(lanes)
	p := g.panel(label, "time since the operation began")
	if o.Serial > 0 && o.Serial < o.Time {
		p.Refs = []Ref{{Label: "end of the serial section", Dash: Dotted, Vertical: true, At: g.at(o.Serial)}}
	}
	legend, hidden := g.legend(p.Boxes)
	return Figure{
		Title:    cmp.Or(opt.Title, workOf(results.ParseName(o.Case))+": who did what when"),
		Subtitle: o.Case,
		Panels:   []Panel{p},
		Legend:   legend,
		Caption:  slices.Concat(laneCaption(o, len(lanes)), g.merging(hidden), opt.Notes),
		Height:   g.figureHeight(),
	}
}

// lanes makes a row of each lane, with a space between processes that have
// several. It returns what the rows are.
func (g *bars) lanes(lanes []contract.Lane) (label string) {
	several, processes := false, false
	for i, l := range lanes[1:] {
		several = several || l.Process == lanes[i].Process
		processes = processes || l.Process != lanes[i].Process
	}
	for i, l := range lanes {
		apart := several && i > 0 && l.Process != lanes[i-1].Process
		g.rows = append(g.rows, ganttRow{label: laneName(l, processes, several), apart: apart})
	}
	switch {
	case processes && several:
		return "process and lane"
	case processes:
		return "process"
	}
	return "lane"
}

func laneName(l contract.Lane, processes, lanes bool) string {
	name := "main"
	switch {
	case !processes:
		return fmt.Sprint(l.Number + 1)
	case l.Process > 0:
		name = fmt.Sprint(l.Process)
	}
	if lanes {
		name += fmt.Sprintf(" · %d", l.Number+1)
	}
	return name
}

// causeTexts are what the causes are called in a timeline, where some differ
// from the parts of a stack.
func causeTexts() map[Fill]string {
	texts := map[Fill]string{}
	for _, c := range why.All {
		texts[fillOf(c)] = c.Title
	}
	for c, text := range map[contract.Cause]string{
		contract.Useful:       "compute",
		contract.Serial:       "idle: serial section",
		contract.Dispatch:     "idle: dispatch",
		contract.Imbalance:    "idle: no task left",
		contract.Unattributed: "between two states",
	} {
		texts[Fill(c)] = text
	}
	return texts
}

// laneCaption says how to read the figure and which lanes are missing from it.
func laneCaption(o *contract.Operation, drawn int) []string {
	read := fmt.Sprintf("%s, %s, %s.", words.Count(o.Workers, "worker"), words.Count(len(o.Tasks), "task"), words.Duration(o.Time))
	read += " A lane is a place where one task runs at a time; a border is around each task. The shares are of the time of the lanes. Compute is as long as the clock says: waiting for a processor is in it."
	lines := []string{read}
	if !ledger.Idle(o) {
		lines = append(lines, "More tasks were under way at a time than there are workers, so the gaps of a lane are nobody's.")
	} else if missing := o.Workers - ledger.Working(o); missing > 0 && len(o.Lanes) <= mostLanes {
		lines = append(lines, fmt.Sprintf("%d of the %d workers never had a task and have no lane.", missing, o.Workers))
	}
	if ledger.Idle(o) && ledger.StandIn(o) {
		lines = append(lines, "While the main process runs the serial tasks, it stands for one of the workers: the first of them has no colour then.")
	}
	if len(o.Lanes) > drawn {
		lines = append(lines, fmt.Sprintf("The first %d of %d lanes are drawn.", drawn, len(o.Lanes)))
	}
	return lines
}
