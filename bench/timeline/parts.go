package timeline

// Parts says where the worker time of an operation went, in ns. Everything but
// Paid adds up to Paid, and none is negative.
type Parts struct {
	Useful       int64 // compute, as much as the best serial run needs
	Serial       int64 // the other p−1 workers, while the serial tasks run
	Dispatch     int64 // a worker without a task while there are some: handing out and gathering
	Imbalance    int64 // a worker without a task when none is left and others still run
	IO           int64 // a task waits for something outside: a timer, a disk, a server
	Lock         int64 // a task waits for the planted lock
	Interpreter  int64 // a task waits for the interpreter lock
	Queued       int64 // a task waits for one of so many cores, or for the event loop
	Runnable     int64 // ready to run, and no processor to run on
	Inflation    int64 // compute beyond Useful: the same work took longer
	GC           int64 // garbage collection, taken from where it shows
	Unattributed int64 // the rest, of which nothing is known

	Paid int64 // p·T(p): the workers times the time of the operation
}

// A Part is one of the [Parts] by its name, as in useful-ns/op.
type Part struct {
	Name string
	NS   *int64
}

// Each lists the parts of p by name, in the order of a stack from below, and
// then what they add up to, paid.
func (p *Parts) Each() []Part {
	return []Part{
		{"useful", &p.Useful},
		{"serial", &p.Serial},
		{"dispatch", &p.Dispatch},
		{"imbalance", &p.Imbalance},
		{"io", &p.IO},
		{"lock", &p.Lock},
		{"interpreter", &p.Interpreter},
		{"queued", &p.Queued},
		{"runnable", &p.Runnable},
		{"inflation", &p.Inflation},
		{"gc", &p.GC},
		{"unattributed", &p.Unattributed},
		{"paid", &p.Paid},
	}
}

// Add adds the parts of q to those of p.
func (p *Parts) Add(q Parts) {
	from := q.Each()
	for i, to := range p.Each() {
		*to.NS += *from[i].NS
	}
}
