// This file and its neighbours join package testing where a benchmark is to
// account for the time of its workers. Their package names begin with why, and
// the patched benchmark.go calls the methods of the field why of B.

package testing

import (
	"context"
	"flag"
	"fmt"
	"math"
	"runtime"
	"runtime/metrics"
	"runtime/trace"
	"strconv"
	"strings"
)

// What is counted while a timer runs; the order of whyUnits.
const (
	whyCPU = iota
	whyVoluntary
	whyInvoluntary
	whyGC
	whyRunnable
	whyLock
	whyCount
)

var whyUnits = [whyCount]string{"cpu-ns/op", "voluntary-switches/op", "involuntary-switches/op", "gc-ns/op", "runnable-ns/op", "lock-ns/op"}

// A whyReading is what the process has used so far, in ns and counts.
type whyReading [whyCount]float64

// whyKnown is what this system and this version of Go tell.
var whyKnown [whyCount]bool

func (r *whyReading) set(i int, v float64) { r[i], whyKnown[i] = v, true }

// A whyAccount is what a benchmark used while its timer ran.
type whyAccount struct {
	from, sum whyReading
	procs     int
	off       bool // the program does it itself: it was given a flag -why of its own

	fromMachine, sumMachine whyMachine
	fromCounters            whyCounters
	sumCounters             [2]float64 // where the program is traced
	counted                 bool       // in all stretches
	profiles                whyProfiles
	stretches               int  // of the timed region, in this run
	blind                   bool // the machine was not read in all of them
}

// whyMostStretches is how many stretches of the timed region are read: reading the
// machine takes some 100 µs, more than a stretch that is one of thousands.
const whyMostStretches = 32

// The runtime tells how long a goroutine was runnable for one transition in so
// many; it scales the time waited for locks itself.
const whySampled = 8

// Like memStats, the samples are those of every benchmark: their timers take
// turns. Reading does not allocate, but for the first time.
var whySamples = []metrics.Sample{
	{Name: "/cpu/classes/gc/mark/assist:cpu-seconds"},
	{Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"},
	{Name: "/cpu/classes/gc/pause:cpu-seconds"},
	{Name: "/sched/latencies:seconds"},
	{Name: whyLockName},
}

const whyLockName = "/sync/mutex/wait/total:seconds"

// begin is called last before the timer starts.
func (a *whyAccount) begin(b *B) {
	if a.off {
		return
	}
	if trace.IsEnabled() {
		procs := runtime.GOMAXPROCS(0)
		a.procs = procs
		defer whyMark("%s %d %g", whyMarkBegin, procs, a.workers(b.name))
	}
	if a.stretches++; a.stretches > whyMostStretches {
		a.blind = true
	}
	a.profiles.begin(a.stretches)
	if whyAll {
		a.from.runtime()
	}
	if !a.blind {
		a.fromMachine.processors()
		a.fromMachine.process()
	}
	if trace.IsEnabled() {
		a.fromCounters.read()
	}
	a.from.process()
}

// end is called first after the timer stopped.
func (a *whyAccount) end() {
	if a.off {
		return
	}
	if trace.IsEnabled() {
		whyMark("%s", whyMarkEnd)
	}
	var now whyReading
	now.process()
	if trace.IsEnabled() {
		c := &whyCountersNow
		c.read()
		a.counted = a.counted && c.known && a.fromCounters.known
		for i, v := range c.value {
			a.sumCounters[i] += v - a.fromCounters.value[i]
		}
	}
	if !a.blind {
		m := &whyNow
		m.process()
		m.processors()
		f, s := &a.fromMachine, &a.sumMachine
		s.known = m.known && f.known
		s.cpu += m.cpu - f.cpu
		s.delay += m.delay - f.delay
		s.busy += m.busy - f.busy
		s.stolen += m.stolen - f.stolen
		s.throttled += m.throttled - f.throttled
	}
	if whyAll {
		now.runtime()
	}
	a.profiles.end()
	a.procs = runtime.GOMAXPROCS(0)
	for i := range now {
		a.sum[i] += now[i] - a.from[i]
	}
}

// reset forgets what was counted. It is called before every run of a benchmark,
// and what it does itself is not counted: the timer is reset after it.
func (a *whyAccount) reset() {
	if f := flag.Lookup("why"); f != nil && f.Value.String() == "true" {
		a.off = true
		return
	}
	if trace.IsEnabled() {
		whyMark("%s", whyMarkReset)
	}
	a.profiles.reset()
	if whyAll && whySamples[0].Value.Kind() == metrics.KindBad {
		a.from.runtime() // makes room for the histogram
	}
	if !whyPrepared {
		whyNow.prepare()
		whyPrepared = true
	}
	if whyAll && trace.IsEnabled() {
		whyCountersNow.prepare()
	}
	a.sum, a.sumMachine = whyReading{}, whyMachine{}
	a.sumCounters, a.counted = [2]float64{}, true
	a.stretches, a.blind = 0, false
}

// whyMark writes a mark into the execution trace: the reader of the trace learns from
// it where the timed region is, and whose it is.
func whyMark(format string, args ...any) {
	trace.Log(context.Background(), whyCategory, fmt.Sprintf(format, args...))
}

// whyNow is the last reading of the machine.
var (
	whyNow         whyMachine
	whyCountersNow whyCounters
	whyPrepared    bool
)

// runtime reads what the Go runtime knows.
func (r *whyReading) runtime() {
	metrics.Read(whySamples)
	gc := 0.0
	for _, s := range whySamples {
		switch v := s.Value; {
		case v.Kind() == metrics.KindFloat64 && s.Name == whyLockName:
			r.set(whyLock, 1e9*v.Float64())
		case v.Kind() == metrics.KindFloat64:
			gc += 1e9 * v.Float64()
			r.set(whyGC, gc)
		case v.Kind() == metrics.KindFloat64Histogram:
			r.set(whyRunnable, 1e9*whySampled*whyTotal(v.Float64Histogram()))
		}
	}
}

// whyTotal is the sum of a histogram, each value taken for the middle of its
// bucket.
func whyTotal(h *metrics.Float64Histogram) float64 {
	total := 0.0
	for i, n := range h.Counts {
		low, high := h.Buckets[i], h.Buckets[i+1]
		if math.IsInf(low, -1) {
			low = high
		}
		if math.IsInf(high, 1) {
			high = low
		}
		total += float64(n) * (low + high) / 2
	}
	return total
}

// report adds the metrics, but none that the benchmark reported itself.
func (a *whyAccount) report(b *B) {
	if a.off || b.N <= 0 || b.extra == nil {
		return
	}
	if trace.IsEnabled() {
		whyMark("%s %d %d %s", whyMarkResult, b.N, a.procs, b.name)
	}
	a.profiles.report(fmt.Sprintf("%d %d %g %d %.0f %.0f %.0f %s", b.N, a.procs, a.workers(b.name), b.duration.Nanoseconds(), a.sum[whyCPU], a.sum[whyGC], a.sum[whyRunnable], b.name))
	metric := func(v float64, unit string) {
		if _, own := b.extra[unit]; !own {
			b.ReportMetric(max(v, 0)/float64(b.N), unit)
		}
	}
	for i, unit := range whyUnits {
		if whyKnown[i] && (whyAll || i == whyCPU) {
			metric(a.sum[i], unit)
		}
	}
	if m := &a.sumMachine; m.known && !a.blind {
		metric(m.delay, "run-delay-ns/op")
		metric(m.busy-m.cpu, "others-ns/op")
		if m.stolen > 0 {
			metric(m.stolen, "stolen-ns/op")
		}
		if m.throttled > 0 {
			metric(m.throttled, "throttled-ns/op")
		}
	}
	if c := a.sumCounters; a.counted && c[0] > 0 && c[1] > 0 {
		if whyUserOnly {
			metric(c[0], "user-instructions/op")
			metric(c[1], "user-cycles/op")
		} else {
			metric(c[0], "instructions/op")
			metric(c[1], "cycles/op")
		}
	}
	if whyAll {
		metric(a.workers(b.name)*float64(b.duration.Nanoseconds()), "paid-ns/op")
	}
}

// workers is the number in the benchmark's name behind the first of whyKeys
// that is there, else GOMAXPROCS as the timer stopped.
func (a *whyAccount) workers(name string) float64 {
	for _, key := range whyKeys {
		for _, part := range strings.Split(name, "/") {
			value, ok := strings.CutPrefix(part, key+"=")
			if !ok {
				continue
			}
			value, _, _ = strings.Cut(value, "-") // of GOMAXPROCS
			if n, err := strconv.ParseFloat(value, 64); err == nil && n > 0 {
				return n
			}
		}
	}
	return float64(a.procs)
}
