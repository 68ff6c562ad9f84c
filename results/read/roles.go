package read

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// A role is what a column is, by its name.
type role int

const (
	other    role = iota // nothing says: a part of the series, if it tells rows apart
	axisX                // it counts workers
	timeY                // it is a time
	rateY                // it is a throughput
	latencyY             // it is the time that one of the workers waits
	speedupY             // it is a ratio of times
	derived              // it follows from others, or is a spread of them
	repeatOf             // it numbers repeats, or says when
)

// adjectiveRank is the rank of columns whose names may count workers or say how the
// work was done: MPI, parallel.
const adjectiveRank = 6

// roleOf says what a column is by its name, and how well the name says so: of
// two columns of one role, the one of the lower rank is taken.
func roleOf(name string) (r role, rank int) {
	if at := strings.Index(name, "±"); at > 0 {
		name = name[:at]
	}
	w := wordsOf(name)
	plain := strings.ToLower(strings.TrimSpace(name))
	letters := strings.TrimSpace(unitInBrackets.ReplaceAllString(plain, "")) // T_p [s]
	has := func(list ...string) bool {
		return slices.ContainsFunc(w, func(s string) bool { return slices.Contains(list, s) })
	}
	in := func(set map[string]bool) bool { return slices.ContainsFunc(w, func(s string) bool { return set[s] }) }
	perSecond := perTime.MatchString(plain)
	switch {
	case in(derivedSet):
		return derived, 0
	case has("efficiency", "eff", "stddev", "std", "sd", "dev", "err", "error", "stdev", "deviation", "variance", "var", "ci", "conf", "confidence", "ideal", "theoretical", "expected", "predicted", "linear", "overhead", "fraction", "karp", "flatt", "cv", "rsd", "percentile", "p50", "p90", "p95", "p99", "p999", "min", "max", "minimum", "maximum", "lower", "upper", "low", "high", "user", "sys", "system", "idle", "memory", "mem", "rss", "allocs", "iterations", "speedup_ideal", "amdahl", "gustafson", "usl", "estimated", "projected", "theory", "modelled", "modeled") && !has("wall", "elapsed"),
		has("cpu") && has("time", "seconds", "s"),
		has("cpu", "cpus", "core", "cores") && (has("usage", "util", "utilization", "utilisation", "load", "percent", "pct") || strings.Contains(name, "%")):
		if has("min", "max") && has("time") {
			return timeY, 50
		}
		return derived, 0
	case in(speedupSet), strings.TrimSpace(name) == "S", has("speedup", "speedups", "acceleration", "accel", "speeduprate") || has("speed") && has("up") || slices.Contains([]string{"s(p)", "s(n)", "sp", "s_p", "s_n"}, letters) || plain == "s(p)" || plain == "s(n)":
		return speedupY, 0
	case perSecond, has("tput", "throughput", "qps", "rps", "tps", "ops", "iops", "mops", "kops", "bandwidth", "gflops", "mflops", "flops", "tflops", "hz", "mbps", "gbps", "rate", "mips", "nps", "fps", "eps", "goodput"):
		if has("per") && has("thread", "core", "worker") || has("total", "count", "num", "number") && !perSecond && !has("tput", "throughput", "bandwidth", "rate") {
			return derived, 0
		}
		return rateY, 0
	case has("latency", "latencies", "lat", "rtt", "response"):
		switch {
		case has("mean", "avg", "average"):
			return latencyY, 0
		case has("median"):
			return latencyY, 1
		}
		return latencyY, 2
	}
	isTime := in(timeSet) || timeEach.MatchString(plain) || has("time", "times", "seconds", "secs", "sec", "elapsed", "wall", "walltime", "wallclock", "clock", "runtime", "duration", "real", "realtime", "milliseconds", "millis", "msec", "usec", "nanoseconds", "microseconds", "minutes", "exectime", "execution") ||
		slices.Contains([]string{"s", "ms", "us", "µs", "ns", "t", "t(p)", "t(n)", "tp", "t_p", "mean", "median", "avg", "average", "m"}, plain) ||
		slices.Contains([]string{"tp", "t_p", "t_n", "tn"}, letters) ||
		strings.HasPrefix(plain, "t(") || strings.HasPrefix(plain, "mean [") || strings.HasPrefix(plain, "mean (")
	counts := (slices.ContainsFunc(w, isWorkerWord) || isWorkerWord(plain)) && !unitBrackets(name)
	switch {
	case isTime && plain == "t" && !counts:
		return timeY, 40
	case isTime:
		rank = 10
		switch {
		case has("median"):
			rank = 1
		case has("mean", "avg", "average"):
			rank = 2
		case has("wall", "elapsed", "real", "walltime", "wallclock", "total", "overall"):
			rank = 3
		case plain == "time":
			rank = 4
		}
		return timeY, rank
	case has("timestamp", "date", "datetime", "run", "rep", "repeat", "repetition", "trial", "iteration", "iter", "sample", "attempt", "try", "id", "index", "idx", "seed", "round", "epoch", "no") && !counts, plain == "#", plain == "":
		return repeatOf, 0
	case counts:
		for i, list := range [][]string{{"workers", "worker", "nworkers"}, {"threads", "thread", "nthreads", "goroutines", "ranks", "procs", "processes", "processors"}, {"cores", "cpus", "cpu", "core"}, {"clients", "users", "connections"}} {
			if has(list...) {
				return axisX, i
			}
		}
		if has("mpi", "parallel", "concurrent") {
			return axisX, adjectiveRank
		}
		return axisX, 5
	case has("p") || plain == "p":
		return axisX, 20
	case plain == "n" || plain == "k" && false:
		return axisX, 21
	}
	return other, 0
}

var perTime = regexp.MustCompile(`(?i)(?:/\s?s(?:ec(?:ond)?)?\b|(?:\b|_)per[ _-]?s(?:ec(?:ond)?)?\b|/\s?min\b|\bpersec)`)

// timeEach is a time for each of some operations: ns/op, ms_per_step.
var timeEach = regexp.MustCompile(`(?i)(?:^|[^a-zµμ])(ns|us|µs|μs|ms|s|sec)(?:\s?/\s?|[ _]per[ _])(?:op|iter|iteration|call|item|task|req|request|step|query|row|frame|elem|element)s?(?:$|[^a-z])`)

// wordsOf are the words of a name, in lower case: num_threads, NumThreads and
// "# threads" all have threads.
func wordsOf(name string) []string {
	var all []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			all = append(all, strings.ToLower(b.String()))
			b.Reset()
		}
	}
	prev := rune(0)
	for _, c := range name {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c) && unicode.IsLetter(prev) && b.Len() > 0 && strings.EqualFold(b.String(), "p"):
			if unicode.IsUpper(c) && unicode.IsLower(prev) {
				flush()
			}
			b.WriteRune(c)
		case unicode.IsDigit(c) && b.Len() > 0 && b.String()[0] == 'p':
			b.WriteRune(c)
		default:
			flush()
		}
		prev = c
	}
	flush()
	for i := 0; i+1 < len(all); i++ { // num threads
		if joined := all[i] + all[i+1]; slices.Contains(workerWords, joined) {
			all = append(all, joined)
		}
	}
	return all
}

var unitInName = regexp.MustCompile(`(?i)(?:[(\[]\s*(?:in\s+)?([a-zµμ]+)\s*[)\]]|[_/. ]([a-zµμ]+)|^([a-zµμ]+))\s*$`)

// unitBrackets reports whether a name ends in a unit of time in brackets.
func unitBrackets(name string) bool {
	m := unitInName.FindStringSubmatch(name)
	if m == nil || m[1] == "" {
		return false
	}
	_, ok := secondsIn(m[1])
	return ok
}

// unitAtEnd is a unit that a capital sets off: timeMs, elapsedNs, TempoMS.
var unitAtEnd = regexp.MustCompile(`[a-z](Ms|MS|Us|US|Ns|NS|Sec|Secs|Seconds|Millis|Micros|Nanos|Minutes)$`)

// unitOf is the unit of time that the name of a column says, "" if none.
func unitOf(name string) string {
	name = strings.TrimSpace(name)
	if m := timeEach.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	if m := unitAtEnd.FindStringSubmatch(name); m != nil {
		return strings.ToLower(m[1])
	}
	m := unitInName.FindStringSubmatch(name)
	if m == nil {
		for _, w := range []string{"(s)", "[s]", "(ms)", "[ms]", "(us)", "[us]", "(µs)", "(ns)", "(sec)", "(seconds)", "[seconds]"} {
			if strings.Contains(strings.ToLower(name), w) {
				return strings.Trim(w, "()[]")
			}
		}
		return ""
	}
	for i, u := range m[1:] {
		if _, ok := secondsIn(u); ok && u != "" && u != "M" && !(i > 0 && (u == "h" || u == "m")) {
			return u
		}
	}
	return ""
}
