package laws

import (
	"fmt"
	"math"

	"amdahl/results/words"
)

// percentRange writes the interval of a share behind the share, with its
// confidence.
func percentRange(iv *Interval, confidence float64) string {
	if iv == nil {
		return ""
	}
	return fmt.Sprintf(" (%s to %s with %g %% confidence)", percent(iv.Low), percent(iv.High), 100*confidence)
}

// plainRange writes the interval of a number behind the number.
func plainRange(iv *Interval) string {
	if iv == nil {
		return ""
	}
	return words.Range(iv.Low, iv.High, words.Ratio)
}

// percent writes a share of T(1). What is below a billionth is rounding, and what
// is below 0.001 % is called that.
func percent(share float64) string {
	switch a := math.Abs(share); {
	case a < 1e-9:
		return "0 %"
	case a < 1e-5:
		return "less than 0.001 %"
	}
	return words.Percent(share)
}
