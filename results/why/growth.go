package why

import (
	"math"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/stats"
)

// A baseline is what a task needs at one worker, in seconds.
type baseline struct {
	running, runningErr, own, ownErr, lock, channel, delay float64

	runs   int
	counts *counts // nil if there are none
}

func newBaseline(runs []run, tasks float64) *baseline {
	tasks = max(tasks, 1)
	b := &baseline{runs: len(runs)}
	b.running, b.runningErr = mean(runs, sec(contract.UnitRunning))
	b.own, b.ownErr = sampled(runs, sec(contract.UnitOwn))
	b.lock, _ = mean(runs, sec(contract.UnitLockCPU))
	b.channel, _ = mean(runs, sec(contract.UnitChannelCPU))
	b.delay, _ = mean(runs, sec(contract.UnitDelay))
	b.counts = newCounts(runs, 0)
	for _, v := range []*float64{&b.running, &b.runningErr, &b.own, &b.ownErr, &b.lock, &b.channel, &b.delay} {
		*v /= tasks
	}
	return b
}

// level makes a level of its traced runs. With R the time for which goroutines ran and R₁
// that at one worker,
//
//	useful = min(R, R₁)
//
// and R − R₁, the growth, goes to, in this order and as far as it reaches,
//
//	lock, channel   what the CPU samples inside of their operations grew: spinning
//	inflation       what the CPU samples of the program itself grew, or by hardware counters
//	                what the same instructions take longer, see counts.longer, if that is more
//	runnable        the run delay of threads, if others used processors or there are more
//	                workers than processors
//	lock, channel,  the rest, in proportion to what was waited for each: hand-over, calls of
//	dispatch        the kernel and switches of threads, which show as running
//	inflation       the rest, where next to nothing was waited for
//
// Growth of the program's samples within two standard errors counts as none where
// something was waited for; where nothing was, growth of R within its 95 % interval does, and
// is useful: [Level.Unseen] says how much that may be. A nil baseline divides nothing: all
// that ran is useful. sum is what the parts add up to, as a share of what was paid; they are
// scaled if that is above 1.
func (b *baseline) level(p results.Point, runs []run, processors float64) (l Level, sum float64) {
	parts := map[*Cause]float64{}
	for _, c := range All {
		if v, _ := mean(runs, c.unit()); v > 0 && c != Useful && c != Inflation {
			parts[c] = v
		}
	}
	longer, unseen := 0.0, 0.0
	all, _ := mean(runs, paid)
	ran, _ := mean(runs, sec(contract.UnitRunning))
	if b == nil {
		parts[Useful] = ran
	} else {
		longer, unseen = b.grow(parts, p, runs, all, processors)
	}
	known := 0.0
	for _, v := range parts {
		known += v
	}
	parts[Unattributed] += max(0, all-known)
	sum = known / all
	known = max(known, all)
	var times []float64
	for _, s := range p.Samples {
		times = append(times, s.Time)
	}
	l = Level{Workers: p.Workers, Samples: len(runs), Paid: p.Workers * stats.Median(times), Longer: longer, Unseen: unseen / all}
	l.grew = b != nil && unseen == 0 && ran > b.running*max(p.Tasks, 1)
	for _, c := range All {
		if v, ok := parts[c]; ok || c == Useful || c == Inflation {
			l.Parts = append(l.Parts, Part{c, v / known})
		}
	}
	return l, sum
}

// grow divides the running time of a level. It returns [Level.Longer], and the growth that
// would not be seen, in seconds.
func (b *baseline) grow(parts map[*Cause]float64, p results.Point, runs []run, all, processors float64) (longer, unseen float64) {
	tasks := max(p.Tasks, 1)
	ran, stderrRan := mean(runs, sec(contract.UnitRunning))
	parts[Useful] = min(ran, b.running*tasks)
	left := ran - parts[Useful]
	give := func(c *Cause, v float64) {
		v = min(max(v, 0), left)
		parts[c] += v
		left -= v
	}
	lock, _ := mean(runs, sec(contract.UnitLockCPU))
	channel, _ := mean(runs, sec(contract.UnitChannelCPU))
	own, stderr := sampled(runs, sec(contract.UnitOwn))
	give(Lock, lock-b.lock*tasks)
	give(Channel, channel-b.channel*tasks)
	waits := []*Cause{Lock, Channel, Dispatch}
	waited := 0.0
	for _, c := range waits {
		waited += parts[c]
	}
	explains := waited > someWaits*all
	grown := own - b.own*tasks
	if explains && grown <= 2*math.Hypot(stderr, b.ownErr*tasks) {
		grown = 0
	}
	if c := newCounts(runs, (lock+channel)-(b.lock+b.channel)*tasks); c != nil && b.counts != nil {
		var off float64
		longer, off = c.longer(b.counts)
		if !explains || longer-1 > 2*off {
			grown = max(grown, (longer-1)*b.running*tasks)
		}
	}
	noise := b.noise(tasks, stderrRan, len(runs))
	seen := explains || left > noise
	if !seen {
		grown = 0
	}
	give(Inflation, grown)
	delay, _ := mean(runs, sec(contract.UnitDelay))
	others, _ := mean(runs, sec(contract.UnitOthers))
	if traced, _ := mean(runs, sec(contract.UnitTraced)); processors > 0 && (p.Workers > processors || others > mostOthers*processors*traced) {
		give(Runnable, delay-b.delay*tasks)
	}
	if !explains {
		if seen {
			give(Inflation, left)
			return longer, 0
		}
		parts[Useful] += left
		return longer, noise
	}
	rest := left
	shares := map[*Cause]float64{}
	for _, c := range waits {
		shares[c] = parts[c] / waited
	}
	for _, c := range waits {
		give(c, rest*shares[c])
	}
	return longer, 0
}

// noise is half the 95 % interval of by how much the running time grew (Welch); 0 where the
// runs do not tell it.
func (b *baseline) noise(tasks, stderr float64, runs int) float64 {
	one, n := b.runningErr*tasks, stderr
	if v := one*one + n*n; b.runs > 1 && runs > 1 && v > 0 {
		df := v * v / (one*one*one*one/float64(b.runs-1) + n*n*n*n/float64(runs-1))
		return stats.StudentT(0.95, df) * math.Sqrt(v)
	}
	return 0
}

// mean is the mean of a metric over runs, and the standard error of that mean.
func mean(runs []run, unit string) (m, stderr float64) {
	var list []float64
	for _, r := range runs {
		list = append(list, r[unit])
	}
	return meanOf(list)
}

// sampled is the mean of a metric that counts samples, with its standard error: the larger
// one of what the runs show and of what as many independent samples have (Poisson).
func sampled(runs []run, unit string) (m, stderr float64) {
	m, stderr = mean(runs, unit)
	one, _ := mean(runs, sec(contract.UnitSample))
	return m, max(stderr, math.Sqrt(max(m, one)*one/float64(len(runs))))
}
