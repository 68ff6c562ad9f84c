package charts

import (
	"slices"
	"strconv"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/stats"
	"amdahl/results/words"
)

// A network is what is known of one level of a curve of remote workers: medians of an
// operation, in seconds.
type network struct {
	busy   float64 // for which all workers together ran tasks
	ranges float64 // how many ranges of tasks there were
	trip   float64 // round trip of a short message between coordinator and worker
	gap    float64 // least time between two messages
}

// networkOf is that of a level, and false if something is missing.
func networkOf(p results.Point) (m network, ok bool) {
	for _, of := range []struct {
		unit string
		to   *float64
	}{{contract.UnitBusy, &m.busy}, {contract.UnitRanges, &m.ranges}, {contract.UnitRTT, &m.trip}, {contract.UnitGap, &m.gap}} {
		all := p.Extra[contract.InSeconds(of.unit)]
		if len(all) == 0 {
			return m, false
		}
		if *of.to = stats.Median(all); !stats.Positive(*of.to) {
			return m, false
		}
	}
	return m, true
}

// least is the least time of an operation on n workers, of which each may have w ranges
// (0 is any number), behind serial tasks that take s:
//
//	T(n) ≥ s + max( b/n + R,  b/n · (t+R)/(w·t),  k·g + R )
//
// b is the time for which all workers run tasks, k the number of ranges, t = b/k the time
// of one, R the round trip and g the gap between messages. The first range takes half a
// round trip and so does the last answer. A worker with w ranges gets the next one a round
// trip after it has answered one, so that it runs at most w in t + R. The coordinator
// sends no two messages within g.
//
// Source of R and g: the LogGP model, R = 2L + 4o, see package pools/remote.
func (m network) least(n, w, s float64) float64 {
	each, t := m.busy/n, m.busy/m.ranges
	least := max(each, m.ranges*m.gap) + m.trip
	if w > 0 {
		least = max(least, each*(t+m.trip)/(w*t))
	}
	return s + least
}

// A placement says how many workers a level of a curve has, and how many ranges each may
// have.
type placement struct {
	x               string
	workers, window float64 // where they are not the x axis; window 0 is any number
	perNode         float64
	serial          float64 // planted share of the job at one worker
}

// placementOf reads the names of a curve; false if they do not say it.
func placementOf(c *results.Curve) (p placement, ok bool) {
	number := func(key string, other float64) float64 {
		v, err := strconv.ParseFloat(c.Name.Value(key), 64)
		if err != nil || !(v > 0) {
			return other
		}
		return v
	}
	p = placement{x: c.X, workers: number(contract.NameWorkers, 0), window: number(contract.NameWindow, 1), perNode: number(contract.NamePerNode, 1), serial: number(contract.NameSerial, 0)}
	if c.Name.Value(contract.NameWindow) == "" && c.Name.Value(contract.NameQueue) == queueGroup {
		p.window = 0 // all ranges are sent at the start
	}
	return p, p.serial < 1 && (c.X == contract.NameWorkers || c.X == contract.NameNodes || c.X == contract.NameWindow && p.workers > 0)
}

// queueGroup is the value of queue= under which a worker can have any number of ranges.
const queueGroup = "queuegroup"

// at is the number of workers and the window at a level.
func (p placement) at(level float64) (workers, window float64) {
	switch p.x {
	case contract.NameWindow:
		return p.workers, level
	case contract.NameNodes:
		return level * p.perNode, p.window
	}
	return level, p.window
}

// worthDrawing is by how much the network must lengthen an operation at some level for its
// bound to be drawn: a line that is on those of the law says nothing.
const worthDrawing = 1.1

// linkLines adds the bound of the network to curves of remote workers: to the left the
// least time per task, to the right the speedup that it allows. It is called before the
// axes are known.
func (b *builder) linkLines() {
	const short = "bound of the network"
	for i, a := range b.group.Analyses {
		c := a.Curve
		p, ok := placementOf(c)
		if !ok || c.Kind != results.Strong || len(c.Points) < 2 || c.Points[0].Workers != 1 || len(a.Levels) == 0 {
			continue
		}
		var time, speedup []XY
		worth := false
		one := a.Levels[0].Time.Value * c.Points[0].Tasks
		for _, level := range c.Points {
			m, ok := networkOf(level)
			if !ok || !(level.Tasks > 0) {
				time = nil
				break
			}
			n, w := p.at(level.Workers)
			s := m.busy * p.serial / (1 - p.serial)
			least := m.least(n, w, s)
			worth = worth || least > worthDrawing*(s+m.busy/n)
			time = append(time, XY{level.Workers, least / level.Tasks})
			speedup = append(speedup, XY{level.Workers, one / least})
		}
		if time == nil || !worth || !stats.Positive(one) {
			continue
		}
		line := Line{Name: b.name(i) + ": " + short, Dash: LongDash, At: time} // without ink: lines with it are laws
		b.left.Lines = append(b.left.Lines, line)
		line.At = speedup
		b.right.Lines = append(b.right.Lines, line)
		b.linked = append(b.linked, i)
	}
	if len(b.linked) > 0 {
		b.legend = append(b.legend, Entry{Text: short + ": what the round trip and the gap between messages allow", Short: short, Dash: LongDash})
	}
}

// linkBounds adds the speedups that remote workers cannot exceed, whatever their
// number and however many ranges wait with each: a coordinator that sends or gets a
// message no sooner than a gap g after the one before takes at least
//
//	ranges · g
//
// for an operation, and where the axis is window= the workers themselves take
//
//	busy / workers
//
// Source of g: the LogGP model, see package pools/remote.
func (b *builder) linkBounds() {
	for i, a := range b.group.Analyses {
		c := a.Curve
		if len(a.Levels) == 0 || len(c.Points) == 0 {
			continue
		}
		one := a.Levels[0].Time.Value * c.Points[0].Tasks // of an operation, at the first level
		if c.Points[0].Workers != 1 || !stats.Positive(one) || c.Kind != results.Strong {
			continue
		}
		for _, bound := range []struct {
			label string
			least float64
		}{
			{"at most, by the gap between messages: ", medianOf(c, contract.UnitRanges) * medianOf(c, contract.UnitGap)},
			{"at most, by the workers: ", b.busyEach(i)},
		} {
			if stats.Positive(bound.least) && one > bound.least {
				b.ceilings = append(b.ceilings, Ref{Label: bound.label + words.Number(one/bound.least), Ink: b.looks[i].Ink, Dash: LongDash, At: one / bound.least})
			}
		}
	}
}

// busyEach is the time that each worker of series i runs tasks in an operation, where the
// axis is not workers; 0 where it is, and where the bound of the network is drawn, which says
// more.
func (b *builder) busyEach(i int) float64 {
	c := b.group.Analyses[i].Curve
	workers, err := strconv.ParseFloat(c.Name.Value(contract.NameWorkers), 64)
	if c.X != contract.NameWindow || slices.Contains(b.linked, i) || err != nil || workers < 1 {
		return 0
	}
	return medianOf(c, contract.UnitBusy) / workers
}

// medianOf is the median of a metric over all levels of a curve; 0 if there is none.
func medianOf(c *results.Curve, unit string) float64 {
	var all []float64
	for _, p := range c.Points {
		all = append(all, p.Extra[contract.InSeconds(unit)]...)
	}
	if len(all) == 0 {
		return 0
	}
	return stats.Median(all)
}
