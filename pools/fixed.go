package pools

// Fixed has long-lived goroutines that wait at a starting gun. A Run wakes as
// many as it has tasks for; they take the tasks from one shared queue, in
// order (self-scheduling; OpenMP's schedule(dynamic); a pull queue). They take
// them in chunks that fit the length of a task, so that a short one costs a
// few nanoseconds and long ones are handed out singly.
//
// With one task at a time this is list scheduling: T(n) is at most
// work/n + (1 − 1/n)·longest task.
//
// Sources: P. Tang, P.-C. Yew, Processor self-scheduling for multiple nested
// parallel loops, ICPP 1986; for the bound, R. L. Graham, SIAM J. Appl. Math.
// 17(2), 1969.
var Fixed = Strategy{
	Name:        "fixed",
	Doc:         "a fixed pool of goroutines, started beforehand, with one shared queue (dynamic)",
	Concurrency: Workers,
	Sweeps:      []string{"first", "quick", "quickweak", "full", "schedules", "hillmarty"},
	Open: openCrew("fixed", func(*run) func(*lane, int) {
		return func(l *lane, _ int) { l.share() }
	}),
}
