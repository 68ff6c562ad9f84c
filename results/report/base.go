package report

import (
	"slices"
	"strings"

	"amdahl/results/groups"
	"amdahl/results/laws"
	"amdahl/results/words"
)

// base states the base case of a group in absolute seconds: the best time of
// a series at one worker, and the best of those that were measured there
// only, such as a serial loop. Times on different cores have nothing to do
// with one another, so there is one of each for each kind of cores.
func base(g groups.Group) string {
	var serial, one bests
	for i, a := range g.Analyses {
		l := a.Levels
		if len(l) == 0 || l[0].N != 1 || a.Curve.Relative || a.Verdict == laws.TooFewSoundRounds {
			continue
		}
		b := best{a.Curve.Name.Cores(), g.Short[i], l[0].Time}
		if len(l) == 1 {
			serial = serial.or(b)
		} else {
			one = one.or(b)
		}
	}
	var parts []string
	if len(serial) > 0 {
		parts = append(parts, "best serial time "+serial.String())
	}
	if len(one) > 0 {
		parts = append(parts, "best time at one worker "+one.String())
	}
	return strings.Join(parts, "; ")
}

// A best is the smallest time on one kind of cores, and whose it is.
type best struct {
	cores string
	name  string
	time  laws.Estimate
}

type bests []best

// or is the bests with another time beside them.
func (bs bests) or(b best) bests {
	switch i := slices.IndexFunc(bs, func(c best) bool { return c.cores == b.cores }); {
	case i < 0:
		return append(bs, b)
	case b.time.Value < bs[i].time.Value:
		bs[i] = b
	}
	return bs
}

func (bs bests) String() string {
	var texts []string
	for _, b := range bs {
		texts = append(texts, seconds(b.time).String()+" ("+words.Clean(b.name)+")")
	}
	return strings.Join(texts, ", ")
}
