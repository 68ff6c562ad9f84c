package whatif

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/results/replay"
)

const ms = time.Millisecond

func compute(d time.Duration) replay.Phase { return replay.Phase{Kind: replay.Compute, Time: d} }
func locked(d time.Duration) replay.Phase  { return replay.Phase{Kind: replay.Locked, Time: d} }
func wait(d time.Duration) replay.Phase    { return replay.Phase{Kind: replay.Wait, Time: d} }

// Times worked out by hand, at 4 workers.
func TestAsk(t *testing.T) {
	half, two, none, yes, no := 0.5, 2.0, time.Duration(0), true, false
	// 16 tasks follow each other through the lock, 1 ms each, behind 8 ms serial.
	lock := record(t, recorded(t, "lock", 0.25, replay.Job{Serial: []replay.Task{{compute(8 * ms)}}, Tasks: replay.Equal(0, 16, locked(ms), compute(3*ms)).Tasks}, replay.Machine{Workers: 4}))
	lock.Job.Serial = []replay.Task{{compute(8 * ms)}} // a quarter of it is no lock's
	waits := record(t, recorded(t, "waits", 0, replay.Equal(0, 8, compute(ms), wait(4*ms)), replay.Machine{Workers: 4}))
	slow := record(t, recorded(t, "slow", 0, replay.Equal(0, 16, compute(ms)), replay.Machine{Workers: 4, Dispatch: ms}))
	gil := record(t, recorded(t, "x/cores=gil", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 4, Interpreter: true}))
	dispatch := ms
	tests := []struct {
		r    *Recording
		q    Question
		want time.Duration
	}{
		{lock, Question{}, 27 * ms},                                        // 8 + 16 + 3
		{lock, Question{NoLock: true}, 24 * ms},                            // 8 + 16·4/4
		{lock, Question{NoSerial: true}, 21 * ms},                          // 6 tasks have begun by 8 ms, the lock is busy for 10, then 3
		{lock, Question{NoLock: true, NoSerial: true}, 20 * ms},            // 8 and three tasks of 4; all others end sooner
		{lock, Question{Compute: &half}, 13*ms + ms/2},                     // half of 27
		{lock, Question{Compute: &half, NoLock: true}, 12 * ms},            // half of 24
		{lock, Question{Split: 2}, 25*ms + ms/2},                           // 8 + 32/2 + 1.5
		{lock, Question{Merge: 2}, 27 * ms},                                // the lock is busy as before
		{lock, Question{Chunk: 4}, 27 * ms},                                // nothing to save
		{lock, Question{Dispatch: &dispatch}, 31 * ms},                     // 8 + 3 + 4·5
		{lock, Question{Dispatch: &dispatch, Chunk: 4}, 28 * ms},           // 8 + 1 + 16 + 3
		{lock, Question{Interpreter: &yes}, 72 * ms},                       // 8 + 64
		{lock, Question{Interpreter: &yes, Processes: true}, 27 * ms},      // as recorded
		{lock, Question{EventLoop: true}, 72 * ms},                         // 8 + 64
		{lock, Question{Cores: 1}, 72 * ms},                                // the same
		{lock, Question{NoLock: true, Cores: 2}, 40 * ms},                  // 8 + 64/2
		{waits, Question{}, 10 * ms},                                       // 2·5
		{waits, Question{Wait: &half}, 6 * ms},                             // 2·3
		{waits, Question{Wait: &two}, 18 * ms},                             // 2·9
		{waits, Question{EventLoop: true}, 13 * ms},                        // four compute one after another: 8, then 5
		{waits, Question{Interpreter: &yes}, 13 * ms},                      // the same
		{waits, Question{Interpreter: &yes, Processes: true}, 10 * ms},     // as recorded
		{slow, Question{}, 17 * ms},                                        // 16 hand-outs and the last task
		{slow, Question{Chunk: 4}, 8 * ms},                                 // 4 hand-outs and 4 tasks
		{slow, Question{Chunk: 16}, 17 * ms},                               // all of it is one worker's
		{slow, Question{Dispatch: &none}, 4 * ms},                          // 16/4
		{slow, Question{Merge: 4}, 8 * ms},                                 // as chunks of 4
		{slow, Question{Split: 2, Dispatch: &none}, 4 * ms},                // the same work
		{slow, Question{Split: 2}, 32*ms + ms/2},                           // twice the hand-outs
		{gil, Question{}, 8 * ms},                                          // one at a time
		{gil, Question{Interpreter: &no}, 2 * ms},                          // 8/4
		{gil, Question{Processes: true}, 2 * ms},                           // 8/4
		{gil, Question{Processes: true, Cores: 2}, 4 * ms},                 // 8/2
		{gil, Question{Interpreter: &no, Compute: &two, Cores: 4}, 4 * ms}, // 16/4
	}
	for _, tt := range tests {
		a := ask(t, tt.r, tt.q, 4)
		c := a.Asked
		if !tt.q.Asks() {
			c = &a.Recorded
		}
		if got := c.Runs[0].Time; got != tt.want {
			t.Errorf("%s: if %s: got %v, want %v", tt.r.Series, tt.q, got, tt.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	yes, no, nan := true, false, -1.0
	plain := record(t, recorded(t, "plain", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 4}))
	waits := record(t, recorded(t, "waits", 0, replay.Equal(0, 8, wait(ms)), replay.Machine{Workers: 4}))
	gil := record(t, recorded(t, "x/cores=gil", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 4, Interpreter: true}))
	gils := record(t, recorded(t, "x/processes/cores=gil", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 4, Processes: true}))
	one := 1.0
	tests := []struct {
		r    *Recording
		q    Question
		want string
	}{
		{plain, Question{NoLock: true}, "what if the lock were gone: no task was recorded under one"},
		{plain, Question{NoSerial: true}, "what if the serial section were parallel: no serial task was recorded"},
		{plain, Question{Wait: &one}, "what if waiting took 1 times as long: none was recorded"},
		{waits, Question{Compute: &one}, "what if compute took 1 times as long: none was recorded"},
		{plain, Question{Compute: &nan}, "a number from 0 is needed"},
		{plain, Question{Split: 2, Merge: 2}, "what if every task were cut into 2 and every 2 tasks in a row were one: tasks are cut or put together"},
		{plain, Question{Split: 2_000_000}, "of 8 tasks more than 10000000 would become"},
		{plain, Question{EventLoop: true, Cores: 2}, "an event loop is one core and nothing else"},
		{plain, Question{EventLoop: true, Interpreter: &yes}, "an event loop is one core and nothing else"},
		{plain, Question{Processes: true}, "add --gil"},
		{plain, Question{Interpreter: &no}, "it was recorded without one"},
		{gil, Question{Interpreter: &yes}, "what if all compute needed one interpreter lock: it was recorded so"},
		{gil, Question{Cores: 4}, "add --processes or --gil=false"},
		{gils, Question{Processes: true}, "what if every worker were a process of its own: it was recorded so"},
	}
	for _, tt := range tests {
		_, err := Ask(t.Context(), tt.r, tt.q, []int{4})
		if !errors.As(err, new(*Refusal)) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: if %s: got %v, want a refusal with %q", tt.r.Series, tt.q, err, tt.want)
		}
	}
	negative := -time.Second
	for name, tt := range map[string]struct {
		q  Question
		at []int
	}{"no workers": {Question{}, []int{4, 0}}, "a cost below 0": {Question{Dispatch: &negative}, []int{4}}, "too many workers": {Question{}, []int{math.MaxInt}}} {
		if _, err := Ask(t.Context(), plain, tt.q, tt.at); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestQuestion(t *testing.T) {
	yes, no, half, zero, third, us, none := true, false, 0.5, 0.0, 0.3333, 12*time.Microsecond, time.Duration(0)
	tests := []struct {
		q    Question
		want string
	}{
		{Question{}, ""},
		{Question{NoLock: true}, "the lock were gone"},
		{Question{NoLock: true, Chunk: 8}, "the lock were gone and tasks were handed out 8 at a time"},
		{Question{NoSerial: true, Compute: &half, Wait: &zero}, "the serial section were parallel, compute took half as long and waiting took no time"},
		{Question{Compute: &third, Split: 4}, "compute took 0.333 times as long and every task were cut into 4"},
		{Question{Merge: 3, Dispatch: &us}, "every 3 tasks in a row were one and handing out cost 12µs"},
		{Question{Dispatch: &none, Cores: 1}, "handing out cost nothing and there were 1 core"},
		{Question{Interpreter: &yes, Processes: true, Cores: 4}, "all compute needed one interpreter lock, every worker were a process of its own and there were 4 cores"},
		{Question{Interpreter: &no}, "the interpreter lock were gone"},
		{Question{EventLoop: true}, "one event loop ran all tasks"},
	}
	for _, tt := range tests {
		if got := tt.q.String(); got != tt.want || tt.q.Asks() != (tt.want != "") {
			t.Errorf("got %q, %t; want %q", got, tt.q.Asks(), tt.want)
		}
	}
}

func TestSentence(t *testing.T) {
	half := 0.5
	lock := record(t, recorded(t, "lock", 0.25, replay.Equal(0, 160, locked(ms), compute(3*ms)), replay.Machine{Workers: 16}))
	alone := record(t, recorded(t, "alone", 0, replay.Equal(0, 8, compute(ms)), replay.Machine{Workers: 1}))
	nothing := &Recording{Series: "nothing", Workers: 2, Job: replay.Equal(0, 2), Measured: []Measured{{Workers: 2, Time: 1}}}
	tests := []struct {
		r    *Recording
		q    Question
		at   []int
		want string
	}{
		{lock, Question{NoLock: true}, nil, "If the lock were gone, 16 workers would be 16 times as fast as one instead of 3.93; then at 16 workers 100 % of the worker time is useful compute and next to nothing is lost."},
		{lock, Question{NoLock: true}, []int{2}, "If the lock were gone, 2 workers would be 2 times as fast as one instead of 1.99; then at 2 workers 100 % of the worker time is useful compute and next to nothing is lost."},
		{lock, Question{Compute: &half}, nil, "If compute took half as long, 16 workers would be 3.93 times as fast as one, as recorded, and take 0.5 times as long as recorded; then at 16 workers 25 % of the worker time is useful compute and 75 % is lost: 71 % to waiting for a lock and 4.6 % to imbalance."},
		{lock, Question{}, nil, "As recorded, 16 workers are 3.93 times as fast as one. At 16 workers 25 % of the worker time is useful compute and 75 % is lost: 71 % to waiting for a lock and 4.6 % to imbalance."},
		{alone, Question{}, nil, "As recorded, 2 workers are 2 times as fast as one. At 2 workers 100 % of the worker time is useful compute and next to nothing is lost."},
		{alone, Question{}, []int{1}, "As recorded, 1 worker is as fast as one. At 1 worker 100 % of the worker time is useful compute and next to nothing is lost."},
		{nothing, Question{}, nil, "2 workers took no time."},
		{nothing, Question{Chunk: 2}, nil, "If tasks were handed out 2 at a time, 2 workers would take no time."},
	}
	for _, tt := range tests {
		if got := ask(t, tt.r, tt.q, tt.at...).Sentence(); got != tt.want {
			t.Errorf("%s: got\n%s, want\n%s", tt.r.Series, got, tt.want)
		}
	}
}

// No replay is faster than its limits allow, and one is the lowest.
func TestLimits(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for range 300 {
		var j replay.Job
		for range rng.IntN(3) {
			j.Serial = append(j.Serial, replay.Task{compute(time.Duration(rng.IntN(20)))})
		}
		for range 1 + rng.IntN(12) {
			t := replay.Task{locked(time.Duration(rng.IntN(5))), compute(time.Duration(1 + rng.IntN(30))), wait(time.Duration(rng.IntN(20)))}
			j.Tasks = append(j.Tasks, t[rng.IntN(2):])
		}
		m := replay.Machine{Dispatch: time.Duration(rng.IntN(6)), Cores: rng.IntN(4), Interpreter: rng.IntN(3) == 0}
		at := []int{1, 2, 3, 5, 20, 100}
		c, err := curve(t.Context(), j, m, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range c.Limits {
			seen[l.Name] = true
			if l.Time > c.Lowest().Time {
				t.Fatalf("%s bounds more than the lowest, %s", l.Name, c.Lowest().Name)
			}
			for i, n := range at {
				if s, ok := Ratio(c.One, c.Runs[i].Time); ok && s > c.Speedup(l, float64(n))*(1+1e-12) {
					t.Fatalf("%+v on %+v with %d workers: %g times as fast, but %s allows %g", j, m, n, s, l.Name, c.Speedup(l, float64(n)))
				}
			}
		}
	}
	if got := len(seen); got != 5 {
		t.Errorf("only %v were seen", seen)
	}
	if got := (&Curve{One: 5}).Speedup(Limit{"span", 0}, 7); got != 7 {
		t.Errorf("no span: got %g, want 7", got)
	}
}

func TestLosses(t *testing.T) {
	a := ask(t, record(t, recorded(t, "lock", 0.25, replay.Equal(1, 160, locked(ms), compute(3*ms)), replay.Machine{Workers: 16})), Question{})
	var got []string
	for _, p := range a.Recorded.Runs[slices.Index(a.At, 16)].Losses(2) {
		got = append(got, string(p.Name))
	}
	if d := cmp.Diff([]string{"lock", "imbalance"}, got); d != "" {
		t.Error(d)
	}
	if got := a.Recorded.Runs[0].Losses(2); len(got) != 0 {
		t.Errorf("one worker loses %v", got)
	}
}
