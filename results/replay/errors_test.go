package replay

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"
)

func TestErrors(t *testing.T) {
	ok := Equal(0, 2, Phase{Compute, ms})
	half := Phase{Wait, longest/2 + 1}
	for _, c := range []struct {
		name string
		job  Job
		m    Machine
		want string
	}{
		{"no tasks", Job{}, Machine{}, "replay: job: no tasks: give it at least one, serial or not"},
		{"negative time", Job{Tasks: []Task{{}, {{Compute, 1}, {Wait, -5}}}}, Machine{}, "replay: task 1: phase 1: wait of -5ns: a time is 0 or more"},
		{"negative serial time", Job{Serial: []Task{{{Compute, -1}}}}, Machine{}, "replay: serial task 0: phase 0: compute of -1ns: a time is 0 or more"},
		{"no kind", Job{Tasks: []Task{{{Time: 1}}}}, Machine{}, `replay: task 0: phase 0: kind "": it must be "compute", "wait" or "locked"`},
		{"not a kind of phase", Job{Tasks: []Task{{{LockWait, 1}}}}, Machine{}, `replay: task 0: phase 0: kind "lock wait": it must be "compute", "wait" or "locked"`},
		{"too long", Job{Serial: []Task{{half}}, Tasks: []Task{{half}}}, Machine{}, "replay: task 0: phase 0: wait of 1281023h53m38.427387904s: the times of the job add up to more than 292 years"},
		{"too much dispatch", ok, Machine{Dispatch: longest / 2}, "replay: machine: Dispatch is 1281023h53m38.427387903s: with it the times of the job add up to more than 292 years"},
		{"dispatch beyond 64 bits", Equal(0, 9), Machine{Dispatch: longest}, "replay: machine: Dispatch is 2562047h47m16.854775807s: with it the times of the job add up to more than 292 years"},
		{"negative workers", ok, Machine{Workers: -1}, "replay: machine: Workers is -1: it must be 0 or more"},
		{"negative cores", ok, Machine{Cores: -1}, "replay: machine: Cores is -1: it must be 0 or more"},
		{"negative quantum", ok, Machine{Quantum: -1}, "replay: machine: Quantum is -1: it must be 0 or more"},
		{"negative switch", ok, Machine{Switch: -1}, "replay: machine: Switch is -1: it must be 0 or more"},
		{"negative dispatch", ok, Machine{Dispatch: -1}, "replay: machine: Dispatch is -1: it must be 0 or more"},
		{"negative chunk", ok, Machine{Chunk: -1}, "replay: machine: Chunk is -1: it must be 0 or more"},
		{"chunks for nobody", ok, Machine{Chunk: 2}, "replay: machine: Chunk is 2 without Workers: every task has a worker of its own, so Chunk must be 1 or 0"},
	} {
		if out, err := Run(context.Background(), c.job, c.m); err == nil || err.Error() != c.want || out != nil {
			t.Errorf("%s: Run = %v, %v, want %s", c.name, out, err, c.want)
		}
		if _, err := Bound(c.job, c.m); err == nil || err.Error() != c.want {
			t.Errorf("%s: Bound: %v, want %s", c.name, err, c.want)
		}
	}
	out, err := Run(context.Background(), ok, Machine{Workers: math.MaxInt})
	if want := "replay: 9223372036854775807 workers for 1ms each: more than 292 years: use fewer workers"; err == nil || err.Error() != want {
		t.Errorf("too many workers: %v, %v, want %s", out, err, want)
	}
}

// The extremes that are still right.
func TestExtremes(t *testing.T) {
	const many = math.MaxInt >> 23 // 1<<40 where int has 64 bits
	for _, c := range []struct {
		name string
		job  Job
		m    Machine
		want time.Duration
	}{
		{"no phases", Equal(0, 3), Machine{}, 0},
		{"no time", Equal(3, 3, Phase{Compute, 0}), Machine{Workers: 2}, 0},
		{"serial only", Equal(3, 0, Phase{Compute, ms}), Machine{Workers: 4}, 3 * ms},
		{"serial only, a worker each", Equal(3, 0, Phase{Locked, ms}), Machine{}, 3 * ms},
		{"as long as can be", Equal(0, 1, Phase{Compute, longest}), Machine{}, longest},
		{"and with a quantum", Equal(0, 1, Phase{Compute, longest}), Machine{Cores: 1, Quantum: 1}, longest},
		{"many idle workers", Equal(0, 2, Phase{Compute, 3}), Machine{Workers: many, Cores: many, Quantum: 1, Chunk: math.MaxInt}, 6},
	} {
		out := run(t, c.job, c.m)
		if out.Time != c.want || out.Parts.Sum() != time.Duration(out.Workers)*c.want {
			t.Errorf("%s: %+v, want T = %v", c.name, out, c.want)
		}
	}
}

// A counted context ends after it was asked a number of times.
type counted struct {
	context.Context
	left int
}

func (c *counted) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestCancel(t *testing.T) {
	cause := errors.New("had enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	if out, err := Run(ctx, Equal(0, 1), Machine{}); !errors.Is(err, cause) || out != nil {
		t.Errorf("Run = %v, %v, want %v", out, err, cause)
	}
	// 300 years of compute in turns of a nanosecond never ends by itself.
	endless := Equal(0, 2, Phase{Compute, longest / 2})
	for _, asked := range []int{1, 2, 5} {
		if out, err := Run(&counted{context.Background(), asked}, endless, Machine{Cores: 1, Quantum: 1}); !errors.Is(err, context.Canceled) || out != nil {
			t.Errorf("Run = %v, %v, want %v", out, err, context.Canceled)
		}
	}
}
