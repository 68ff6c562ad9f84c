package why

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The factors of any account multiply to the measured efficiency, and the stack adds up to
// the workers.
func TestEfficiencies(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		s := &Stack{}
		for _, n := range []float64{1, 2, 4, 7, 64} {
			l := Level{Workers: n, Paid: 0.1 + r.Float64()}
			sum := 0.0
			for _, c := range All {
				share := r.Float64()
				if c == Useful {
					share += 2
				}
				l.Parts = append(l.Parts, Part{c, share})
				sum += share
			}
			for i := range l.Parts {
				l.Parts[i].Share /= sum
			}
			s.Levels = append(s.Levels, l)
		}
		all := s.Efficiencies()
		if len(all) != 5 {
			t.Fatalf("%d efficiencies, want 5", len(all))
		}
		for i, e := range all {
			product, sum := 1.0, 0.0
			for _, f := range e.Factors {
				product *= f
			}
			for _, v := range e.Stack {
				sum += v
			}
			want := s.Levels[0].Paid / s.Levels[i].Paid
			if math.Abs(product-want) > 1e-9*want || math.Abs(e.Value-want) > 1e-12 || math.Abs(sum-e.Workers) > 1e-9*e.Workers {
				t.Fatalf("%g workers: the factors make %v, the stack %v, want %v and %g", e.Workers, product, sum, want, e.Workers)
			}
		}
		for _, f := range all[0].Factors {
			if math.Abs(f-1) > 1e-12 {
				t.Errorf("a factor of one worker is %v, want 1", f)
			}
		}
	}
}

// A loss of one cause alone shows in its own factor.
func TestEfficiencyCauses(t *testing.T) {
	for k, f := range Factors {
		causes := f.causes
		if causes == nil {
			causes = []*Cause{Inflation}
		}
		for _, c := range causes {
			s := &Stack{Levels: []Level{
				{Workers: 1, Paid: 1, Parts: []Part{{Useful, 1}}},
				{Workers: 4, Paid: 1.6, Parts: []Part{{Useful, 1 / 1.6}, {c, 0.6 / 1.6}}},
			}}
			e := s.Efficiencies()[1]
			for i, v := range e.Factors {
				want := 1.0
				if i == k {
					want = 1 / 1.6
				}
				if math.Abs(v-want) > 1e-12 {
					t.Errorf("%s: %s is %v, want %v", c.Name, Factors[i].Name, v, want)
				}
			}
		}
	}
	if e := (&Stack{Levels: []Level{{Workers: 2, Paid: 1, Parts: []Part{{Useful, 1}}}}}).Efficiencies(); e != nil {
		t.Errorf("without a level at one worker: got %v", e)
	}
	all := Level{Workers: 2, Paid: 1, Parts: []Part{{Lock, 1}}}
	if e := (&Stack{Levels: []Level{{Workers: 1, Paid: 1, Parts: []Part{{Useful, 1}}}, all}}).Efficiencies(); len(e) != 1 {
		t.Errorf("all of a level is lost: got %v, want the other level alone", e)
	}
}

// Each cause that the best serial run does not have is of one factor; what no factor names
// would show as inflation.
func TestEveryLossHasAFactor(t *testing.T) {
	of := map[*Cause]int{Inflation: 1} // the factor that the others leave
	for _, f := range Factors {
		for _, c := range f.causes {
			of[c]++
		}
	}
	for _, c := range All {
		if c.Loss && of[c] != 1 {
			t.Errorf("%s is a loss and is of %d factors", c.Name, of[c])
		}
	}
}
