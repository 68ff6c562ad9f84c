package results

// A Kind says what a curve keeps fixed as workers are added.
type Kind string

const (
	Strong Kind = "strong" // the work is fixed: Amdahl's question
	Weak   Kind = "weak"   // the work grows with the workers: Gustafson's question
)

// A Measurement is one benchmark line: one sample of one point.
type Measurement struct {
	Series  string             // the benchmark's name without its x axis
	Workers float64            // the x axis: at least 1 in benchmark text; in CSV any load above 0
	Time    float64            // seconds per task, > 0 and finite
	Tasks   float64            // tasks in the timed operation; 1 where the text does not say
	Extra   map[string]float64 // the other metrics as they stand, by unit: "cpu-ns/op"
	Round   int                // the round it was measured in, from 1; 0 if unknown
	Machine Machine
	File    string
	Line    int
}

// A Machine is what the configuration lines say of where a measurement ran.
// A zero field was not said.
type Machine struct {
	OS, Arch, CPU     string
	Logical, Physical int // processors
}

// A Sample is one measured time of a point.
type Sample struct {
	Time  float64 // seconds per task
	Round int     // from 1; 0 if unknown
	Extra map[string]float64
}

// A Point is every sample of one level of a curve.
type Point struct {
	Workers float64
	Tasks   float64  // tasks per operation, the median over the samples
	Samples []Sample // in the order of the input, at least one
}

// A Curve is one series: how its time per task moves with the workers.
type Curve struct {
	Series   string
	X        string // name of the x axis: "workers", "threads", "gomaxprocs"
	Kind     Kind
	Machine  Machine
	Points   []Point // ascending Workers, each level once, at least one
	Warnings []error // what a reader of this curve should know
}
