package report

import (
	"slices"

	"amdahl/results/laws"
	"amdahl/results/report/page"
)

// terms say what the words on a page mean, and the causes and laws that it speaks of.
func terms(as []*laws.Analysis) []page.Term {
	all := slices.Clone(commonTerms)
	for _, c := range causesOf(as) {
		all = append(all, page.Term{Name: c.Title, Doc: c.Doc + ".", Source: "A part of the worker time; " + string(c.Name) + "-ns/op."})
	}
	for _, l := range laws.All {
		if slices.ContainsFunc(as, func(a *laws.Analysis) bool { return a != nil && a.Chosen != nil && a.Chosen.Law == l }) {
			all = append(all, page.Term{Name: l.Name, Doc: l.Title + ": " + l.Doc + ".", Formula: l.Formula, Source: l.Source})
		}
	}
	return all
}

// commonTerms are the words that every page has.
var commonTerms = []page.Term{
	{Name: "T(1)", Doc: "The time of one task with one worker, in seconds. Where a law was chosen it is fitted from all levels, else it is the measured median."},
	{Name: "speedup", Doc: "T(1)/T(n): how many times as fast n workers are. In the tables it is the measured one, at the largest n. Scaled speedup is the same where the work grows with the workers."},
	{Name: "efficiency", Doc: "Speedup divided by workers: the share of the workers that does useful work."},
	{Name: "σ", Doc: "The serial fraction: the share of the one-worker time in which only one worker can work. 0 is perfect; 1 means that workers do not help. For work that grows with the workers it is Gustafson's s: the share of the time on n workers."},
	{Name: "1/σ", Doc: "The speedup that no number of workers exceeds, under “max”. “≥” means that the ceiling is at least this, and that the data do not say how much higher."},
	{Name: "κ", Doc: "An overhead: what each further worker (by the log law each doubling of the workers) adds to the time of a task, as a share of T(1), because the workers share data or wait for one another. With κ above 0 there is a peak, and more workers than that are slower. “< x” means that none was seen; x would have been."},
	{Name: "peak", Doc: "The best speedup and the number of workers that gives it. A peak is flat, so it is a range where one is known."},
	{Name: "use", Doc: "The fewest workers that give 95 % of the best speedup inside the measured range."},
	{Name: "Karp–Flatt", Doc: "The serial fraction worked out from one level alone, (1/S − 1/n)/(1 − 1/n). If it stays the same as n grows, the work is partly serial, as Amdahl says; if it rises, there is overhead that grows; if it falls or is negative, more workers bring something of their own, such as cache, or T(1) is wrong."},
	{Name: "error", Doc: "How far the law typically is from a measured time."},
}
