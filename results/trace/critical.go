package trace

import "time"

// A CriticalPath is what a run waited for, from its begin to its end: see package
// bench/critical, which finds it.
type CriticalPath struct {
	Time    time.Duration // that it covers: the parts add up to it
	Steps   []CriticalStep
	Dropped int // steps before the first of Steps
	Parts   []CriticalPart
}

// A CriticalStep is a stretch of the path in one goroutine, on the clock of its run.
type CriticalStep struct {
	Goroutine int64
	From, To  time.Duration
}

// A CriticalPart is the stretches of one place together.
type CriticalPart struct {
	Name   string // of the goroutines: their outermost function
	Doing  string // "running", "runnable", "waiting"
	Reason string // what it then waited for, or what it waits for; "" if unknown
	Where  string // the function and the line at which it ends; "" if unknown
	Time   time.Duration
	Count  int // of stretches
}

// Number is the number of the goroutine in the name of a row, "g12 main.work"; below 0
// for a processor.
func (r Row) Number() int64 {
	if r.Name == "" || r.Name[0] != 'g' {
		return -1
	}
	return int64(number(r.Name))
}
