package replay

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// A span is a stretch of time.
type span struct{ start, end time.Duration }

// A section is a compute phase as the slices show it.
type section struct {
	kind  Kind
	asked time.Duration // for the lock or a core
	held  span          // of the lock
	waits []span        // for a core; the last of no length if it got one at once
	runs  []span
}

// A referee holds the slices of an outcome against the rules that the package
// documents. It knows nothing of how the simulator works.
type referee struct {
	*testing.T
	job      Job
	m        Machine
	out      *Outcome
	tasks    []Task
	cores    int // 0 is no limit
	serial   time.Duration
	sections []section
	handouts []Slice
	last     []time.Duration // when each worker ended
	done     []int           // how often each task ran
}

// judge fails the test unless the outcome follows the rules.
func judge(t *testing.T, j Job, m Machine, out *Outcome) {
	t.Helper()
	r := &referee{T: t, job: j, m: m, out: out, tasks: slices.Concat(j.Serial, j.Tasks), cores: m.Cores}
	if m.single() {
		r.cores = 1
	}
	for _, task := range j.Serial {
		r.serial += task.Time()
	}
	r.done = make([]int, len(r.tasks))
	r.last = make([]time.Duration, out.Workers)
	rest := out.Slices
	for w := range r.last {
		n := 0
		for n < len(rest) && rest[n].Worker == w {
			n++
		}
		r.worker(w, rest[:n])
		rest = rest[n:]
	}
	if len(rest) > 0 {
		t.Fatalf("slices of workers beyond %d, or not sorted: %v", out.Workers, rest[0])
	}
	for i, task := range r.tasks {
		if n := r.done[i]; n != 1 && task.Time() > 0 {
			r.Errorf("task %d ran %d times", i, n)
		}
	}
	r.hands()
	r.lock()
	r.compute()
	r.parts()
}

// worker holds one worker's slices against the phases of its tasks.
func (r *referee) worker(w int, list []Slice) {
	r.Helper()
	now := r.serial
	if w == 0 {
		now = 0
	}
	take := func(kind Kind, task int) (span, bool) {
		if len(list) == 0 || list[0].Kind != kind || list[0].Task != task {
			return span{now, now}, false
		}
		s := list[0]
		if s.Start != now || s.End <= s.Start || s.Worker != w {
			r.Fatalf("worker %d: slice %+v at %v: a gap, an overlap or no time", w, s, now)
		}
		now, list = s.End, list[1:]
		return span{s.Start, s.End}, true
	}
	coreWait := CoreWait
	if r.m.single() {
		coreWait = InterpreterWait
	}
	before, last := -1, -1 // the chunk and the task
	for len(list) > 0 {
		task := list[0].Task
		serial := task < len(r.job.Serial)
		if chunk := (task - len(r.job.Serial)) / max(1, r.m.Chunk); !serial && r.m.Dispatch > 0 && chunk != before {
			s := list[0]
			if _, ok := take(Dispatch, task); !ok {
				r.Fatalf("worker %d: task %d was not handed out: %+v", w, task, list[0])
			}
			r.handouts = append(r.handouts, s)
			before = chunk
			continue
		}
		if task <= last || r.tasks[task].Time() == 0 {
			r.Fatalf("worker %d: task %d after task %d", w, task, last)
		}
		last = task
		r.done[task]++
		for _, p := range r.tasks[task] {
			switch {
			case p.Time == 0:
			case p.Kind == Wait:
				if s, _ := take(Wait, task); s.end-s.start != p.Time {
					r.Fatalf("task %d: waited %v, want %v", task, s.end-s.start, p.Time)
				}
			default:
				sec := section{kind: p.Kind, asked: now}
				if p.Kind == Locked {
					take(LockWait, task)
				}
				sec.held.start = now
				for ran := time.Duration(0); ran < p.Time; {
					wait, _ := take(coreWait, task)
					run, ok := take(p.Kind, task)
					if !ok {
						r.Fatalf("task %d: %v of a phase of %v, then %v", task, ran, p.Time, list)
					}
					ran += run.end - run.start
					sec.waits, sec.runs = append(sec.waits, wait), append(sec.runs, run)
					if ran > p.Time {
						r.Fatalf("task %d: %v of a phase of %v", task, ran, p.Time)
					}
				}
				sec.held.end = now
				if !serial {
					r.sections = append(r.sections, sec)
				} else if sec.held.start != sec.asked || len(sec.runs) > 1 || sec.waits[0].start != sec.waits[0].end {
					r.Errorf("serial task %d had to wait: %+v", task, sec)
				}
			}
		}
	}
	r.last[w] = now
}

// hands checks that hand-outs follow each other, in order, without a pause,
// and that nobody was idle before the last one.
func (r *referee) hands() {
	slices.SortStableFunc(r.handouts, func(a, b Slice) int { return cmp.Compare(a.Task, b.Task) })
	free := r.serial
	for i, s := range r.handouts {
		if want := max(free, s.Start) + r.m.Dispatch; s.End != want || i > 0 && s.Start < r.handouts[i-1].Start {
			r.Errorf("hand-out %d is %+v, want it to end at %v and in order", i, s, want)
		}
		free = s.End
	}
	asked := r.serial // when the last task was taken, or later than that
	for _, s := range r.out.Slices {
		if s.Task == len(r.tasks)-1 && s.Task >= len(r.job.Serial) {
			asked = s.Start
			break
		}
	}
	if r.m.Chunk > 1 {
		asked = r.serial
	}
	for w, end := range r.last {
		if len(r.job.Tasks) >= r.out.Workers && end < asked {
			r.Errorf("worker %d was idle from %v, but a task was taken at %v", w, end, asked)
		}
	}
}

// lock checks mutual exclusion, order and that the lock is never left alone.
func (r *referee) lock() {
	var held []section
	for _, s := range r.sections {
		if s.kind == Locked {
			held = append(held, s)
		}
	}
	slices.SortFunc(held, func(a, b section) int { return cmp.Compare(a.held.start, b.held.start) })
	for i, s := range held {
		if i == 0 {
			if s.asked != s.held.start {
				r.Errorf("the first to want the lock waited from %v to %v", s.asked, s.held.start)
			}
			continue
		}
		before := held[i-1]
		if want := max(s.asked, before.held.end); s.held.start != want || s.asked < before.asked {
			r.Errorf("lock asked for at %v, had at %v, want %v; the one before asked at %v", s.asked, s.held.start, want, before.asked)
		}
	}
}

// compute checks the cores: never more in use than there are, all in use while
// somebody waits, first come first served, and quanta.
func (r *referee) compute() {
	type change struct {
		at            time.Duration
		running, wait int
	}
	var changes []change
	var all []span // every turn: when it was asked for, and when it began
	for _, s := range r.sections {
		for i, run := range s.runs {
			w := s.waits[i]
			changes = append(changes, change{run.start, 1, 0}, change{run.end, -1, 0}, change{w.start, 0, 1}, change{w.end, 0, -1})
			all = append(all, w)
		}
	}
	slices.SortFunc(changes, func(a, b change) int { return cmp.Compare(a.at, b.at) })
	running, waiting := 0, 0
	for i, c := range changes {
		running, waiting = running+c.running, waiting+c.wait
		if i+1 < len(changes) && changes[i+1].at == c.at {
			continue
		}
		if r.cores > 0 && running > r.cores || waiting > 0 && running != r.cores {
			r.Errorf("at %v %d compute on %d cores and %d wait", c.at, running, r.cores, waiting)
		}
	}
	slices.SortFunc(all, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	for i := 1; i < len(all); i++ {
		if all[i].end < all[i-1].end {
			r.Errorf("asked for a core at %v, had it at %v; another asked at %v, had it at %v", all[i-1].start, all[i-1].end, all[i].start, all[i].end)
		}
	}
	r.quanta(all)
}

// quanta checks when turns on a core end.
func (r *referee) quanta(waits []span) {
	q := r.m.Quantum
	if r.m.single() {
		q = cmp.Or(r.m.Switch, 5*time.Millisecond)
	}
	for _, s := range r.sections {
		for i, run := range s.runs {
			if q == 0 {
				if i > 0 {
					r.Errorf("a phase without a quantum was interrupted: %+v", s)
				}
				continue
			}
			cut := i+1 < len(s.runs)
			due := false // somebody waited at the end, long enough
			own := cut   // the wait that follows is among them
			for _, w := range waits {
				if own && w == s.waits[i+1] {
					own = false
					continue
				}
				if r.m.single() {
					end := max(w.start, run.start) + q
					if end < run.end && end < w.end && w.end > run.start {
						r.Errorf("computed at %+v, but %+v waited longer than %v", run, w, q)
					}
					due = due || w.end == run.end && end == run.end
					continue
				}
				for end := run.start + q; end < run.end; end += q {
					if w.start < end && end < w.end {
						r.Errorf("computed at %+v with quantum %v, but %+v waited", run, q, w)
					}
				}
				due = due || (run.end-run.start)%q == 0 && w.start <= run.end && w.end >= run.end
			}
			if cut && !due {
				r.Errorf("turn %d of %+v was cut for nobody, quantum %v", i, s, q)
			}
		}
	}
}

// parts adds the slices up.
func (r *referee) parts() {
	want := contract.Parts{contract.Serial: time.Duration(r.out.Workers-1) * r.serial}
	cause := map[Kind]contract.Cause{
		Compute: contract.Useful, Locked: contract.Useful, Wait: contract.IO, Dispatch: contract.Dispatch,
		LockWait: contract.Lock, InterpreterWait: contract.Interpreter, CoreWait: contract.Queued,
	}
	end := r.serial
	for _, s := range r.out.Slices {
		want[cause[s.Kind]] += s.End - s.Start
		end = max(end, s.End)
	}
	for _, last := range r.last {
		want[contract.Imbalance] += end - max(last, r.serial)
	}
	same := true
	for _, c := range contract.Causes {
		same = same && r.out.Parts[c] == want[c]
	}
	if r.out.Time != end || !same {
		r.Errorf("time %v and parts %+v, the slices give %v and %+v", r.out.Time, r.out.Parts, end, want)
	}
	if got, all := r.out.Parts.Sum(), time.Duration(r.out.Workers)*r.out.Time; got != all {
		r.Errorf("parts add up to %v, want %v", got, all)
	}
}
