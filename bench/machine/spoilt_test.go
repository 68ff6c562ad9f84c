package machine

import (
	"math"
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
		{"the first round, a little apart", nil, []int{20000, 23000}, false, 0.25, 0.7},
		{"the first round, grossly apart", nil, []int{20000, 40000}, true, 0.25, 0.25},
		{"calm, and calm again", calm, []int{20010, 20080}, false, 0.05, 0.05},
		{"calm, 4 % slower: below the floor", calm, []int{20010, 20850}, false, 0.05, 0.05},
		{"calm, 6 % slower before", calm, []int{21300, 20010}, true, 0.05, 0.05},
		{"calm, 6 % slower behind", calm, []int{20010, 21300}, true, 0.05, 0.05},
		{"noisy, 12 % slower", noisy, []int{23300, 20100}, false, 0.25, 0.6},
		{"noisy, twice as slow", noisy, []int{40000, 21000}, true, 0.25, 0.25},
		{"a shared machine: two of seven are equal by chance", []int{112307, 190627, 164187, 167846, 142750, 194168, 111318}, []int{190627, 164187}, false, 0.25, 3},
		{"faster than ever", calm, []int{15000, 15000}, false, 0.05, 0.35},
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

// Weather comes and goes in spells of seconds, and takes a third of the
// processors or more. It is found at 40 % of the time, and noise without weather
// does not spoil half of a run. What is missed is mostly weather that begins
// and ends between two canaries.
func TestSpoiltWeather(t *testing.T) {
	const rounds, length, spell = 12, 0.8, 2.5 // seconds
	for _, tt := range []struct {
		name               string
		noise, bad         float64 // standard deviation of log time; share of the time with weather
		mostCalm, leastBad float64 // shares of the calm rounds called spoilt, of the others
	}{
		{"quiet", 0.01, 0, 0.01, 0},
		{"noisy", 0.1, 0, 0.01, 0},
		{"very noisy", 0.2, 0, 0.05, 0},
		{"wild", 0.3, 0, 0.25, 0},
		{"quiet, some weather", 0.01, 0.1, 0.01, 0.65},
		{"quiet, much weather", 0.02, 0.4, 0.01, 0.85},
		{"noisy, much weather", 0.1, 0.4, 0.15, 0.8},
		{"quiet, mostly weather", 0.02, 0.6, 0.01, 0.8},
	} {
		rng := rand.New(rand.NewPCG(3, 4))
		var calm, disturbed, falseAlarms, found float64
		for range 200 {
			on := rng.Float64() < tt.bad
			left := 0.0
			turn := func() {
				share := tt.bad
				if !on {
					share = 1 - tt.bad
				}
				left = 2 * spell * share * rng.ExpFloat64()
			}
			turn()
			one := func() Reading {
				slower := 0.0
				if on {
					slower = 0.5 + 0.6*rng.ExpFloat64()
				}
				return Reading{Wall: time.Duration(20e6 * (1 + slower) * math.Exp(tt.noise*rng.NormFloat64()))}
			}
			var list [][]Reading
			var all []Reading
			var touched []bool
			for range rounds {
				before, was := one(), on
				rest := length
				for tt.bad > 0 && left < rest {
					rest -= left
					on = !on
					was = true
					turn()
				}
				left -= rest
				list = append(list, []Reading{before, one()})
				all = append(all, list[len(list)-1]...)
				touched = append(touched, was)
			}
			for i, round := range list {
				is := Spoilt(all, round...).Spoilt
				switch {
				case !touched[i] && is:
					falseAlarms++
					fallthrough
				case !touched[i]:
					calm++
				case is:
					found++
					fallthrough
				default:
					disturbed++
				}
			}
		}
		if falseAlarms > tt.mostCalm*calm || found < tt.leastBad*disturbed {
			t.Errorf("%s: %.0f of %.0f calm rounds called spoilt, %.0f of %.0f disturbed ones found: want at most %g, at least %g of them",
				tt.name, falseAlarms, calm, found, disturbed, tt.mostCalm, tt.leastBad)
		}
	}
}
