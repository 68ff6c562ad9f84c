package laws

import (
	"fmt"
	"math"
)

func percent(share float64) string { return short(100*share) + " %" }

// short prints three digits, and no exponent for numbers that people read.
func short(v float64) string {
	if a := math.Abs(v); a >= 1000 && a < 1e7 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func percentRange(iv *Interval, confidence float64) string {
	if iv == nil {
		return ""
	}
	return fmt.Sprintf(" (%s to %s with %g %% confidence)", percent(iv.Low), percent(iv.High), 100*confidence)
}

func plainRange(iv *Interval) string {
	switch {
	case iv == nil:
		return ""
	case math.IsInf(iv.High, 1):
		return fmt.Sprintf(" (%s or more)", short(iv.Low))
	}
	return fmt.Sprintf(" (%s to %s)", short(iv.Low), short(iv.High))
}

// workers prints a number of workers: "1 worker", "8 workers".
func workers(n float64) string {
	if n == 1 {
		return "1 worker"
	}
	return short(n) + " workers"
}
