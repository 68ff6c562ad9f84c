package report

import (
	"amdahl/results/why"
	"amdahl/results/words"
)

// efficiency are the rows of the table of the efficiency as a product: the levels, the
// efficiency, its factors; nil if there is nothing to multiply.
func (s *stack) efficiency(x string) [][]string {
	all := s.Efficiencies()
	if len(all) < 2 {
		return nil
	}
	if x == "" {
		x = "workers"
	}
	rows := [][]string{{words.Clean(x)}, {"efficiency"}}
	for i, f := range why.Factors {
		sign := "× "
		if i == 0 {
			sign = "= "
		}
		rows = append(rows, []string{sign + f.Title})
	}
	for _, e := range all {
		rows[0] = append(rows[0], words.Number(e.Workers))
		rows[1] = append(rows[1], words.Share(e.Value))
		for i, f := range e.Factors {
			rows[2+i] = append(rows[2+i], words.Share(f))
		}
	}
	return rows
}

// traceCost says by how much tracing slowed a benchmark down.
func traceCost(share float64) string {
	if share < 0.0005 {
		return "which were not slower"
	}
	return "which were up to " + words.Share(share) + " slower"
}

// newEfficiencies are the efficiencies of a stack as data.
func newEfficiencies(s *why.Stack) []jsonEfficiency {
	all := []jsonEfficiency{}
	for _, e := range s.Efficiencies() {
		j := jsonEfficiency{N: e.Workers, Efficiency: e.Value, Factors: map[string]float64{}, Speedup: e.Stack[0], Lost: map[string]float64{}}
		for i, f := range why.Factors {
			j.Factors[f.Name] = e.Factors[i]
			j.Lost[f.Name] = e.Stack[1+i]
		}
		all = append(all, j)
	}
	return all
}
