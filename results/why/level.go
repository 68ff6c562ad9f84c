package why

import (
	"cmp"
	"slices"
)

// Share returns the share of a cause; ok reports whether the level has it.
func (l Level) Share(c *Cause) (share float64, ok bool) {
	i := slices.IndexFunc(l.Parts, func(p Part) bool { return p.Cause == c })
	if i < 0 {
		return 0, false
	}
	return l.Parts[i].Share, true
}

// Lost is the share of the paid time that the best serial run would not have paid,
// without unattributed time.
func (l Level) Lost() float64 {
	lost := 0.0
	for _, p := range l.Losses() {
		lost += p.Share
	}
	return lost
}

// Largest returns the largest loss; ok is false if there is no loss.
func (l Level) Largest() (p Part, ok bool) {
	all := l.Losses()
	if len(all) == 0 {
		return Part{}, false
	}
	return all[0], true
}

// Losses returns the parts that the best serial run does not have, the largest
// first.
func (l Level) Losses() []Part {
	list := slices.DeleteFunc(slices.Clone(l.Parts), func(p Part) bool { return !p.Loss || p.Share == 0 })
	slices.SortStableFunc(list, func(a, b Part) int { return cmp.Compare(b.Share, a.Share) })
	return list
}

// seen is the least share that is worth a word or a line of a legend.
const seen = 0.0005

// Causes returns the causes of all levels, in the order of All: some have a share
// of at least 0.05 % at one level or more, none were measured and have less at every
// level.
func (s *Stack) Causes() (some, none []*Cause) {
	for _, c := range All {
		known, much := false, false
		for _, l := range s.Levels {
			share, ok := l.Share(c)
			known, much = known || ok, much || share >= seen
		}
		switch {
		case much:
			some = append(some, c)
		case known:
			none = append(none, c)
		}
	}
	return some, none
}
