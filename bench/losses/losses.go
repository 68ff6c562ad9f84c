// Package losses counts where the worker time of a Go benchmark went, from an execution
// trace in which package testing has marked the timed region (see package overlay).
//
//	all, err := losses.Read(trace)    // one for every benchmark that the trace has
//	all[0].Metrics()                  // what a benchmark line says of it
//	all[0].Profile().Write(file)      // for go tool pprof: which lines of the code it were
//
// # The rules
//
// With p workers, p times the length of the timed region is paid for. At every moment of
// it, each goroutine that runs takes one worker. Workers that are left over are counted
// under what the goroutines that do not run are waiting for, in this order, one each:
//
//	gc         garbage collection: an assist without work, a stopped world
//	lock       blocked in a Mutex, a RWMutex or a semaphore, and from its release until it runs
//	dispatch   runnable for another reason, while a processor is idle
//	runnable   runnable for any reason, while all processors are busy
//	channel    blocked at a channel or a condition variable, and until it runs
//	io         blocked in a system call, at the network, in a sleep
//	serial     nothing waits, and the goroutine of the benchmark runs: there is no other work
//	imbalance  nothing waits, and the goroutine of the benchmark waits for those that run
//
// The goroutine of the benchmark is the one that started the timer. What it waits for at
// a channel or a WaitGroup is the work of the others, so that it is no waiting of its own;
// and a goroutine that it lets go on at a channel has waited for work, not for a lock: that
// time is counted as serial or imbalance. Goroutines of the runtime, and goroutines that
// were blocked when the timer started, are counted from the moment at which they run.
//
// Running goroutines are divided further by the samples of the CPU profile, which the trace
// holds if the profile was recorded at the same time: time inside of the operations of
// locks and of channels (spinning, hand-over), and the program's own. What of it is useful
// can be said only beside the level of one worker: the reader of the metrics does that.
//
// # What it is worth
//
// Measured on two processors with planted losses: waiting for locks is 0.72 to 0.97 of the
// loss by the trace alone. The rest is spinning, calls of the kernel and switches between
// threads, during which a goroutine is "running": 0.93 to 1.01 together with what the
// level of one worker leaves over. Sections of 1 µs are spun and not slept: the trace has
// 0.02 of their loss, the samples 0.86. So both are needed.
package losses

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"amdahl/bench/contract"
	"amdahl/bench/transitions"
)

// A Result is what one benchmark spent in its timed region. Times are in ns.
type Result struct {
	Name    string // without "Benchmark" it is the name of the series: "BenchmarkIndex/size=4"
	N       int    // operations, at least 1
	Procs   int    // GOMAXPROCS
	Workers float64
	Time    float64 // of the timed region, above 0

	// Parts is the time of workers that did not run, by cause. With Running they add up to
	// Workers · Time.
	Parts map[contract.Cause]float64
	// Running is the time of running goroutines, as far as there are workers for them,
	// without garbage collection.
	Running float64
	// Own, LockCPU and ChannelCPU are CPU time by samples, and Samples is their number: 0
	// if there was no CPU profile.
	Own, LockCPU, ChannelCPU float64
	Samples                  int
	// Sampled says that it was made without a trace, see [Sampled].
	Sampled bool

	stacks map[*Stack]*costs
}

// Metrics are the values and the units of a benchmark line, all of one operation.
func (r *Result) Metrics() []Metric {
	list := []Metric{
		{r.Time, contract.UnitTraced}, {r.Workers * r.Time, contract.UnitPaid}, {r.Running, contract.UnitRunning},
	}
	if r.Samples > 0 {
		list = append(list, Metric{r.Own, contract.UnitOwn}, Metric{r.LockCPU, contract.UnitLockCPU},
			Metric{r.ChannelCPU, contract.UnitChannelCPU}, Metric{samplePeriod, contract.UnitSample})
	}
	for _, c := range waitingCauses {
		list = append(list, Metric{r.Parts[c], c.Unit()})
	}
	for i := range list {
		list[i].Value /= float64(r.N)
	}
	return list
}

// A Metric is one number of a benchmark line.
type Metric struct {
	Value float64
	Unit  string
}

// waitingCauses are the causes of Result.Parts, in the order in which they are written.
var waitingCauses = []contract.Cause{
	contract.IO, contract.Serial, contract.Lock, contract.Channel, contract.Runnable, contract.Dispatch,
	contract.Imbalance, contract.GC, contract.Unattributed,
}

// Line is the name with which package testing prints the result: with GOMAXPROCS behind
// it, unless that is 1.
func (r *Result) Line() string {
	if r.Procs == 1 {
		return r.Name
	}
	return r.Name + "-" + strconv.Itoa(r.Procs)
}

// samplePeriod is the CPU time between two samples of a profile of package testing, in ns:
// it takes 100 a second.
const samplePeriod = 1e7

// ErrNoMarks is the error for a trace in which no timed region is marked.
var ErrNoMarks = errors.New("no benchmark is marked in the trace: compile it with amdahl run --why")

// Read reads a trace to its end. Its memory grows with the number of goroutines that are
// alive and with the number of different stacks, not with the length of the trace.
func Read(r io.Reader) ([]*Result, error) {
	in, err := transitions.NewFullReader(r)
	if err != nil {
		return nil, fmt.Errorf("losses: %w", err)
	}
	t, c := newTranslator(in.Tables), newCounter()
	err = in.Each(func(e *transitions.Event) error {
		if x, ok := t.event(e); ok {
			return c.event(x)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("losses: %w", err)
	}
	if len(c.results) == 0 {
		return nil, fmt.Errorf("losses: %w", ErrNoMarks)
	}
	return c.results, nil
}

// A mark is a message of [contract.MarkCategory].
type mark struct {
	word     string
	n, procs int
	workers  float64
	name     string
}

// parseMark reads a message.
func parseMark(text string) (mark, error) {
	word, rest, _ := strings.Cut(text, " ")
	m := mark{word: word}
	var err error
	switch word {
	case contract.MarkReset, contract.MarkEnd:
	case contract.MarkBegin:
		_, err = fmt.Sscanf(rest, "%d %g", &m.procs, &m.workers)
		if err == nil && (m.procs < 1 || !(m.workers > 0)) {
			err = errors.New("numbers above 0 are needed")
		}
	case contract.MarkResult:
		_, err = fmt.Sscanf(rest, "%d %d", &m.n, &m.procs)
		if f := strings.SplitN(rest, " ", 3); len(f) == 3 {
			m.name = f[2]
		} else if err == nil {
			err = errors.New("a name is needed")
		}
		if err == nil && m.n < 1 {
			err = errors.New("it has no operation")
		}
	default:
		err = errors.New("this word is not known")
	}
	if err != nil {
		return m, fmt.Errorf("the mark %q in the trace cannot be read: %w", text, err)
	}
	return m, nil
}
