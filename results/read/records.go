package read

import (
	"amdahl/results"
)

// A record is every measurement that one name, or one place of a table, has in
// one block of one file. Which curve it belongs to is decided when all files
// are read: a name alone does not say which of its numbers counts workers.
type record struct {
	recordKey
	origin           // of its first measurement
	procs    int     // GOMAXPROCS as the name's suffix says; 1 without one
	tasks    float64 // in the timed operation, while all samples agree
	samples  []results.Sample
	leftOut  []results.Sample // of spoilt rounds
	perOp    []float64        // tasks of each sample; nil while all have tasks
	spans    []float64        // seconds that each sample took as a whole; 0 if unknown
	extra    map[string]*metric
	repeats  []results.Sample     // sentinels: repeats of the level at the end of a round
	profiled []map[string]float64 // metrics of traced runs, by unit
	sampled  []map[string]float64 // and of runs that were profiled without a trace
	visits   []int                // samples with which the file came back to this record, at most mostVisits
	spoilt   map[int]bool         // rounds of the file that are spoilt
	last     int                  // when the last sample came, in the order of all measurements
	summary  bool                 // the samples stand for a spread that the file gives
}

// recordKey is what tells records apart.
type recordKey struct {
	*block
	pkg     string
	machine *results.Machine // one for all records of the machine; nil where nothing is known
	label
}

// A label is what a format knows of the series and the level of a measurement.
// It is a name in which a number may be the level (text), or the series and the
// level themselves (name, x, workers).
type label struct {
	kind    labelKind
	text    string  // the name as the file has it
	series  string  // the series; notation of [results.ParseName]
	x       string  // the name of the x axis
	workers float64 // the level
	speedup bool    // the numbers are speedups S(n): the times are 1/S(n)
	mode    string  // how it was measured, where the program that did has several ways; "" elsewhere
}

// A labelKind says how to find the level of a label.
type labelKind int

const (
	placed  labelKind = iota // the series and the level are known
	goName                   // a name of Go's testing, without "Benchmark": it may end in -N, GOMAXPROCS
	named                    // another name in the notation of benchmark names
	command                  // a command line
)

// A block is a part of a file that may repeat the names of another part with
// other numbers: a fence of Markdown, a column of a table of benchstat, one of
// several runs of a driver.
type block struct {
	file  int // by number, from 0
	path  string
	title string       // what the file calls the block; "" if nothing
	table bool         // it is of a table, whose columns the user can name
	run   *results.Run // that made it; nil if unknown

	// column says that the block is a column of a table: the file tells it apart
	// itself.
	column bool

	// eachThread says why the times may be of an operation of each thread, as
	// Google Benchmark's are since version 1.9; "" where they are not.
	eachThread string
}

// said is the x axis that the driver says; "" if it says none.
func (b *block) said() string {
	if b.run == nil {
		return ""
	}
	return b.run.X
}

// origin is where something stands.
type origin struct {
	file string
	line int
}

// A metric is what point.Extra will hold of one unit.
type metric struct {
	values []float64
	of     []int // index of the sample that each belongs to
}

// mostVisits is how many visits of a record are remembered: a file with more is
// a loop over all benchmarks.
const mostVisits = 4

// add takes the numbers of a measurement that belongs to the record.
func (r *record) add(b *builder, m *Measurement) {
	b.count++
	if b.current != r {
		b.current = r
		if len(r.visits) < mostVisits {
			r.visits = append(r.visits, len(r.samples))
		}
	}
	if len(r.samples) == 0 {
		r.tasks = m.Tasks
	}
	r.last = b.count
	r.samples = append(r.samples, results.Sample{Time: m.Time, Round: m.Round, Order: b.measured(r.block.file, m.Round)})
	r.spans = append(r.spans, m.Iterations*m.Time*m.Tasks)
	if r.perOp != nil || m.Tasks != r.tasks {
		for len(r.perOp) < len(r.samples)-1 {
			r.perOp = append(r.perOp, r.tasks)
		}
		r.perOp = append(r.perOp, m.Tasks)
	}
	for _, e := range m.Extra {
		x := r.extra[e.Unit]
		if x == nil {
			if r.extra == nil {
				r.extra = map[string]*metric{}
			}
			x = &metric{}
			r.extra[e.Unit] = x
		}
		x.values = append(x.values, e.Value)
		x.of = append(x.of, len(r.samples)-1)
	}
}

// addSentinel takes a measurement that repeats a level at the end of a round.
func (r *record) addSentinel(m *Measurement) {
	r.repeats = append(r.repeats, results.Sample{Time: m.Time, Round: m.Round})
}

// drop moves the samples of spoilt rounds to leftOut and removes all that belongs
// to them. It returns how many there were.
func (r *record) drop() (dropped int) {
	if len(r.spoilt) == 0 {
		return 0
	}
	places := make([]int, len(r.samples)) // where each sample goes, -1 for nowhere
	kept := 0
	for i, s := range r.samples {
		if places[i] = -1; r.spoilt[s.Round] {
			r.leftOut = append(r.leftOut, s)
			continue
		}
		r.samples[kept] = s
		r.spans[kept] = r.spans[i]
		if r.perOp != nil {
			r.perOp[kept] = r.perOp[i]
		}
		places[i] = kept
		kept++
	}
	r.samples = r.samples[:kept]
	r.spans = r.spans[:kept]
	if r.perOp != nil {
		r.perOp = r.perOp[:kept]
	}
	for unit, m := range r.extra {
		n := 0
		for i, at := range m.of {
			if places[at] >= 0 {
				m.values[n], m.of[n] = m.values[i], places[at]
				n++
			}
		}
		if m.values, m.of = m.values[:n], m.of[:n]; n == 0 {
			delete(r.extra, unit)
		}
	}
	repeats := r.repeats[:0]
	for _, s := range r.repeats {
		if !r.spoilt[s.Round] {
			repeats = append(repeats, s)
		}
	}
	r.repeats = repeats
	return len(places) - kept
}
