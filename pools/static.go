package pools

// Static gives each worker one block of consecutive tasks before the first
// begins: worker w of n has tasks ⌊w·N/n⌋ to ⌊(w+1)·N/n⌋ of N. Nothing is
// asked for while tasks run, so a task costs no more than a loop; but a worker
// that is done idles, so T(n) is the time of the heaviest block. It is
// OpenMP's schedule(static).
//
// Source: OpenMP Application Programming Interface 5.2, 2021, section 11.5.3.
var Static = Strategy{
	Name:        "static",
	Doc:         "a block of consecutive tasks for each goroutine, dealt out beforehand",
	Concurrency: Workers,
	Dealt:       true,
	Sweeps:      []string{"schedules"},
	Open: openCrew("static", func(r *run) func(*lane, int) {
		return func(l *lane, w int) {
			lo, hi := block(r.lo, r.hi, r.lanes, w)
			l.span(lo, hi)
		}
	}),
}

// block is the w-th of n blocks of [lo, hi), which differ in size by at most one.
func block(lo, hi, n, w int) (from, to int) {
	// Quotient and remainder apart, so that no product overflows.
	size, rest := (hi-lo)/n, (hi-lo)%n
	return lo + w*size + w*rest/n, lo + (w+1)*size + (w+1)*rest/n
}
