package where

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"amdahl/bench/contract"
	"amdahl/results/laws"
	"amdahl/results/read"
)

// A call is a line of a written profile: a call path with its innermost call first, each
// "function file line", and what it cost an operation, in µs.
type call struct {
	path   []string
	values map[string]float64
}

// written is a profile as amdahl run writes it, read again.
func written(t *testing.T, benchmark string, workers, round int, calls []call) *Profile {
	t.Helper()
	const ops = 1000
	p := &profile.Profile{}
	index := map[string]int{}
	for _, c := range causes {
		for _, v := range c.values {
			index[v] = len(p.SampleType)
			p.SampleType = append(p.SampleType, &profile.ValueType{Type: v, Unit: "nanoseconds"})
		}
	}
	p.Comments = []string{
		contract.ProfileBenchmark + " " + benchmark, fmt.Sprintf("%s %d", contract.ProfileOps, ops),
		fmt.Sprintf("%s %d", contract.ProfileWorkers, workers), fmt.Sprintf("%s %d", contract.ProfileRound, round), "another comment",
	}
	for _, c := range calls {
		s := &profile.Sample{Value: make([]int64, len(p.SampleType))}
		for _, text := range c.path {
			var f frame
			if _, err := fmt.Sscan(text, &f.function, &f.file, &f.line); err != nil {
				t.Fatal(err)
			}
			fn := &profile.Function{ID: uint64(len(p.Function) + 1), Name: f.function, Filename: f.file}
			l := &profile.Location{ID: fn.ID, Line: []profile.Line{{Function: fn, Line: int64(f.line)}}}
			p.Function, p.Location = append(p.Function, fn), append(p.Location, l)
			s.Location = append(s.Location, l)
		}
		for v, us := range c.values {
			s.Value[index[v]] = int64(1000 * ops * us)
		}
		p.Sample = append(p.Sample, s)
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	read, err := ReadProfile(&b)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// analysis is that of a series whose operation computes 1000 µs at one worker and loses
// these µs at two, by cause.
func analysis(t *testing.T, more string, lost map[contract.Cause]float64) *laws.Analysis {
	t.Helper()
	var b strings.Builder
	for n := 1; n <= 2; n++ {
		paid := 1000.0
		metrics := ""
		running := 1000.0
		if n == 2 {
			for c, v := range lost {
				paid += v
				if c == contract.Inflation {
					running += v
				} else {
					metrics += fmt.Sprintf(" %g %s", 1000*v, c.Unit())
				}
			}
		}
		time := 1000 * paid / float64(n)
		for i := range 3 {
			fmt.Fprintf(&b, "BenchmarkA/size=4-%d 1000 %g ns/op\n", n, time*(1+0.001*float64(i-1)))
		}
		b.WriteString("profiled: true\n")
		for range 3 {
			fmt.Fprintf(&b, "BenchmarkA/size=4-%d 1000 %g %s %g %s %g %s%s%s\n", n, time, contract.UnitTraced, 1000*paid, contract.UnitPaid, 1000*running, contract.UnitRunning, metrics, more)
		}
		b.WriteString("profiled:\n")
	}
	set, err := read.Files(nil, strings.NewReader(b.String()), read.Options{X: read.GOMAXPROCS})
	if err != nil || len(set.Curves) != 1 {
		t.Fatal(err, set.Problems)
	}
	a, err := laws.Analyze(set.Curves[0], laws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// base are the calls at one worker.
var base = []call{
	{[]string{"main.work /p/w.go 7", "main.run /p/r.go 3"}, map[string]float64{"cpu": 800}},
	{[]string{"sync.(*Mutex).Lock /go/src/sync/mutex.go 40", "main.section /p/s.go 12", "main.run /p/r.go 3"}, map[string]float64{"cpu": 200}},
}

// rounds are profiles of both levels, with noise of this share on all CPU times.
func rounds(t *testing.T, count int, noise float64, more ...call) []*Profile {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	var all []*Profile
	for round := 1; round <= count; round++ {
		for n := 1; n <= 2; n++ {
			var calls []call
			for _, c := range base {
				v := map[string]float64{}
				for k, x := range c.values {
					v[k] = x * (1 + noise*r.NormFloat64())
				}
				calls = append(calls, call{c.path, v})
			}
			if n == 2 {
				calls = append(calls, more...)
			}
			all = append(all, written(t, fmt.Sprintf("BenchmarkA/size=4-%d", n), n, round, calls))
		}
	}
	return append(all, written(t, "BenchmarkB-2", 2, 1, base))
}
