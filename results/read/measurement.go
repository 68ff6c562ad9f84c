package read

import "amdahl/results"

// A Measurement is one sample of one level, as a format found it.
type Measurement struct {
	Name    results.Name // of the series, without the x axis and without Package
	X       string       // the name of the x axis
	Workers float64      // the x axis: at least 1 in benchmark text; elsewhere any load above 0
	Procs   int          // GOMAXPROCS as the name's suffix says; 1 without one
	Time    float64      // seconds per task, > 0 and finite
	Tasks   float64      // tasks in the timed operation; 1 where the text does not say
	Extra   []Metric     // the other metrics
	Round   int          // the round it was measured in, from 1; 0 if unknown
	Package string       // "" if unknown
	Machine results.Machine
	File    string
	Line    int
}

// A Metric is a further number of a benchmark line, in base units:
// "cpu-ns/op" is read as "cpu-sec/op".
type Metric struct {
	Unit  string
	Value float64
}
