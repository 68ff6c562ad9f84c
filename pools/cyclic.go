package pools

// Cyclic deals the tasks out like cards before the first begins: worker w of n
// has tasks w, w+n, w+2n and so on. Like [Static] it asks for nothing while
// tasks run; tasks whose length rises with their number are shared almost
// evenly. It is OpenMP's schedule(static, 1).
//
// Source: OpenMP Application Programming Interface 5.2, 2021, section 11.5.3.
var Cyclic = Strategy{
	Name:        "cyclic",
	Doc:         "every n-th task for each of n goroutines, dealt out beforehand like cards",
	Concurrency: Workers,
	Dealt:       true,
	Sweeps:      []string{"schedules"},
	Open: openCrew("cyclic", func(r *run) func(*lane, int) {
		return func(l *lane, w int) {
			for i := r.lo + w; i < r.hi && l.one(i); i += r.lanes {
			}
		}
	}),
}
