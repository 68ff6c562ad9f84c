package grading

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

// A cheat changes an honest run or its predictions.
type cheat struct {
	name string
	make func(l *labs.Lab, s *grade.Submission, other *grade.Submission)
	want string // in what the run is called; "" is not caught, and that is known
}

// lines changes the benchmark lines of a run, without those of canaries.
func lines(s *grade.Submission, change func(i int, line string) string) {
	i := 0
	var out strings.Builder
	for line := range strings.Lines(s.Run) {
		if strings.HasPrefix(line, "Benchmark") && !strings.HasPrefix(line, "BenchmarkCanary") {
			line = change(i, line)
			i++
		}
		out.WriteString(line)
	}
	s.Run = out.String()
}

// scaled multiplies the time of a line.
func scaled(line string, by float64) string {
	var name string
	var n int
	var ns float64
	fmt.Sscan(line, &name, &n, &ns)
	return strings.Replace(line, fmt.Sprintf("%.0f ns/op", ns), fmt.Sprintf("%.0f ns/op", ns*by), 1)
}

// part returns the text of a round.
func part(run string, round int) string {
	from := strings.Index(run, fmt.Sprintf("round: %d\n", round))
	to := strings.Index(run, fmt.Sprintf("round: %d\n", round+1))
	if to < 0 {
		to = len(run)
	}
	return run[from:to]
}

var cheats = []cheat{
	{"copied run", func(_ *labs.Lab, s, other *grade.Submission) { s.Run = other.Run }, "your sealed predictions give"},
	{"copied run with jitter, and the seed put right", func(_ *labs.Lab, s, other *grade.Submission) {
		_, mine := s.Seal.Seeds()
		_, theirs := other.Seal.Seeds()
		s.Run = strings.Replace(other.Run, fmt.Sprint("run-seed: ", theirs), fmt.Sprint("run-seed: ", mine), 1)
		rng := rand.New(rand.NewPCG(1, 1))
		lines(s, func(_ int, line string) string { return scaled(line, 1+0.03*rng.Float64()) })
	}, "where its seed gives"},
	{"copied run with jitter, sorted into the right order", func(l *labs.Lab, s, other *grade.Submission) {
		c := s.Seal
		s.Run = honest(l, c, &noise{rng: rand.New(rand.NewPCG(1, 1))})
		var theirs []string
		lines(other, func(_ int, line string) string { theirs = append(theirs, line); return line })
		lines(s, func(_ int, line string) string {
			name, _, _ := strings.Cut(line, " ")
			for _, t := range theirs {
				if strings.HasPrefix(t, name+" ") {
					return t
				}
			}
			return line
		})
	}, "It was measured with other predictions"},
	{"prediction after the run", func(l *labs.Lab, s, _ *grade.Submission) { s.Seal = predicted(l, s.Student, "1.4") }, "your sealed predictions give"},
	{"one more prediction after the run", func(l *labs.Lab, s, _ *grade.Submission) {
		s.Seal = s.Seal.Predict("p1", "?", "1.4", noon)
	}, "your sealed predictions give"},
	{"last round dropped", func(l *labs.Lab, s, _ *grade.Submission) {
		s.Run = strings.Replace(s.Run, part(s.Run, l.Measure.Rounds), "", 1)
	}, "The run ends in round"},
	{"middle round dropped", func(_ *labs.Lab, s, _ *grade.Submission) { s.Run = strings.Replace(s.Run, part(s.Run, 3), "", 1) }, "where its seed gives"},
	{"middle round dropped, others renumbered", func(l *labs.Lab, s, _ *grade.Submission) {
		s.Run = strings.Replace(s.Run, part(s.Run, 3), "", 1)
		for r := 4; r <= l.Measure.Rounds; r++ {
			s.Run = strings.Replace(s.Run, fmt.Sprintf("round: %d\n", r), fmt.Sprintf("round: %d\n", r-1), 1)
		}
	}, "where its seed gives"},
	{"a round repeated in place of another", func(_ *labs.Lab, s, _ *grade.Submission) {
		s.Run = strings.Replace(s.Run, part(s.Run, 4), strings.Replace(part(s.Run, 3), "round: 3", "round: 4", 1), 1)
	}, "where its seed gives"},
	{"a round more", func(_ *labs.Lab, s, _ *grade.Submission) { s.Run += part(s.Run, 2) }, "more than"},
	{"a sample dropped", func(_ *labs.Lab, s, _ *grade.Submission) {
		lines(s, func(i int, line string) string {
			if i == 19 { // no sentinel, in any lab
				return ""
			}
			return line
		})
	}, "The run "},
	{"every time cut by a tenth", func(_ *labs.Lab, s, _ *grade.Submission) {
		lines(s, func(_ int, line string) string { return scaled(line, 0.9) })
	}, "its work takes"},
	{"more workers made ideal", func(_ *labs.Lab, s, _ *grade.Submission) {
		lines(s, func(_ int, line string) string {
			if !strings.Contains(line, "workers=1-2 ") && !strings.Contains(line, "dynamic") {
				return scaled(line, 0.5)
			}
			return line
		})
	}, "its work takes"},
	{"several operations in one result", func(_ *labs.Lab, s, _ *grade.Submission) {
		lines(s, func(_ int, line string) string { return strings.Replace(line, "\t 1\t", "\t 5\t", 1) })
	}, "operations in one result"},
	// What no grader without a network can see.
	{"a run computed from the model", func(l *labs.Lab, s, _ *grade.Submission) {
		s.Run = honest(l, s.Seal, &noise{rng: rand.New(rand.NewPCG(3, 3))})
	}, ""},
	{"all deleted, predicted again with the knowledge, and measured again", func(l *labs.Lab, s, _ *grade.Submission) {
		s.Seal = predicted(l, s.Student, "1.37")
		s.Run = honest(l, s.Seal, &noise{rng: rand.New(rand.NewPCG(3, 3))})
	}, ""},
}

// Each cheat is caught on every run, and those that cannot be caught are listed above: the
// lecturer's guide says so.
func TestCheats(t *testing.T) {
	for _, name := range labs.Names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := open(t, name)
			caught := map[string]int{}
			for i := range uint64(studentRuns) {
				made := func(student string, seed uint64) *grade.Submission {
					chain := predicted(l, student, "2")
					return submission(l, student, honest(l, chain, &noise{rng: rand.New(rand.NewPCG(seed, 9))}), chain)
				}
				mine, other := made(fmt.Sprint("ada", i), i), made(fmt.Sprint("bob", i), i+1000)
				for _, c := range cheats {
					s, from := *mine, *other
					s.Seal = slices.Clone(mine.Seal)
					c.make(l, &s, &from)
					r, err := checkRun(l, &s)
					if err != nil {
						t.Fatalf("%s: %v", c.name, err)
					}
					if said := r.broken + r.unknown; said != "" && strings.Contains(said, c.want) {
						caught[c.name]++
					} else if said != "" {
						t.Errorf("%s: said %q, want %q in it", c.name, said, c.want)
					}
				}
			}
			for _, c := range cheats {
				if want := map[bool]int{true: 0, false: studentRuns}[c.want == ""]; caught[c.name] != want {
					t.Errorf("%s: caught %d of %d, want %d", c.name, caught[c.name], studentRuns, want)
				}
			}
		})
	}
}
