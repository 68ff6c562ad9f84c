package why

import (
	"fmt"

	"amdahl/results/words"
)

const (
	// mostScale is by which factor what traced rounds lost may differ from what timed rounds
	// lost, so that their proportions can stand for those of the timed ones.
	mostScale = 2
	// leastLost is the share of the paid time below which nothing is scaled.
	leastLost = 0.03
)

// anchor makes what is useful at every level what it is at one worker, in seconds: how much
// is lost is for the timed rounds to say, and in what proportion by which cause for the
// traced ones. With u the useful time at one worker, and s the useful share of a level by its
// traced rounds, every other part is multiplied by
//
//	k = (1 − u/paid) / (1 − s)
//
// Without noise k is 1. A level at which k is above 2 or below ½ is left as it is, with a
// warning. So is, without one, a level at which next to nothing is lost or goroutines ran for
// less time than at one worker: what is useful is less there.
func anchor(levels []Level) (warnings []error) {
	useful := 0.0
	for _, l := range levels {
		if share, ok := l.Share(Useful); ok && l.Workers == 1 {
			useful = share * l.Paid
		}
	}
	if useful == 0 {
		return nil
	}
	for _, l := range levels {
		share, ok := l.Share(Useful)
		if left := 1 - useful/l.Paid; ok && l.grew && 1-share > leastLost {
			k := left / (1 - share)
			if k < 1./mostScale || k > mostScale {
				warnings = append(warnings, fmt.Errorf("at %s the traced rounds spent %s of what was paid on something else than useful compute, and the timed ones %s: the causes there are those of the traced rounds", words.Workers(l.Workers), words.Share(1-share), words.Share(max(0, left))))
				continue
			}
			for i := range l.Parts {
				if l.Parts[i].Cause == Useful {
					l.Parts[i].Share = 1 - left
				} else {
					l.Parts[i].Share *= k
				}
			}
		}
	}
	return warnings
}
