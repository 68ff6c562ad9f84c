package grading

import (
	"fmt"
	"strings"
	"time"

	"amdahl/bench/labs"
	"amdahl/bench/labs/lengths"
	"amdahl/bench/labs/program"
	"amdahl/bench/labs/rows"
	"amdahl/bench/labs/server"
	"amdahl/bench/labs/store"
)

// A work is what a lab measures, as the grader computes it again from the seed.
type work struct {
	check func(seed uint64, l line) string  // says what is wrong with the counts beside a time, "" if nothing is
	floor func(seed uint64, l line) float64 // ns below which no time can be
	about func(seed uint64) string          // what a student needs to know of it, or ""
	units []string                          // counts that a student looks at
}

// works by the name that lab.toml uses: the package that makes the work.
var works = map[string]work{
	"lengths": {checkLengths, floorLengths, aboutLengths, nil},
	"rows":    {checkRows, floorRows, func(uint64) string { return "" }, []string{"iters/op", "most-iters/op"}},
	"server":  {checkServer, floorServer, aboutServer, nil},
	"store":   {checkStore, floorStore, aboutStore, nil},
	"program": {checkProgram, floorProgram, func(uint64) string { return "" }, []string{"instructions/op"}},
	"cache":   {checkCache, floorCache, aboutCache, []string{"steps/op", "moves/op"}},
	"interp":  {checkInterp, floorInterp, aboutInterp, nil},
	"procs":   {checkProcs, floorProcs, aboutProcs, []string{"messages/op"}},
}

func workOf(lab *labs.Lab) (work, error) {
	w, ok := works[lab.Measure.Work]
	if !ok {
		return w, fmt.Errorf("grading: %s/lab.toml: there is no work %q", lab.Name, lab.Measure.Work)
	}
	return w, nil
}

// tasksInPool is how many tasks the lab "Build a pool" has.
const tasksInPool = 12

func poolLengths(seed uint64) []time.Duration { return lengths.Of(seed, tasksInPool) }

func checkLengths(seed uint64, l line) string {
	want := float64(lengths.Serial(poolLengths(seed)))
	if got := l.values["work-ns/op"]; got != want {
		return fmt.Sprintf("The tasks of %s take %.0f ns by the run, and yours take %.0f ns", l.level, got, want)
	}
	return ""
}

func floorLengths(seed uint64, l line) float64 {
	return float64(lengths.Pool(poolLengths(seed), l.workers))
}

func aboutLengths(seed uint64) string {
	var b strings.Builder
	b.WriteString("Your tasks, in milliseconds and in their order:\n ")
	for _, d := range poolLengths(seed) {
		fmt.Fprintf(&b, " %.2f", float64(d)/1e6)
	}
	b.WriteString("\n\n")
	return b.String()
}

func checkRows(seed uint64, l line) string {
	total, most := loads(pictures.of(seed), l.plan, l.workers)
	gotTotal, gotMost := l.values["iters/op"], l.values["most-iters/op"]
	switch {
	case gotTotal != float64(total):
		return fmt.Sprintf("The run has %.0f iterations at %s, and your picture has %d", gotTotal, l.level, total)
	case most > 0 && gotMost != float64(most):
		return fmt.Sprintf("The most loaded worker of %s has %.0f iterations by the run, and %d by the plan", l.level, gotMost, most)
	case most == 0 && (gotMost > float64(total) || gotMost*float64(l.workers) < float64(total)):
		return fmt.Sprintf("The most loaded worker of %s has %.0f of %d iterations, which cannot be", l.level, gotMost, total)
	}
	return ""
}

func floorRows(_ uint64, l line) float64 { return l.values["most-iters/op"] * float64(rows.Step) }

// loads returns the iterations of all workers and of the most loaded, which is 0
// under the plan dynamic: there it depends on who was free.
func loads(all []int, plan string, n int) (total, most int) {
	total, most = rows.Loads(all, n, func(w int) []int {
		var list []int
		switch plan {
		case "static":
			for row := w * len(all) / n; row < (w+1)*len(all)/n; row++ {
				list = append(list, row)
			}
		default:
			for row := w; row < len(all); row += n {
				list = append(list, row)
			}
		}
		return list
	})
	if plan == "dynamic" {
		most = 0
	}
	return total, most
}

func checkProgram(seed uint64, l line) string {
	want := float64(program.Of(seed).Total())
	if got := l.values["instructions/op"]; got != want {
		return fmt.Sprintf("The run has %.0f instructions at %s, and your program has %.0f", got, l.level, want)
	}
	return ""
}

func floorProgram(seed uint64, l line) float64 {
	return float64(program.Of(seed).Longest(l.workers)) * float64(program.Step)
}

func checkServer(seed uint64, l line) string {
	want := float64(server.Of(seed, l.plan).Serial())
	if got := l.values["work-ns/op"]; got != want {
		return fmt.Sprintf("The requests of %s take %.0f ns by the run, and yours take %.0f ns", l.level, got, want)
	}
	return ""
}

func floorServer(seed uint64, l line) float64 {
	return float64(server.Of(seed, l.plan).Least(l.workers))
}

func aboutServer(seed uint64) string {
	w, c := server.Of(seed, server.Wait), server.Of(seed, server.Compute)
	return fmt.Sprintf("Your server has %d processors. A request of kind=wait waits for %.3f ms and computes for %.3f ms; one of kind=compute computes for %.3f ms.\n\n",
		server.Processors, w.Wait.Seconds()*1e3, w.Compute.Seconds()*1e3, c.Compute.Seconds()*1e3)
}

func checkStore(seed uint64, l line) string {
	want := float64(store.Of(seed).Serial(store.Tasks))
	if got := l.values["work-ns/op"]; got != want {
		return fmt.Sprintf("The tasks of %s take %.0f ns by the run, and yours take %.0f ns", l.level, got, want)
	}
	return ""
}

// inside is how long a task is inside the lock.
func inside(s *store.Store, code string) time.Duration {
	if code == "given" {
		return s.Parse + s.Update
	}
	return s.Update
}

func floorStore(seed uint64, l line) float64 {
	s := store.Of(seed)
	return float64(s.Least(store.Tasks, l.workers, inside(s, l.plan)))
}

func aboutStore(seed uint64) string {
	s := store.Of(seed)
	return fmt.Sprintf("A task of yours takes %.2f µs to parse, %.2f µs to update and %.2f µs to format.\n\n",
		s.Parse.Seconds()*1e6, s.Update.Seconds()*1e6, s.Format.Seconds()*1e6)
}
