package read

// A Measurement is one sample, as a format found it.
type Measurement struct {
	Time       float64  // seconds per task, > 0 and finite
	Tasks      float64  // tasks in the timed operation; 1 where the text does not say
	Extra      []Metric // the other metrics
	Iterations float64  // that the time is the mean of; 0 if unknown
	Round      int      // the round it was measured in, from 1; 0 if unknown
}

// A Metric is a further number of a benchmark line, in base units:
// "cpu-ns/op" is read as "cpu-sec/op".
type Metric struct {
	Unit  string
	Value float64
}
