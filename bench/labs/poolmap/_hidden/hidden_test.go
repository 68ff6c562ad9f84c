package poolmap_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	poolmap "lab"
	"lab/clock"
	"lab/procs"
)

func TestTaskError(t *testing.T) {
	onClock(t, func(t *testing.T) {
		first, second := errors.New("error of task 2"), errors.New("error of task 9")
		for _, takes := range []time.Duration{900 * ms, ms} { // task 2 ends after task 9, or before it
			p := start(t, 2, func(arg, _ int) procs.Act {
				switch arg {
				case 2:
					return procs.Act{Takes: takes, Err: first}
				case 9:
					return procs.Act{Takes: 300 * ms, Err: second}
				}
				return procs.Act{Takes: length(arg)}
			})
			_, err := p.Map(numbers(12), 2)
			switch {
			case errors.Is(err, second):
				clock.Fail(t, "error", "Map: tasks 2 and 9 failed, and the error is that of task 9. It must be that of the first argument, whenever it happened.")
			case !errors.Is(err, first):
				clock.Fail(t, "error", "Map: tasks 2 and 9 failed, and the error is %s.", quoted(err))
			}
			p.living(t, "Map, in which tasks failed", 2)
			for _, arg := range []int{0, 4, 6, 10} {
				if times := p.sim.Times(arg); times != 1 {
					clock.Fail(t, "tries", "Map: tasks 2 and 9 failed, and task %d, of another message, ran %d times.", arg, times)
				}
			}
			if _, err := p.Apply(9); !errors.Is(err, second) || p.sim.Times(9) != 2 {
				clock.Fail(t, "error", "Apply of a task that failed returned %s, and the task ran %d times.", quoted(err), p.sim.Times(9)-1)
			}
			p.living(t, "Apply of a task that failed", 2)
		}
	})
}

func TestEdges(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 3, nil)
		for _, c := range []struct{ tasks, chunk int }{{0, 4}, {1, 1}, {2, 100}, {7, 0}, {7, -3}, {2, 1}} {
			args := numbers(c.tasks)
			p.mapped(t, args, c.chunk)
			if !slices.Equal(args, numbers(c.tasks)) {
				clock.Fail(t, "changed", "Map changed its arguments.")
			}
		}
		p.living(t, "Map", 3)
		one := start(t, 1, nil)
		one.mapped(t, numbers(5), 2)
		// Two at the same time: neither may wait for ever, and each has its own results.
		a, b := p.MapAsync(numbers(9), 2), p.MapAsync([]int{20, 21, 22, 23}, 1)
		results, err := b.Get()
		squares(t, "the second of two MapAsync at the same time", []int{20, 21, 22, 23}, results, err)
		results, err = a.Get()
		squares(t, "the first of two MapAsync at the same time", numbers(9), results, err)
		p.living(t, "two MapAsync at the same time", 3)
	})
}

func TestClose(t *testing.T) {
	onClock(t, func(t *testing.T) {
		p := start(t, 3, func(arg, _ int) procs.Act { return procs.Act{Takes: length(arg), Dies: arg == dies} })
		p.mapped(t, numbers(10), 2)
		_, _ = p.Apply(dies)
		if _, err := p.ApplyTimeout(3, ms); !errors.Is(err, poolmap.ErrTimeout) {
			clock.Fail(t, "error", "ApplyTimeout with a limit of 1ms returned %s.", quoted(err))
		}
		p.Close()
		if r := p.sim.Report(); r.Alive > 0 {
			clock.Fail(t, "alive", "Close has returned, and %d of %d workers that were started are still alive.", r.Alive, r.Started)
		}
		clock.Left(t, "poolmap.go", "Close had returned,")
	})
}

// TestProcesses uses real processes.
func TestProcesses(t *testing.T) {
	clock.Record = record
	s := &starter{length: func(arg int) time.Duration {
		switch arg {
		case hangs:
			return time.Hour
		case dies:
			return exits
		}
		return 0
	}}
	p := poolmap.New(2, s.start)
	args := numbers(9)
	results, err := p.Map(args, 2)
	squares(t, "Map with two real processes", args, results, err)
	if _, err := p.ApplyTimeout(hangs, 20*ms); !errors.Is(err, poolmap.ErrTimeout) {
		clock.Fail(t, "error", "ApplyTimeout of a real process that hangs returned %s, and should return ErrTimeout.", quoted(err))
	}
	if _, err := p.Apply(dies); !errors.Is(err, procs.ErrDied) {
		clock.Fail(t, "error", "Apply of a task that ends its real process returned %s, and should return procs.ErrDied.", quoted(err))
	}
	results, err = p.MapAsync(args, 1).Get()
	squares(t, "MapAsync with real processes, of which some have died", args, results, err)
	p.Close()
	if started, ended := s.started.Load(), s.ended.Load(); started != 6 || ended != 6 {
		clock.Fail(t, "alive", "%d real processes were started, and should be 6; after Close %d have ended.", started, ended)
	}
}
