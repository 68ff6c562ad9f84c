package results

// A Kind says what a curve keeps fixed as workers are added.
type Kind string

const (
	Strong Kind = "strong" // the work is fixed: Amdahl's question
	Weak   Kind = "weak"   // the work grows with the workers: Gustafson's question
)

// A Machine is what the configuration lines say of where a measurement ran.
// A zero field was not said.
type Machine struct {
	OS, Arch, CPU     string
	Logical, Physical int     // processors
	Quota             float64 // processors' worth of time that a control group allows
}

// Differs reports whether two measurements were made on different machines: both say
// something of their machine, and do not say the same. What only one of them says is
// no difference, as the number of processors, which go test does not print. A missing
// quota is one only where the number of processors is known on both sides: who writes
// that number writes the quota too.
func (m Machine) Differs(o Machine) bool {
	text := func(a, b string) bool { return a != "" && b != "" && a != b }
	number := func(a, b int) bool { return a > 0 && b > 0 && a != b }
	return text(m.OS, o.OS) || text(m.Arch, o.Arch) || text(m.CPU, o.CPU) ||
		number(m.Logical, o.Logical) || number(m.Physical, o.Physical) ||
		m.Logical > 0 && o.Logical > 0 && m.Quota != o.Quota
}

// A Sample is one measured time of a point.
type Sample struct {
	Time  float64 // seconds per task
	Round int     // from 1; 0 if unknown
	Order int     // which measurement of its round it was, over all series, from 1; 0 if unknown
}

// A Point is every sample of one level of a curve.
type Point struct {
	Workers float64
	Tasks   float64  // tasks per operation, the median over the samples
	Samples []Sample // in the order of the input, at least one
	LeftOut []Sample // of rounds that were left out: to be shown, never to be fitted

	// Extra holds the other metrics by unit, in the order of the input. A
	// list is shorter than Samples where lines lack the metric.
	Extra map[string][]float64

	// Profiled holds the metrics of runs that were traced, by unit, one map for each
	// run: they say where the time went, and their times are no samples.
	Profiled []map[string]float64
	// Sampled holds the same of runs that were profiled without a trace, which slows some
	// programs down too much.
	Sampled []map[string]float64
}

// A Curve is one series: how its time per task moves with the workers.
type Curve struct {
	Name     Name
	X        string // name of the x axis: "workers", "threads", "gomaxprocs"
	Kind     Kind
	Relative bool // times are 1/speedup, so that T(1) is 1 by definition and not measured
	Machine  Machine
	Points   []Point // ascending Workers, each level once, at least one

	Rounds Rounds // which of its rounds count
	Gave   *Gave  // what the processors gave meanwhile; nil if unknown
	Run    *Run   // the call of a driver that made it; nil if unknown

	Warnings []error // what a reader of this curve should know
	File     string  // where its first measurement stands
	Line     int

	// Sentinels are repeats of a level, mostly the lowest, at the end of each
	// round: they stand under "sentinel: true". They are no samples of the
	// points; [Curve.Drift] compares them with those.
	Sentinels []Sentinel
}

// A Set is everything that one reading of the input gave.
type Set struct {
	Curves []*Curve // in the order of first appearance; by name where rounds are known

	// Config holds the configuration lines of the first measurement, in
	// their order: the environment to print beside the numbers.
	Config []Setting

	// Canaries are the times of BenchmarkCanary under "canary: true": a fixed
	// piece of work that tells how fast the machine is. They are no curve.
	Canaries []Canary

	// Runs are the calls of drivers that made the input, in its order.
	Runs []*Run

	// Spoilt counts the samples that were left out because the file says that
	// their rounds were spoilt, "spoilt-rounds: 3,7".
	Spoilt Spoilt

	// Skipped are the benchmarks that said why they were not measured, each
	// reason once, in the order of the curves.
	Skipped []Skip

	// Notes say what was taken for what where the input does not say it: each
	// is a guess, in one sentence.
	Notes []error

	// Refused are numbers of the names that vary and were not taken for workers,
	// each with the reason and the command that takes it after all. They matter
	// where no curve has two levels.
	Refused []error

	// Problems are complaints about lines and curves that were left out,
	// each with file and line. The curves of the set are sound without them.
	Problems []error
}

// A Setting is one configuration line, "key: value".
type Setting struct{ Key, Value string }

// Spoilt counts what was left out because its rounds were spoilt.
type Spoilt struct {
	Samples int // of levels; sentinels are not counted
	Rounds  int // with a sample, in all files
}

// A Skip is a benchmark that said why it was not measured.
type Skip struct {
	Name string // without "Benchmark": what its series would begin with
	Why  string // what it said, on one line; "" if nothing
	File string // where that stands in the input, first
	Line int
}
