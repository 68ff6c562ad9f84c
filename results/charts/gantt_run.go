package charts

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"amdahl/bench/contract"
	"amdahl/results/trace"
	"amdahl/results/words"
)

// RunRows says what the rows of the figure of a run are.
type RunRows string

const (
	ByProcessor RunRows = "processor"
	ByGoroutine RunRows = "goroutine"
)

// mostGoroutines is how many goroutines have a row with a name that can be read.
const mostGoroutines = 32

// runFills are the colours of what goroutines do: those of the causes that are
// next to them in meaning.
var runFills = map[trace.Activity]Fill{
	trace.Running:    Fill(contract.Useful),
	trace.Collecting: Fill(contract.GC),
	trace.Syscall:    syscallFill,
	trace.Runnable:   Fill(contract.Runnable),
	trace.Blocked:    Fill(contract.Lock),
	trace.Signal:     Fill(contract.Dispatch),
	trace.Outside:    Fill(contract.IO),
	trace.Waiting:    Fill(contract.Imbalance),
}

// runTexts are what the legend says of them.
var runTexts = map[trace.Activity]string{
	trace.Running:    "running Go code",
	trace.Collecting: "garbage collection",
	trace.Syscall:    "in a system call",
	trace.Runnable:   "runnable: waiting for a processor",
	trace.Blocked:    "waiting for a lock",
	trace.Signal:     "waiting at a channel or WaitGroup",
	trace.Outside:    "waiting for a timer or the network",
	trace.Waiting:    "waiting for something else",
}

// GanttRun makes the figure of one run of a Go program: a row for every
// processor of Go and what ran on it, at most 64, or for every goroutine and what
// it did, the 32 that ran or could have run longest. Times too short to be seen
// are merged as by [Gantt].
func GanttRun(r *trace.Run, rows RunRows, opt GanttOptions) Figure {
	g := &bars{end: r.Time, texts: map[Fill]string{}}
	for a, f := range runFills {
		g.texts[f] = runTexts[a]
	}
	drawn, caption := g.rowsOf(r, rows)
	for i, row := range drawn {
		g.rows = append(g.rows, ganttRow{label: rowName(row.Name), aside: row.Name == contract.ThreadCollector})
		for _, s := range row.Spans {
			bar := stretch{i, runFills[s.Activity], s.From, s.To}
			g.bars = append(g.bars, bar)
			if s.Activity == trace.Running {
				g.tasks = append(g.tasks, bar)
			}
		}
	}
	if len(g.bars) == 0 {
		return Figure{Title: opt.Title}
	}
	since := "time since the run began"
	if r.LeftOut > 0 {
		since = "time since the first event that is drawn"
	}
	p := g.panel(string(rows), since)
	legend, hidden := g.legend(p.Boxes)
	if r.Critical != nil && rows == ByGoroutine {
		lines, strips, complete := g.critical(r.Critical, drawn)
		p.Lines, p.Boxes, p.Outlines = lines, append(p.Boxes, strips...), nil
		g.narrow = 0
		if len(lines) > 0 {
			legend = append([]Entry{{Text: "critical path", Fill: SeriesFill, Ink: criticalInk}}, legend...)
		}
		if !complete {
			caption = append(caption, "The critical path is broken where its goroutine has no row here.")
		}
	}
	if r.LeftOut > 0 {
		caption = append(caption, "This is the last part of the run: "+words.Count(r.LeftOut, "change")+" of goroutines' states before it are left out.")
	}
	return Figure{
		Title:   cmp.Or(opt.Title, words.Clean(r.Name)+": what each "+string(rows)+" did"),
		Panels:  []Panel{p},
		Legend:  legend,
		Caption: slices.Concat(caption, g.merging(hidden), opt.Notes),
		Height:  g.figureHeight(),
	}
}

// rowsOf chooses the rows of a run that are drawn, and says how to read them and
// what was left out.
func (g *bars) rowsOf(r *trace.Run, rows RunRows) (drawn []trace.Row, caption []string) {
	all, idle := visible(r)
	procs := all
	if len(procs) > 0 && procs[0].Name == contract.ThreadCollector {
		procs = procs[1:]
	}
	what := fmt.Sprintf("%s of Go, %s, %s.", words.Count(len(procs), "processor"), words.Count(len(r.Goroutines), "goroutine"), words.Duration(r.Time))
	if rows == ByGoroutine {
		drawn, least := busiest(r)
		what += " A row lasts as long as its goroutine. The shares are of the time of the rows."
		caption = []string{what}
		if n := len(r.Goroutines) - len(drawn); n > 0 {
			caption = append(caption, fmt.Sprintf("The %s that ran longest are drawn; the other %d each ran for %s or less, time in system calls and ready to run included.",
				words.Count(len(drawn), "goroutine"), n, words.Duration(least)))
		}
		return drawn, caption
	}
	what += " Where a row has no colour, the processor was idle. The shares are of the processors' time."
	if len(procs) < len(all) {
		what += " The row GC, which is in no share, shows when a collection was under way."
	}
	caption = []string{what}
	drawn = all[:min(len(all), mostLanes)]
	if len(drawn) < len(all) {
		caption = append(caption, fmt.Sprintf("The first %d of %d rows are drawn.", len(drawn), len(all)))
	}
	if len(idle) > 0 {
		caption = append(caption, fmt.Sprintf("Next to nothing ran on %s, without a row here.", words.List(idle)))
	}
	g.total = time.Duration(len(drawn)-len(all)+len(procs)) * r.Time
	return drawn, caption
}

// visible are the rows of processors on which something can be seen, with that of
// the collector, and the others, with how long they ran: a program that sets
// GOMAXPROCS to 1 ran on other processors for some microseconds before. Nothing can
// be seen of less than a column of the figure, nor of less than a hundredth of the
// run in its first quarter. Where nothing can be seen at all, all are visible.
func visible(r *trace.Run) (rows []trace.Row, idle []string) {
	seen := false
	for _, row := range r.Processors {
		var sum, last time.Duration
		for _, s := range row.Spans {
			sum += s.To - s.From
			last = s.To
		}
		if row.Name != contract.ThreadCollector && (sum < r.Time/finest || sum < r.Time/100 && last < r.Time/4) {
			idle = append(idle, row.Name+" ("+words.Duration(sum)+")")
			continue
		}
		seen = seen || row.Name != contract.ThreadCollector
		rows = append(rows, row)
	}
	if !seen {
		return r.Processors, nil
	}
	return rows, idle
}

// busiest is the goroutines that wanted a processor longest, running, in a system
// call, collecting garbage, or ready to run: as many as can have a row, and none
// that could not be seen in it. They are in the order of the run. least is the
// longest of the others.
func busiest(r *trace.Run) (rows []trace.Row, least time.Duration) {
	busy := make([]time.Duration, len(r.Goroutines))
	order := make([]int, len(busy))
	for i, row := range r.Goroutines {
		busy[i] = row.Lasted(trace.Running) + row.Lasted(trace.Collecting) + row.Lasted(trace.Syscall) + row.Lasted(trace.Runnable)
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(busy[b], busy[a]) })
	n := min(len(order), mostGoroutines)
	for n > 1 && busy[order[n-1]] < r.Time/finest {
		n--
	}
	if n < len(order) {
		least = busy[order[n]]
	}
	order = order[:n]
	slices.Sort(order)
	for _, i := range order {
		rows = append(rows, r.Goroutines[i])
	}
	return rows, least
}

// closures end the names of functions that have none of their own.
var closures = regexp.MustCompile(`(\.func\d+|\.gowrap\d+|\.\d+)+$`)

// rowName is the name of a row as short as it can be: "g12 (*Pool).run" for "g12
// example.com/work.(*Pool).run.func1".
func rowName(name string) string {
	if name == contract.ThreadCollector {
		return "GC"
	}
	g, entry, _ := strings.Cut(name, " ")
	entry = entry[strings.LastIndexByte(entry, '/')+1:]
	if _, function, ok := strings.Cut(entry, "."); ok {
		entry = closures.ReplaceAllString(function, "")
	}
	return strings.TrimSpace(g + " " + words.Clean(entry))
}
