package grading

import (
	"fmt"
	"strings"
	"time"

	"amdahl/bench/labs/interp"
)

// wayOf splits a plan such as threads-wait into the tasks of a seed, and whether they share
// one lock.
func wayOf(seed uint64, plan string) (w interp.Work, oneLock bool) {
	way, kind, _ := strings.Cut(plan, "-")
	return interp.Of(seed, kind), way != "processes"
}

func checkInterp(seed uint64, l line) string {
	w, _ := wayOf(seed, l.plan)
	want := float64(w.Serial(interp.Tasks))
	if got := l.values["work-ns/op"]; got != want {
		return fmt.Sprintf("The tasks of %s take %.0f ns by the run, and yours take %.0f ns", l.level, got, want)
	}
	return ""
}

func floorInterp(seed uint64, l line) float64 {
	w, oneLock := wayOf(seed, l.plan)
	return float64(w.Least(interp.Tasks, l.workers, oneLock))
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.3f ms", d.Seconds()*1e3) }

func aboutInterp(seed uint64) string {
	wait, compute := interp.Of(seed, interp.Wait), interp.Of(seed, interp.Compute)
	return fmt.Sprintf("There are %d tasks. A task of kind=wait waits for %s and computes for %s; one of kind=compute computes for %s.\nA process takes %s to start.\n\n",
		interp.Tasks, milliseconds(wait.Wait), milliseconds(wait.Compute), milliseconds(compute.Compute), milliseconds(wait.Start))
}

// sayInterpreterCeiling is the time of a task over the time that it computes.
func sayInterpreterCeiling(a asked) (verdict, error) {
	w := interp.Of(a.run.work, a.Plan)
	bound := float64(w.Wait+w.Compute) / float64(w.Compute)
	if near(a.number, bound, 0.03) {
		return verdict{right: true, text: fmt.Sprintf("(%s + %s) / %s = %.2f.", milliseconds(w.Wait), milliseconds(w.Compute), milliseconds(w.Compute), bound)}, nil
	}
	return verdict{text: fmt.Sprintf("You say %g: divide the time of a task by the time that it needs the lock.", a.number)}, nil
}

// sayInterpreter says first whether the run itself shows the lock: threads that compute are hardly
// faster than one, and processes on the same machine are.
func sayInterpreter(a asked) (verdict, error) {
	threads, processes := a.run.speedup(a.Plan, a.At).Value, a.run.speedup("processes-compute", a.At).Value
	if threads > 1.3 || processes < 2*threads {
		return verdict{unknown: true, text: fmt.Sprintf("Your run does not show the cause: with tasks that compute, %d threads were %.2f times faster than one, and %d processes %.2f times. Something else ran on the machine. %s", a.At, threads, a.At, processes, again)}, nil
	}
	all, err := a.lab.Answers()
	if err != nil {
		return verdict{}, err
	}
	right := all.Answers[a.ID]
	if Choice(a.answer) != right.Right {
		return verdict{text: fmt.Sprintf("%s) does not fit your run: %d processes were %.2f times faster than one, with the same tasks.", Choice(a.answer), a.At, processes)}, nil
	}
	return verdict{right: true, text: fmt.Sprintf("%d threads were %.2f times faster than one, and %d processes %.2f times. %s", a.At, threads, a.At, processes, right.Because)}, nil
}
