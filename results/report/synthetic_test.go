package report

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"amdahl/results"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// A planted series is made up: times that follow the universal scalability
// law or, where the work grows, Gustafson's, with noise that is the same in every run of the test.
type planted struct {
	name         string
	levels       []int
	t1           float64 // seconds per task
	sigma, kappa float64
	weak         bool
}

var (
	cpu  = []int{1, 2}
	wait = []int{1, 2, 4, 8, 16, 32, 64}
	one  = []int{1}
)

var sample = []planted{
	{"Strong/workload=hash/strategy=serial/serial=0.1/cores=real", one, 41e-6, 0, 0, false},
	{"Strong/workload=hash/strategy=spawn/serial=0.1/cores=real", cpu, 43e-6, 0.13, 0, false},
	{"Strong/workload=hash/strategy=fixed/serial=0.1/cores=real", cpu, 41.5e-6, 0.1, 0, false},
	{"Strong/workload=hash/strategy=process/serial=0.1/cores=real", cpu, 47e-6, 0.12, 0, false},
	{"Strong/workload=sleep/strategy=serial/serial=0.1/cores=real", one, 6.1e-3, 0, 0, false},
	{"Strong/workload=sleep/strategy=spawn/serial=0.1/cores=real", wait, 6.15e-3, 0.1, 0, false},
	{"Strong/workload=sleep/strategy=fixed/serial=0.1/cores=real", wait, 6.12e-3, 0.1, 0.00015, false},
	{"Strong/workload=sleep/strategy=process/serial=0.1/cores=real", wait, 6.3e-3, 0.11, 0.0018, false},
	{"Weak/workload=sleep/strategy=fixed/serial=0.1/cores=real", wait, 6.1e-3, 0.05, 0, true},
	{"Weak/workload=sleep/strategy=process/serial=0.1/cores=real", wait, 6.3e-3, 0.2, 0, true},
}

// text is the sample as benchmark text, in shuffled rounds.
func text(series []planted, rounds int) string {
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("goos: linux\ngoarch: amd64\npkg: amdahl/bench\ncpu: Intel(R) Xeon(R) Processor @ 2.60GHz\n" +
		"cpu-count: 2\ncpu-physical-count: 2\nmem: 8 GiB\nkernel: 6.1.0\ngo: go1.26.0\ncommit: 0123456\n")
	for round := range rounds {
		fmt.Fprintf(&b, "round: %d\n", round+1)
		for _, p := range series {
			for _, n := range p.levels {
				tasks := 64
				if p.weak {
					tasks *= n
				}
				w := float64(n)
				t := p.t1 * (1/w + p.sigma*(1-1/w) + p.kappa*(w-1))
				if p.weak {
					t = p.t1 / (w - p.sigma*(w-1)) // Gustafson's law
				}
				t *= 1 + 0.015*rng.NormFloat64()
				fmt.Fprintf(&b, "Benchmark%s/workers=%d-2 10 %.0f ns/op %d tasks/op\n", p.name, n, 1e9*t*float64(tasks), tasks)
			}
		}
	}
	return b.String()
}

// analyse reads benchmark text and fits every curve that has two levels.
func analyse(t testing.TB, text string) ([]*laws.Analysis, *results.Set) {
	t.Helper()
	set, err := read.Files(nil, strings.NewReader(text), read.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var as []*laws.Analysis
	for _, c := range set.Curves {
		a, err := laws.Analyze(c, laws.Options{})
		if err != nil {
			a = laws.Measured(c, 0)
			a.Warnings = []error{err}
		}
		as = append(as, a)
	}
	return as, set
}
