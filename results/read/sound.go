package read

import (
	"cmp"
	"maps"
	"slices"

	"amdahl/bench/contract"
	"amdahl/results"
)

// Which rounds of a curve can be believed is decided by what its samples were
// given, each curve for itself.
//
// Where the lines have run-delay-ns/op, the time that threads were ready and had no
// processor, it judges: samples of a level are joined until they add up to judgedSpan,
// and are spoilt if
//
//	run delay > mostDelay · max(CPU time, wall time − run delay)
//
// and others used a processor meanwhile. Without others the delay is the program's
// own: its threads wait for each other after a wake-up. So work that waits is held to
// what it needs, and is not spoilt by a load that it does not feel. A used up quota
// and time that the hypervisor took are reasons of their own.
//
// Elsewhere the canaries judge: a round is spoilt if the one before or the one after
// it was given less than [results.GivenShare] of the processors that it asked for,
// unless the curve computes so little that it felt nothing.
//
// On a machine with two processors and samples of 300 ms, mostDelay finds 92 % of the
// pairs of samples whose serial fraction is off by more than 0.05, and flags 6 % of the
// others; of flagged pairs beside a load all had others above mostOthers, of those on a
// quiet machine none.
const (
	mostDelay  = 0.08
	mostOthers = 0.05 // of the processors
	judgedSpan = 0.3  // s
	// manyRounds is the share of spoilt rounds from which on the others must not have
	// had others beside them at all: between the bursts of a disk's load the run delay
	// is small, and the times are wrong all the same.
	manyRounds = 1.0 / 3
	// feltFrom is the share of the processors given that work must use to have felt
	// that they were few.
	feltFrom = 0.5
)

// The metrics that judge, in the units of readers.
var (
	unitCPU       = contract.InSeconds(contract.UnitCPU)
	unitDelay     = contract.InSeconds(contract.UnitDelay)
	unitOthers    = contract.InSeconds(contract.UnitOthers)
	unitStolen    = contract.InSeconds(contract.UnitStolen)
	unitThrottled = contract.InSeconds(contract.UnitThrottled)
)

// A canary is one canary of a file, with the number of measurements before it.
type canary struct {
	results.Canary
	file, seen int
}

// A stretch is where the samples of a round stand, by count.
type stretch struct{ first, last int }

// measured notes that the last measurement is of a round, and returns which one
// of the round it is, from 1; 0 without a round.
func (b *builder) measured(file, round int) int {
	if round == 0 {
		return 0
	}
	s := b.when[fileRound{file, round}]
	if s == nil {
		s = &stretch{first: b.count}
		b.when[fileRound{file, round}] = s
	}
	s.last = b.count
	return s.last - s.first + 1
}

// around are the canaries of a round: those while it was measured, the last one
// before it, and the first one after it.
func (b *builder) around(at fileRound) []results.Canary {
	s := b.when[at]
	if s == nil {
		return nil
	}
	var before, within, after []results.Canary
	for _, c := range b.canaries {
		switch {
		case c.file != at.file:
		case c.seen < s.first:
			before = append(before[:0], c.Canary)
		case c.seen < s.last:
			within = append(within, c.Canary)
		case len(after) == 0:
			after = append(after, c.Canary)
		}
	}
	return append(append(before, within...), after...)
}

// gave is what the canaries of a curve's files were given.
func (b *builder) gave(d *draft) *results.Gave {
	var g *results.Gave
	for _, c := range b.canaries {
		n, ok := c.Given()
		if !ok || !slices.ContainsFunc(d.records, func(r located) bool { return r.block.file == c.file }) {
			continue
		}
		if g == nil {
			g = &results.Gave{Threads: c.Threads, First: n, Least: n}
		}
		g.Last, g.Least, g.Threads = n, min(g.Least, n), max(g.Threads, c.Threads)
	}
	return g
}

// An account is what samples took together, in seconds.
type account struct {
	span, cpu, delay, others, stolen, throttled float64
	known                                       bool // cpu and delay are known
	sawOthers                                   bool // others is
	rounds                                      []int
}

func (a *account) add(o account) {
	a.span += o.span
	a.cpu += o.cpu
	a.delay += o.delay
	a.others += o.others
	a.stolen += o.stolen
	a.throttled += o.throttled
	a.rounds = append(a.rounds, o.rounds...)
}

// needs is the processor time that the samples would have taken without delay,
// or the time itself where that is more.
func (a account) needs() float64 { return max(a.cpu, a.span-a.delay) }

// feltStolen is the part of the time that the hypervisor took which hit the samples: it
// takes a processor from whoever runs there, so work that hardly computes beside other
// programs hardly feels it.
func (a account) feltStolen() float64 {
	if all := a.cpu + a.others; a.sawOthers && all > 0 {
		return a.stolen * a.cpu / all
	}
	return a.stolen
}

// beside reports whether others used processors meanwhile.
func (a account) beside(processors float64) bool {
	return a.sawOthers && a.others > mostOthers*processors*a.span
}

// judge says why the samples are spoilt; "" if they are not.
func (a account) judge(processors float64) results.Reason {
	switch most := mostDelay * a.needs(); {
	case a.throttled > most:
		return results.QuotaUsedUp
	case a.stolen > 0 && a.feltStolen() > mostOthers*a.needs():
		return results.HostStole
	case a.delay <= most:
		return ""
	case !a.sawOthers:
		return results.NoProcessor
	case a.beside(processors):
		return results.OtherPrograms
	}
	return ""
}

// accounts are those of the samples of a record, in their order; known is false
// where some sample has none.
func (r *record) accounts() (list []account, known bool) {
	column := func(unit string) []float64 {
		m := r.extra[unit]
		if m == nil || len(m.values) != len(r.samples) {
			return nil
		}
		return m.values
	}
	cpu, delay := column(unitCPU), column(unitDelay)
	others := column(unitOthers)
	sparse := func(unit string) map[int]float64 { // absent is 0
		all := map[int]float64{}
		if m := r.extra[unit]; m != nil {
			for i, at := range m.of {
				all[at] = m.values[i]
			}
		}
		return all
	}
	stolen, throttled := sparse(unitStolen), sparse(unitThrottled)
	known = cpu != nil && delay != nil
	for i, s := range r.samples {
		tasks := r.tasks
		if r.perOp != nil {
			tasks = r.perOp[i]
		}
		a := account{span: r.spans[i], rounds: []int{s.Round}, known: known && r.spans[i] > 0, sawOthers: others != nil}
		ops := 0.0
		if wall := s.Time * tasks; wall > 0 {
			ops = a.span / wall
		}
		if cpu != nil {
			a.cpu = cpu[i] * ops
		}
		if delay != nil {
			a.delay = delay[i] * ops
		}
		if others != nil {
			a.others = others[i] * ops
		}
		a.stolen, a.throttled = stolen[i]*ops, throttled[i]*ops
		known = known && a.known
		list = append(list, a)
	}
	return list, known && len(list) > 0
}

// joined joins accounts of consecutive rounds until each is long enough to be
// judged; what is left at the end joins the last.
func joined(list []account) []account {
	slices.SortStableFunc(list, func(a, b account) int { return cmp.Compare(a.rounds[0], b.rounds[0]) })
	var all []account
	open := false
	for _, a := range list {
		if !open {
			all = append(all, account{known: true, sawOthers: a.sawOthers})
		}
		last := &all[len(all)-1]
		last.add(a)
		open = last.span < judgedSpan
	}
	if n := len(all); open && n > 1 {
		all[n-2].add(all[n-1])
		all = all[:n-1]
	}
	return all
}

// judgeFile finds the spoilt rounds of one file for a curve: by its own records
// there.
func (b *builder) judgeFile(file int, records []located) map[int]results.Reason {
	processors := 1.0
	if m := records[0].at(); m.Quota > 0 {
		processors = m.Quota
	} else if m.Logical > 0 {
		processors = float64(m.Logical)
	}
	spoilt := map[int]results.Reason{}
	rounds := map[int]bool{}
	need := map[int]float64{} // processors that the most demanding level used, by round; -1 if unknown
	var judged []account
	all := true
	for _, r := range records {
		list, known := r.accounts()
		all = all && known
		for _, a := range list {
			rounds[a.rounds[0]] = true
			n := -1.0
			if r.extra[unitCPU] != nil && a.span > 0 {
				n = a.cpu / a.span
			}
			if old, ok := need[a.rounds[0]]; !ok || old >= 0 && (n < 0 || n > old) {
				need[a.rounds[0]] = n
			}
		}
		judged = append(judged, joined(list)...)
	}
	if !all {
		return b.judgeByCanaries(file, need)
	}
	for _, a := range judged {
		if why := a.judge(processors); why != "" {
			for _, round := range a.rounds {
				spoilt[round] = why
			}
		}
	}
	if float64(len(spoilt)) > manyRounds*float64(len(rounds)) {
		for _, a := range judged {
			if a.beside(processors) {
				for _, round := range a.rounds {
					if spoilt[round] == "" {
						spoilt[round] = results.OtherPrograms
					}
				}
			}
		}
	}
	return spoilt
}

// judgeByCanaries finds the spoilt rounds of a file by its canaries.
func (b *builder) judgeByCanaries(file int, need map[int]float64) map[int]results.Reason {
	spoilt := map[int]results.Reason{}
	for round, used := range need {
		for _, c := range b.around(fileRound{file, round}) {
			n, ok := c.Given()
			if ok && n < results.GivenShare*float64(c.Threads) && (used < 0 || used > feltFrom*n) {
				spoilt[round] = results.NoProcessor
			}
		}
	}
	return spoilt
}

// reasons are the spoilt rounds of a file for a curve: those that the file names,
// and those that do not hold what a round needs.
func (b *builder) reasons(file int, records []located) map[int]results.Reason {
	spoilt := map[int]results.Reason{}
	inRounds := func(s results.Sample) bool { return s.Round > 0 }
	if slices.ContainsFunc(records, func(r located) bool { return slices.ContainsFunc(r.samples, inRounds) }) {
		maps.Copy(spoilt, b.judgeFile(file, records))
	}
	delete(spoilt, 0)
	for _, r := range records {
		for round := range r.spoilt {
			if spoilt[round] == "" {
				spoilt[round] = results.SlowerCores
			}
		}
	}
	return spoilt
}
