package machine

import (
	"fmt"
	"strconv"
)

// A TooManyError refuses more workers that compute than there are processors.
type TooManyError struct {
	Workers int
	Most    int // that can be measured, at least 1
	Facts   Facts
}

func (e *TooManyError) Error() string {
	f := e.Facts
	have := plural(f.Allowed, "processor") + " allowed"
	remedy := ""
	if f.Online > f.Allowed {
		have += " (" + f.AllowedList + " of " + strconv.Itoa(f.Online) + ")"
		remedy = ", or widen the affinity mask (taskset -p) or the cpuset"
	}
	if f.Quota != nil && *f.Quota > 0 && *f.Quota < float64(f.Allowed) {
		have += " and a quota of " + quotaText(*f.Quota)
		remedy = ", or raise the quota of the container"
	}
	return fmt.Sprintf("%s that compute cannot be measured here: %s: measure at most %d%s", plural(e.Workers, "worker"), have, e.Most, remedy)
}

// Most is how many workers that compute can run at once, each at full speed
// as far as affinity and quota say: at least 1. Siblings count as processors.
func (f Facts) Most() int {
	most := float64(f.Allowed)
	if f.Quota != nil && *f.Quota > 0 {
		most = min(most, *f.Quota)
	}
	return max(int(most), 1)
}

// CanMeasure says whether so many workers that compute can be measured. If
// not, the error is a [*TooManyError] that says what would help.
func (f Facts) CanMeasure(workers int) error {
	if most := f.Most(); workers > most {
		return &TooManyError{workers, most, f}
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
