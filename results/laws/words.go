package laws

import (
	"fmt"

	"amdahl/results/words"
)

// percentRange writes the interval of a share behind the share, with its
// confidence.
func percentRange(iv *Interval, confidence float64) string {
	if iv == nil {
		return ""
	}
	return fmt.Sprintf(" (%s to %s with %g %% confidence)", words.Percent(iv.Low), words.Percent(iv.High), 100*confidence)
}

// plainRange writes the interval of a number behind the number.
func plainRange(iv *Interval) string {
	if iv == nil {
		return ""
	}
	return words.Range(iv.Low, iv.High, words.Number)
}
