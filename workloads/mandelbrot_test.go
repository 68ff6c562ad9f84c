package workloads

import "testing"

// Points whose fate is known: 0 and −1 are in the set, 1 leaves it at once.
func TestEscape(t *testing.T) {
	for _, tt := range []struct {
		x, y float64
		want int
	}{{0, 0, mandelbrotMost}, {-1, 0, mandelbrotMost}, {1, 0, 3}, {2, 2, 1}, {0.5, 0, 5}} {
		if got := escape2(tt.x, tt.y); got != tt.want {
			t.Errorf("%v + %vi: %d repetitions, want %d", tt.x, tt.y, got, tt.want)
		}
	}
}

// A block of a sixteenth of the rows in the middle has several times its share
// of the work, one at the edge next to nothing: that is the imbalance.
func TestRowsDiffer(t *testing.T) {
	work := make([]int, 16)
	all := 0
	for row := range mandelbrotRows {
		for k := range 64 {
			n := escape2(-2.2+3*float64(k)/64, -1.2+2.4*float64(row)/mandelbrotRows)
			work[row*16/mandelbrotRows] += n
			all += n
		}
	}
	mean := all / 16
	if work[0] > mean/10 || work[8] < 2*mean {
		t.Errorf("the first of 16 blocks has %d repetitions and the ninth %d, of %d on average: want less than a tenth, and twice that", work[0], work[8], mean)
	}
}
