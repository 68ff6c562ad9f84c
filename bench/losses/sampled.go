package losses

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
)

// Sampled reads what a run without a trace has left in a directory: the profiles that package
// overlay takes of each timed region, in the order of the results. Where tracing slows a
// benchmark down, they are what is left.
//
// With p workers, p times the length of the region is paid for. Of it
//
//	running    CPU time of goroutines: that of the process, without garbage collection and
//	           without the samples that the scheduler has
//	gc         what the runtime says of garbage collection that the program waits or pays for
//	dispatch   CPU time of the scheduler, where it does not look for work
//	lock       of the rest, up to what goroutines waited for locks by the block profile or, if
//	           that is more, by the mutex profile
//	serial     of what is left, up to p − 1 times the CPU time of the goroutine of the benchmark
//	channel    of what is left, up to what the others waited at channels and conditions
//	dispatch   of what is left, up to the time for which goroutines were runnable
//	unattributed  what is left then
//
// So these are upper bounds where several things were waited for: profiles do not say what
// happened at the same time. Waiting for I/O and for a timer, imbalance, and waits of more than
// a millisecond at a channel are not in them: that time stays unattributed. A trace tells them, see [Read].
func Sampled(dir string) ([]*Result, error) {
	var all []*Result
	for n := 1; ; n++ {
		r, err := readSampled(filepath.Join(dir, strconv.Itoa(n)))
		if errors.Is(err, fs.ErrNotExist) {
			return all, nil // the text is written last
		}
		if err != nil {
			return all, fmt.Errorf("losses: %w", err)
		}
		all = append(all, r)
	}
}

// readSampled reads the files of one benchmark, whose names begin alike.
func readSampled(base string) (*Result, error) {
	text, err := os.ReadFile(base + ".txt")
	if err != nil {
		return nil, err
	}
	s, err := parseRegion(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s.txt: %w", base, err)
	}
	read := func(what string) *profile.Profile {
		if err != nil {
			return nil
		}
		var b []byte
		if b, err = os.ReadFile(base + "." + what); err != nil {
			err = fmt.Errorf("a profile is missing: %v", err) // and not that there is none at all
			return nil
		}
		p, perr := profile.Parse(bytes.NewReader(b))
		if perr != nil {
			err = fmt.Errorf("%s.%s: %w", base, what, perr)
		}
		return p
	}
	s.used = read("cpu")
	s.released = [2]*profile.Profile{read("mutex0"), read("mutex1")}
	s.waited = [2]*profile.Profile{read("block0"), read("block1")}
	if err != nil {
		return nil, err
	}
	return s.result()
}

// A region is what is known of a timed region without a trace. Times are in ns.
type region struct {
	name          string
	n, procs      int
	workers       float64
	time, cpu, gc float64
	runnable      float64 // of all goroutines
	watched       float64 // for how long the block profile was on

	used *profile.Profile
	// What the runtime added up before and after the region: waiting for locks by who
	// released them, and all waiting by who waited.
	released, waited [2]*profile.Profile
}

func parseRegion(text string) (*region, error) {
	f := strings.SplitN(strings.TrimSuffix(text, "\n"), " ", 9)
	if len(f) != 9 {
		return nil, fmt.Errorf("%q: nine words are needed", text)
	}
	s := &region{name: f[8]}
	var errs [8]error
	s.n, errs[0] = strconv.Atoi(f[1])
	s.procs, errs[1] = strconv.Atoi(f[2])
	for i, to := range []struct {
		at int
		v  *float64
	}{{0, &s.watched}, {3, &s.workers}, {4, &s.time}, {5, &s.cpu}, {6, &s.gc}, {7, &s.runnable}} {
		*to.v, errs[2+i] = strconv.ParseFloat(f[to.at], 64)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	time := func(v float64) bool { return v >= 0 && v < 1e18 }
	if s.n < 1 || s.procs < 1 || !(s.workers > 0 && s.workers < 1e9) || s.time == 0 || !time(s.time) || !time(s.cpu) || !time(s.gc) || !time(s.runnable) || !time(s.watched) {
		return nil, fmt.Errorf("%q: numbers above 0 are needed", text)
	}
	return s, nil
}

// result divides what was paid.
func (s *region) result() (*Result, error) {
	r := &Result{Name: s.name, N: s.n, Procs: s.procs, Workers: s.workers, Time: s.time, Sampled: true,
		Parts: map[contract.Cause]float64{}, stacks: map[*Stack]*costs{}}
	of := stacksOf{}
	alone, scheduling, searching, samples := 0.0, 0.0, 0.0, int64(0)
	for _, x := range s.used.Sample {
		if len(x.Value) < 2 || x.Value[1] <= 0 {
			continue
		}
		st, v := of.stack(x), float64(x.Value[1])
		samples += x.Value[0]
		if st == nil || ofRuntime(st.root()) && st.class != collecting {
			if st.searches() {
				searching += v
			} else {
				scheduling += v
			}
			continue
		}
		at := r.sampled(st, int(x.Value[0]), v)
		if st.ofBenchmark() {
			alone += v
			at.serial += v
		}
	}
	locks, err := grown(s.released)
	if err != nil {
		return nil, err
	}
	waits, err := grown(s.waited)
	if err != nil {
		return nil, err
	}
	lock, channel, all := 0.0, 0.0, 0.0
	if s.watched > 0 {
		all = max(1, s.time/s.watched) // for each wait that was seen
	}
	for _, x := range waits {
		switch st := of.stack(x); {
		case st == nil || st.ofBenchmark() || st.calls("sync.(*WaitGroup).Wait") || st.calls(contract.ProfilesSwitch):
		case st.class == inLock:
			lock += all * whole(x)
		case st.class == inChannel:
			channel += all * whole(x)
			r.costs(st).channel += whole(x)
		}
	}
	released := 0.0
	for _, x := range locks {
		if st := of.stack(x); st != nil && st.class == inLock {
			released += float64(x.Value[1])
			r.costs(st).lock += float64(x.Value[1])
		}
	}
	lock = max(lock, released) // the mutex profile is on all the time, and has few samples

	paid := s.workers * s.time
	left := paid
	take := func(v float64) float64 {
		v = min(max(v, 0), left)
		left -= v
		return v
	}
	gc := min(s.gc, s.cpu)
	used := s.cpu - gc
	seen := r.Own + r.LockCPU + r.ChannelCPU
	scale := 0.0 // from samples to CPU time
	if sum := seen + scheduling + searching; sum > 0 && samples >= leastSamples {
		scale = used / sum
		used = seen * scale
	}
	r.Running = take(used)
	r.Parts[contract.GC] = take(gc)
	r.Parts[contract.Dispatch] = take(scheduling * scale)
	r.Parts[contract.Lock] = take(lock)
	r.Parts[contract.Serial] = take(alone * scale * (s.workers - 1))
	r.Parts[contract.Channel] = take(channel)
	r.Parts[contract.Dispatch] += take(s.runnable)
	r.Parts[contract.Unattributed] = left
	r.scale(contract.Lock, func(c *costs) *float64 { return &c.lock })
	r.scale(contract.Channel, func(c *costs) *float64 { return &c.channel })
	r.finish()
	return r, nil
}

// scale makes what the stacks have of a cause add up to its part.
func (r *Result) scale(cause contract.Cause, of func(*costs) *float64) {
	sum := 0.0
	for _, at := range r.stacks {
		sum += *of(at)
	}
	for _, at := range r.stacks {
		if v := of(at); sum > 0 {
			*v *= r.Parts[cause] / sum
		}
	}
}

// grown is the samples of the second of two profiles that are added up, less those of the
// first.
func grown(p [2]*profile.Profile) ([]*profile.Sample, error) {
	p[0].Scale(-1)
	d, err := profile.Merge([]*profile.Profile{p[1], p[0]})
	if err != nil {
		return nil, fmt.Errorf("the profiles before and after the timed region do not fit together: %w", err)
	}
	return slices.DeleteFunc(d.Sample, func(x *profile.Sample) bool { return len(x.Value) < 2 || x.Value[1] <= 0 }), nil
}

// stacksOf makes stacks of the samples of several profiles, one for equal ones.
type stacksOf map[string]*Stack

// stack is the stack of a sample; nil if it has none.
func (o stacksOf) stack(x *profile.Sample) *Stack {
	var frames []Frame
	var key strings.Builder
	for _, l := range x.Location {
		for _, line := range l.Line { // the innermost of inlined calls first
			if line.Function == nil {
				continue
			}
			f := Frame{Function: line.Function.Name, File: line.Function.Filename, Line: int(line.Line)}
			frames = append(frames, f)
			fmt.Fprintf(&key, "%s\x00%s\x00%d\x00", f.Function, f.File, f.Line)
		}
	}
	if len(frames) == 0 {
		return nil
	}
	if o[key.String()] == nil {
		o[key.String()] = newStack(frames)
	}
	return o[key.String()]
}

// costs are those of a stack.
func (r *Result) costs(s *Stack) *costs {
	if r.stacks[s] == nil {
		r.stacks[s] = &costs{}
	}
	return r.stacks[s]
}

// searches reports whether it is the scheduler's, which finds nothing to run: it looks at the
// queues of other processors, or goes to sleep.
func (s *Stack) searches() bool {
	return s.calls("runtime.stealWork") || s.calls("runtime.stopm") || s.calls("runtime.checkRunqsNoP") || s.calls("runtime.netpoll")
}

// whole is the time of the waits of a sample of the block profile, with those that the profile
// did not see because they did not end before it was switched off: of waits of w in a stretch
// of s, w/s. Of waits that take nearly s or more it says little, and no more than ten times as
// much is believed.
func whole(x *profile.Sample) float64 {
	sum := float64(x.Value[1])
	mean := sum / float64(max(1, x.Value[0]))
	return sum / max(0.1, 1-mean/contract.ProfilesStretch)
}

// leastSamples is the fewest samples that say how much of the CPU time is the scheduler's; with
// fewer, none is.
const leastSamples = 5

// ofBenchmark reports whether it is a stack of the goroutine of the benchmark.
func (s *Stack) ofBenchmark() bool { return s.calls("testing.(*B).runN") }
