package poolmap_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	poolmap "lab"
	"lab/clock"
	"lab/procs"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// onClock runs a test on a virtual clock.
func onClock(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	clock.Record = record
	clock.Run(t, "poolmap.go", test)
}

const (
	ms      = time.Millisecond
	message = 5*ms + 1 // what a message takes
)

// length is what a task of the tests takes: 10 to 40 ms, and some odd nanoseconds, so that no two
// messages end at the same instant.
func length(arg int) time.Duration {
	return 10*ms + time.Duration(arg*7%31)*ms + time.Duration(arg*arg%97*11+arg*2)
}

// A pooled is a pool with its processes.
type pooled struct {
	*poolmap.Pool
	sim   *procs.Sim
	n     int
	begin time.Time
}

// start makes a pool. act may be nil: then all tasks just take their length.
func start(t *testing.T, n int, act func(arg, times int) procs.Act) *pooled {
	t.Helper()
	if act == nil {
		act = func(arg, _ int) procs.Act { return procs.Act{Takes: length(arg)} }
	}
	sim := procs.NewSim(message, act)
	p := &pooled{poolmap.New(n, sim.Start), sim, n, time.Now()}
	p.living(t, "New", n)
	return p
}

// living fails unless so many processes were started and n of them live.
func (p *pooled) living(t *testing.T, after string, started int) procs.Report {
	t.Helper()
	r := p.sim.Report()
	switch {
	case r.Busy:
		clock.Fail(t, "busy", "%s, n = %d: a worker got a message while it worked on another one.", after, p.n)
	case r.Dead:
		clock.Fail(t, "dead", "%s, n = %d: a worker got a message that was dead already.", after, p.n)
	case r.Started != started:
		clock.Fail(t, "started", "%s, n = %d: %d workers were started so far, and should be %d.", after, p.n, r.Started, started)
	case r.Alive != p.n:
		clock.Fail(t, "alive", "%s, n = %d: %d workers are alive, and should be %d.", after, p.n, r.Alive, p.n)
	}
	return r
}

// numbers lists so many arguments: 0, 1, 2 …
func numbers(tasks int) []int {
	list := make([]int, tasks)
	for i := range list {
		list[i] = i
	}
	return list
}

// squares fails unless results are the squares of the arguments.
func squares(t *testing.T, what string, args, results []int, err error) {
	t.Helper()
	if err != nil {
		clock.Fail(t, "error", "%s: no task failed, and there is the error %q.", what, err)
	}
	if len(results) != len(args) {
		clock.Fail(t, "results", "%s: there are %d results.", what, len(results))
	}
	for i, arg := range args {
		if results[i] != arg*arg {
			clock.Fail(t, "results", "%s: the result of argument %d, which is number %d, must be %d, and is %d.", what, arg, i, arg*arg, results[i])
		}
	}
}

// makespan is when a pool is done with messages of so many tasks each: a worker that is free gets the
// next.
func makespan(args []int, chunk, n int) time.Duration {
	free := make([]time.Duration, n)
	for part := range slices.Chunk(args, chunk) {
		first := slices.Index(free, slices.Min(free))
		free[first] += message
		for _, arg := range part {
			free[first] += length(arg)
		}
	}
	return slices.Max(free)
}

// mapped maps and checks results, messages and the time that it took.
func (p *pooled) mapped(t *testing.T, args []int, chunk int) {
	t.Helper()
	what := fmt.Sprintf("Map of %d arguments, chunk = %d, n = %d", len(args), chunk, p.n)
	before, begin := len(p.sim.Report().Messages), time.Now()
	results, err := p.Map(args, chunk)
	took := time.Since(begin)
	squares(t, what, args, results, err)
	list := p.sim.Report().Messages[before:]
	slices.SortStableFunc(list, func(a, b procs.Message) int { // those of one instant have no order
		return cmp.Or(cmp.Compare(a.At, b.At), slices.Compare(a.Args, b.Args))
	})
	k := 0
	for part := range slices.Chunk(args, max(chunk, 1)) {
		if k == len(list) {
			clock.Fail(t, "messages", "%s: there were %d messages, and should be more.", what, k)
		}
		if !slices.Equal(list[k].Args, part) {
			clock.Fail(t, "messages", "%s: message %d should have the arguments %v, and has %v.", what, k, part, list[k].Args)
		}
		k++
	}
	if k < len(list) {
		clock.Fail(t, "messages", "%s: there were %d messages, and should be %d.", what, len(list), k)
	}
	if want := makespan(args, max(chunk, 1), p.n); len(args) > 0 && took != want {
		clock.Fail(t, "makespan", "%s: it took %v, and should take %v: %d workers at a time, and a free one gets the next message, in order.", what, took, want, p.n)
	}
}

func TestApply(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 2, nil)
		for _, arg := range []int{3, 5, 4} {
			result, err := p.Apply(arg)
			squares(t, fmt.Sprintf("Apply(%d)", arg), []int{arg}, []int{result}, err)
		}
		if r := p.living(t, "three calls of Apply", 2); len(r.Messages) != 3 {
			clock.Fail(t, "messages", "Three calls of Apply: workers got %d messages.", len(r.Messages))
		}
		done := make(chan bool)
		for _, arg := range []int{6, 7, 8} { // three at the same time, for two workers
			go func() {
				result, err := p.Apply(arg)
				done <- err == nil && result == arg*arg
			}()
		}
		for range 3 {
			if !<-done {
				clock.Fail(t, "results", "Apply was called by three goroutines at the same time, and a result is wrong.")
			}
		}
		if r := p.living(t, "three calls of Apply at the same time", 2); r.Peak != 2 {
			clock.Fail(t, "limit", "Apply was called by three goroutines at the same time: %d workers worked at a time, and there are 2.", r.Peak)
		}
	})
}

func TestMap(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 3, nil)
		p.mapped(t, numbers(20), 1)
		p.mapped(t, []int{2, 9, 30, 4, 1}, 1)
		p.living(t, "Map", 3)
	})
}

func TestChunks(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 3, nil)
		p.mapped(t, numbers(18), 4)
		p.mapped(t, numbers(30), 3)
		p.living(t, "Map", 3)
	})
}

func TestAsync(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 2, nil)
		args := numbers(12)
		begin := time.Now()
		f := p.MapAsync(args, 3)
		if took := time.Since(begin); took > 0 {
			clock.Fail(t, "waits", "MapAsync returned after %v, and should return at once.", took)
		}
		time.Sleep(ms)
		if f.Ready() {
			clock.Fail(t, "ready", "Ready says that the results of MapAsync are there, and the tasks have just begun.")
		}
		if took := time.Since(begin); took != ms {
			clock.Fail(t, "waits", "Ready took %v, and should not wait.", took-ms)
		}
		results, err := f.Get()
		squares(t, "MapAsync and Get", args, results, err)
		if took, want := time.Since(begin), makespan(args, 3, 2); took != want {
			clock.Fail(t, "makespan", "MapAsync of 12 arguments, chunk = 3, n = 2: Get returned after %v, and should return after %v.", took, want)
		}
		if !f.Ready() {
			clock.Fail(t, "ready", "Get has returned, and Ready says that the results are not there.")
		}
		results, err = f.Get()
		squares(t, "the second Get", args, results, err)
		p.living(t, "MapAsync", 2)
	})
}

// hangs is a task of tests that takes an hour.
const hangs = 50

func TestTimeout(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 2, func(arg, _ int) procs.Act {
			if arg == hangs {
				return procs.Act{Takes: time.Hour}
			}
			return procs.Act{Takes: length(arg)}
		})
		begin := time.Now()
		_, err := p.ApplyTimeout(hangs, 70*ms)
		if took := time.Since(begin); took != 70*ms {
			clock.Fail(t, "late", "ApplyTimeout of a task that takes an hour, with a limit of 70ms, returned after %v.", took)
		}
		if !errors.Is(err, poolmap.ErrTimeout) {
			clock.Fail(t, "error", "ApplyTimeout of a task that takes an hour returned %v, and should return ErrTimeout.", quoted(err))
		}
		p.living(t, "ApplyTimeout of a task that takes an hour", 3)
		result, err := p.ApplyTimeout(4, 70*ms)
		squares(t, "ApplyTimeout of a task that takes less than its limit", []int{4}, []int{result}, err)
		time.Sleep(time.Second)
		p.living(t, "a second after a task that was in time", 3)
		p.mapped(t, numbers(8), 2)
		p.living(t, "Map after that", 3)
	})
}

func quoted(err error) string {
	if err == nil {
		return "no error"
	}
	return "the error \"" + err.Error() + "\""
}

// dies is a task of tests whose worker dies whenever it runs, diesOnce one whose worker dies the
// first time.
const (
	dies     = 60
	diesOnce = 7
)

func TestDeath(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 2, func(arg, times int) procs.Act {
			return procs.Act{Takes: length(arg), Dies: arg == dies || arg == diesOnce && times == 1}
		})
		args := numbers(12)
		results, err := p.Map(args, 3)
		squares(t, "Map, in which a worker died once", args, results, err)
		p.living(t, "Map, in which a worker died once", 3)
		if times := p.sim.Times(diesOnce); times != 2 {
			clock.Fail(t, "tries", "A worker died once, and its task ran %d times.", times)
		}
		_, err = p.Apply(dies)
		if !errors.Is(err, procs.ErrDied) {
			clock.Fail(t, "error", "Apply of a task whose worker always dies returned %s, and should return procs.ErrDied.", quoted(err))
		}
		if times := p.sim.Times(dies); times != 3 {
			clock.Fail(t, "tries", "Apply of a task whose worker always dies ran it %d times, and should run it three times.", times)
		}
		p.living(t, "Apply of a task whose worker always dies", 6)
		result, err := p.Apply(5)
		squares(t, "Apply after that", []int{5}, []int{result}, err)
	})
}
