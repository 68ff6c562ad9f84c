package machine

import (
	"fmt"
	"strings"
	"time"
)

// A Check looks at one thing that spoils measurements of scaling. Its look
// returns false if the thing was not looked at.
type Check struct {
	Name string
	Why  string // it matters for scaling
	look func(Observation) (Finding, bool)
}

// Checks are all checks, in the order in which they are told, and what they
// cost. A machine begins at A and loses a letter for every grade.
//
//	processors  allowed: 1 (5 grades), 2 or 3 (1)
//	quota       below the allowed processors (2)
//	SMT         allowed processors share a core (1)
//	virtual     a VM (1); a container costs nothing
//	governor    other than performance (1)
//	turbo       on (1)
//	steal       of the wanted time: since start from 0.5 %, while measured from 2 % (1); from 5 % (2)
//	throttled   by the quota while measured, or in 1 % of its periods before (1)
//	heat        slowed while measured (2); before: a note
//	given       a canary got less than 90 % of the processors just now (1), less than 60 % (2)
//	load        from 10 % of the processors, or pressure from 5 % (1); from 50 %, or 25 % (2); a note where
//	            a canary got the processors: the load is then over, as that of a build just before
//	together    busy processors give below 90 % of their number (1), below 60 % (2)
//	timer       a sleep of 1 ms is late by 1 ms or more (1)
//	scratch     in memory, on another machine, or 20 ms and more a write: a note
var Checks = []Check{
	{"processors", "a law shows itself over several levels: two or three fit any law", processorsCheck},
	{"quota", "a group that has used up its quota stands still for the rest of the period: the speedup stops at the quota", quotaCheck},
	{"SMT", "two threads of a core share its units and give about 1.3 processors' worth: the curve bends where they begin", smtCheck},
	{"virtual", "the host decides when a virtual processor runs, and whether two of them are one core", virtualCheck},
	{"governor", "a frequency that follows the load makes the first samples and the idle levels slow", governorCheck},
	{"turbo", "one busy core runs faster than many, which looks like a serial fraction", turboCheck},
	{"steal", "time given to other guests of the host is missing from some levels and not from others", stealCheck},
	{"throttled", "a level that was stopped for its quota measures the quota", throttledCheck},
	{"heat", "a hot processor slows down: the levels measured last look worse", heatCheck},
	{"given", "work that gets fewer processors than it asks for looks as if it did not scale", givenCheck},
	{"load", "other work takes processors from the levels that need all of them", loadCheck},
	{"together", "this is the speedup that perfectly parallel work can reach here", togetherCheck},
	{"timer", "work that waits is measured with sleeps and timeouts, and late ones lengthen it", timerCheck},
	{"scratch", "work on files waits for the disk of this directory", scratchCheck},
}

func processorsCheck(o Observation) (Finding, bool) {
	f := o.Facts
	if f.Allowed == 0 {
		return Finding{}, false
	}
	r := Finding{Mark: Good, Found: fmt.Sprintf("%d allowed", f.Allowed)}
	if f.Online > 0 {
		r.Found = fmt.Sprintf("%d of %d allowed", f.Allowed, f.Online)
	}
	if f.Physical > 0 {
		r.Found += ", " + plural(f.Physical, "core")
	}
	if f.Allowed < f.Online {
		r.Mark = Note
		r.Found += ": only " + f.AllowedList
		r.Help = "The affinity mask or a cpuset narrows them; if that is not meant, start from a shell without it."
	}
	switch {
	case f.Allowed == 1:
		r.Cost, r.Short = 5, "one processor"
		r.Help = "Work that computes cannot get faster here. Measure work that waits, or use another machine."
	case f.Allowed < 4:
		r.Cost = 1
		r.Help = strings.TrimSpace("Use a machine with four processors or more to tell the laws apart. " + r.Help)
	}
	return r, true
}

func quotaCheck(o Observation) (Finding, bool) {
	q := o.Facts.Quota
	if q == nil {
		return unknown(o.Facts.Unknown, "quota")
	}
	switch {
	case *q == 0:
		return Finding{Mark: Good, Found: "none"}, true
	case *q >= float64(o.Facts.Allowed):
		return Finding{Mark: Good, Found: quotaText(*q) + ", no less than the processors"}, true
	}
	return Finding{
		Cost: 2, Found: quotaText(*q) + " processors' worth of time", Short: "quota " + quotaText(*q),
		Help:     "Give the container a set of processors instead of a quota, as in:",
		Commands: []string{fmt.Sprintf("docker run --cpuset-cpus 0-%d ...", max(o.Facts.Allowed-1, 0))},
	}, true
}

func smtCheck(o Observation) (Finding, bool) {
	f := o.Facts
	if f.Siblings == nil {
		return unknown(f.Unknown, "SMT")
	}
	threads := plural(f.ThreadsPerCore, "thread") + " a core"
	if !*f.Siblings {
		return Finding{Mark: Good, Found: "no allowed processors share a core, " + threads}, true
	}
	return Finding{
		Cost: 1, Found: "allowed processors share cores, " + threads, Short: "SMT siblings",
		Help:     "Measure on one thread of each core, or switch the siblings off:",
		Commands: []string{"taskset -c " + f.OnePerCore + " amdahl ...", "echo off | sudo tee /sys/devices/system/cpu/smt/control"},
	}, true
}

func virtualCheck(o Observation) (Finding, bool) {
	vm, box := o.Facts.VM, o.Facts.Container
	if vm == "" && !inside(box) {
		return unknown(o.Facts.Unknown, "virtual")
	}
	r := Finding{Mark: Good, Found: "neither a VM nor a container"}
	var kinds []string
	if inside(vm) {
		r.Cost = 1
		r.Help = "Use a machine of its own, or a VM with dedicated (pinned) processors. Trust comparisons within a round, not single times."
		kinds = append(kinds, strings.TrimSuffix("a VM ("+vm+")", " (yes)"))
	}
	if inside(box) {
		r.Mark = Note
		kinds = append(kinds, "a container ("+box+"), which costs nothing by itself")
	}
	if len(kinds) > 0 {
		r.Found = strings.Join(kinds, "; ")
	}
	return r, true
}

func governorCheck(o Observation) (Finding, bool) {
	switch g := o.Facts.Governor; g {
	case "":
		return unknown(o.Facts.Unknown, "governor")
	case "performance":
		return Finding{Mark: Good, Found: g}, true
	default:
		return Finding{
			Cost: 1, Found: "set to " + g, Short: "governor " + g,
			Help:     "Keep the frequency up while you measure:",
			Commands: []string{"sudo cpupower frequency-set -g performance"},
		}, true
	}
}

func turboCheck(o Observation) (Finding, bool) {
	switch t := o.Facts.Turbo; {
	case t == nil:
		return unknown(o.Facts.Unknown, "turbo")
	case t.On:
		return Finding{Cost: 1, Found: "on", Short: "turbo on", Help: "Switch it off while you measure:", Commands: []string{t.Off}}, true
	}
	return Finding{Mark: Good, Found: "off"}, true
}

func timerCheck(o Observation) (Finding, bool) {
	t := o.Timing
	if t == nil {
		return Finding{}, false
	}
	r := Finding{Mark: Good, Found: fmt.Sprintf("a sleep of 1 ms is %s late, %s in one of a hundred", duration(t.Late), duration(t.LateMost))}
	if t.Late >= time.Millisecond {
		r.Cost, r.Short = 1, "timer "+duration(t.Late)+" late"
		r.Help = "Let tasks that wait take ten times as long as this, so that it does not count."
	}
	return r, true
}

func scratchCheck(o Observation) (Finding, bool) {
	f := o.Facts
	if f.FS == "" && f.Fsync == 0 {
		if r, ok := unknown(f.Unknown, "fsync"); ok {
			return r, true
		}
		return unknown(f.Unknown, "file system")
	}
	r := Finding{Mark: Good, Found: f.Dir}
	if f.FS != "" {
		r.Found += " is " + f.FS
	}
	if f.Fsync > 0 {
		r.Found += ", a write and fsync take " + duration(f.Fsync)
	}
	switch {
	case inMemory(f.FS):
		r.Mark, r.Help = Note, "It is kept in memory, so work on files measures the processor. Name a directory on a disk:"
		r.Commands = []string{"TMPDIR=/var/tmp amdahl ..."}
	case remote(f.FS):
		r.Mark, r.Help = Note, "It is on another machine, so work on files measures the network and its other users. Name a local directory:"
		r.Commands = []string{"TMPDIR=/var/tmp amdahl ..."}
	case f.Fsync >= 20*time.Millisecond:
		r.Mark, r.Help = Note, "Such a disk is slow: work that writes will hardly gain from more workers."
	}
	return r, true
}
