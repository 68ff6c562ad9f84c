package machine

import (
	"math/rand/v2"
	"testing"
	"time"
)

// readings are canaries of so many microseconds.
func readings(us ...int) []Reading {
	var list []Reading
	for _, n := range us {
		list = append(list, Reading{Wall: time.Duration(n) * time.Microsecond})
	}
	return list
}

func TestSpoilt(t *testing.T) {
	calm := []int{20000, 20010, 20020, 20030, 20040, 20050, 20060, 20070}
	noisy := []int{20000, 20500, 21000, 21500, 22000, 22500, 23000, 23500}
	tests := []struct {
		name          string
		sofar, round  []int
		spoilt        bool
		least, atMost float64 // of the limit
	}{
		{"the first round, a little apart", nil, []int{20000, 23000}, false, 0.25, 0.25},
		{"the first round, grossly apart", nil, []int{20000, 40000}, true, 0.25, 0.25},
		{"calm, and calm again", calm, []int{20010, 20080}, false, 0.05, 0.05},
		{"calm, 4 % slower: below the floor", calm, []int{20010, 20850}, false, 0.05, 0.05},
		{"calm, 6 % slower before", calm, []int{21300, 20010}, true, 0.05, 0.05},
		{"calm, 6 % slower behind", calm, []int{20010, 21300}, true, 0.05, 0.05},
		{"noisy, 12 % slower", noisy, []int{23300, 20100}, false, 0.15, 0.25},
		{"noisy, twice as slow", noisy, []int{40000, 21000}, true, 0.15, 0.25},
		{"faster than ever", calm, []int{15000, 15000}, false, 0.05, 0.05},
		{"more than half disturbed", []int{20000, 20010, 20020, 30000, 31000, 30000, 33000, 30500}, []int{30000, 32000}, true, 0.25, 0.25},
		{"one canary", calm, []int{22000}, true, 0.05, 0.05},
		{"no canary", calm, nil, false, 0.05, 0.05},
		{"broken canaries", calm, []int{0, -5}, false, 0.05, 0.05},
	}
	for _, tt := range tests {
		got := Spoilt(readings(tt.sofar...), readings(tt.round...)...)
		if got.Spoilt != tt.spoilt || got.Limit < tt.least || got.Limit > tt.atMost {
			t.Errorf("%s: got %+v, want spoilt %v, a limit of %v to %v", tt.name, got, tt.spoilt, tt.least, tt.atMost)
		}
	}
}

// A round on a steady machine is seldom called spoilt, one with a neighbour
// that takes a fifth nearly always is, though 30 % of the rounds have one.
func TestSpoiltRates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	one := func(slower float64) Reading {
		return Reading{Wall: time.Duration(20e6 * (1 + slower) * (1 + 0.02*r.NormFloat64()))}
	}
	var sofar []Reading
	var calm, disturbed, falseAlarms, found int
	for i := range 1000 {
		slower := 0.0
		if r.Float64() < 0.3 {
			slower = 0.25
		}
		round := []Reading{one(0), one(slower)}
		j := Spoilt(sofar, round...)
		sofar = append(sofar, round...)
		if i < 10 {
			continue // it has to learn first
		}
		switch {
		case slower == 0 && j.Spoilt:
			falseAlarms++
			fallthrough
		case slower == 0:
			calm++
		case j.Spoilt:
			found++
			fallthrough
		default:
			disturbed++
		}
	}
	if float64(falseAlarms) > 0.01*float64(calm) || float64(found) < 0.9*float64(disturbed) {
		t.Errorf("%d of %d calm rounds called spoilt, %d of %d disturbed ones found: want at most 1 %%, at least 90 %%", falseAlarms, calm, found, disturbed)
	}
}
