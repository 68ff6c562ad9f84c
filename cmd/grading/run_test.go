package grading

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/labs"
	"amdahl/bench/labs/interp"
	"amdahl/bench/labs/lengths"
	"amdahl/bench/labs/procs"
	"amdahl/bench/labs/program"
	"amdahl/bench/labs/server"
	"amdahl/bench/labs/store"
	"amdahl/bench/rounds"
	"amdahl/results/grade"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func open(t testing.TB, name string) *labs.Lab {
	t.Helper()
	l, err := labs.OpenIn(os.DirFS("../../bench/labs"), name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// predicted is the chain of a student who has predicted.
func predicted(l *labs.Lab, student, answer string) grade.Chain {
	c := grade.Start(l.Name, student, noon)
	for _, q := range l.In(labs.Predict) {
		c = c.Predict(q.ID, q.Text, answer, noon.Add(time.Minute))
	}
	return c
}

// noise is what a machine adds to times. Sleeping ends late and never early.
type noise struct {
	rng   *rand.Rand
	busy  bool // something else runs for some of the time
	share float64
}

func (n *noise) late(d float64) float64 {
	d *= 1 + 0.01*n.rng.ExpFloat64()
	if n.busy && n.rng.Float64() < n.share {
		d *= 1 + n.rng.Float64()
	}
	return d + 60e3*n.rng.Float64() // ns: how late a sleep ends
}

// honest is the run of a student on a machine of a given noise, as amdahl run writes it.
func honest(l *labs.Lab, c grade.Chain, n *noise) string {
	work, order := c.Seeds()
	var axes []rounds.Axis
	for _, a := range l.Measure.Axes {
		axis, err := rounds.ParseAxis(a)
		if err != nil {
			panic(err)
		}
		axes = append(axes, axis)
	}
	axes, err := rounds.Order(axes)
	if err != nil {
		panic(err)
	}
	levels := rounds.Levels(axes)
	var b strings.Builder
	fmt.Fprintf(&b, "goos: linux\ncpu: Test CPU\nrun-seed: %d\nrun-plan: [\"-x\",\"workers=1..8\"]\n", order)
	result := func(i int) {
		plan, workers := "", 0
		name := "Benchmark" + l.Measure.Bench
		for _, s := range levels[i] {
			name += "/" + s.Name + "=" + s.Value
			switch s.Name {
			case "workers":
				fmt.Sscan(s.Value, &workers)
			case "chunk":
				plan = "chunk=" + s.Value
			default:
				plan = strings.TrimPrefix(plan+"-"+s.Value, "-")
			}
		}
		if l.Measure.Work == "lengths" {
			list := lengths.Of(work, tasksInPool)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d work-ns/op\n", name, n.late(float64(lengths.Pool(list, workers))), lengths.Serial(list).Nanoseconds())
			return
		}
		if l.Measure.Work == "program" {
			p := program.Of(work)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d instructions/op\n", name, n.late(float64(p.Longest(workers))*20), p.Total())
			return
		}
		if l.Measure.Work == "server" {
			s := server.Of(work, plan)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d work-ns/op\n", name, n.late(float64(s.Least(workers))), s.Serial().Nanoseconds())
			return
		}
		if l.Measure.Work == "cache" {
			r := countRuns.of(work, plan, workers)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d moves/op\t%d steps/op\n", name, n.late(float64(r.Time())), r.Moves, r.Steps)
			return
		}
		if l.Measure.Work == "interp" {
			w, oneLock := wayOf(work, plan)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d work-ns/op\n", name, n.late(float64(w.Least(interp.Tasks, workers, oneLock))), w.Serial(interp.Tasks).Nanoseconds())
			return
		}
		if l.Measure.Work == "procs" {
			w := procs.Of(work)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d messages/op\t%d work-ns/op\n", name, n.late(float64(w.Least(chunkOf(plan), workers))), len(w.Chunks(chunkOf(plan))), w.Sum(0, procs.Tasks).Nanoseconds())
			return
		}
		if l.Measure.Work == "store" {
			s := store.Of(work)
			fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d work-ns/op\n", name, n.late(float64(s.Least(store.Tasks, workers, inside(s, plan)))), s.Serial(store.Tasks).Nanoseconds())
			return
		}
		all := pictures.of(work)
		total, most := loads(all, plan, workers)
		if plan == "dynamic" {
			free, done := make([]float64, workers), make([]int, workers)
			for _, k := range all {
				w := slices.Index(free, slices.Min(free))
				free[w] += float64(k)*20 + 20e3*n.rng.Float64()
				done[w] += k
			}
			most = slices.Max(done)
		}
		fmt.Fprintf(&b, "%s-2 \t 1\t%.0f ns/op\t%d iters/op\t%d most-iters/op\n", name, n.late(float64(most)*20), total, most)
	}
	for round := 1; round <= l.Measure.Rounds; round++ {
		fmt.Fprintf(&b, "round: %d\ncanary: true\nBenchmarkCanary 1 123 ns/op\ncanary:\n", round)
		for _, i := range rounds.Sequence(order, round, len(levels)) {
			result(i)
			fmt.Fprintf(&b, "# done %s\n", levels[i])
		}
		b.WriteString("sentinel: true\n")
		result(0)
		b.WriteString("sentinel:\n")
	}
	return b.String()
}

func submission(l *labs.Lab, student, run string, c grade.Chain) *grade.Submission {
	return &grade.Submission{Schema: grade.Schema, Lab: l.Name, Student: student, Seal: c, Run: run, Answers: map[string]string{}}
}

// Of 50 honest runs of each lab, a third of them on a busy machine, none is taken
// for a copy, a forgery or an incomplete one, and none has a note.
func TestHonestRuns(t *testing.T) {
	for _, name := range labs.Names {
		l := open(t, name)
		for i := range uint64(50) {
			student := fmt.Sprint("student", i)
			c := predicted(l, student, "2")
			n := &noise{rng: rand.New(rand.NewPCG(i, 7)), busy: i%3 == 0, share: 0.3}
			r, err := checkRun(l, submission(l, student, honest(l, c, n), c))
			if err != nil || r.broken != "" || r.unknown != "" || len(r.notes) > 0 {
				t.Errorf("%s, run %d: %v, broken %q, unknown %q, notes %v", name, i, err, r.broken, r.unknown, r.notes)
			}
		}
	}
}

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

// Each cheat is caught on 50 runs of 50, and those that cannot be caught are listed
// above: the lecturer's guide says so.
func TestCheats(t *testing.T) {
	for _, name := range labs.Names {
		l := open(t, name)
		for _, c := range cheats {
			caught := 0
			runs := 50
			if testing.Short() {
				runs = 3
			}
			for i := range uint64(runs) {
				made := func(student string, seed uint64) *grade.Submission {
					chain := predicted(l, student, "2")
					return submission(l, student, honest(l, chain, &noise{rng: rand.New(rand.NewPCG(seed, 9))}), chain)
				}
				mine, other := made(fmt.Sprint("ada", i), i), made(fmt.Sprint("bob", i), i+1000)
				c.make(l, mine, other)
				r, err := checkRun(l, mine)
				if err != nil {
					t.Fatalf("%s, %s: %v", name, c.name, err)
				}
				if said := r.broken + r.unknown; said != "" && strings.Contains(said, c.want) {
					caught++
				} else if said != "" {
					t.Errorf("%s, %s: said %q, want %q in it", name, c.name, said, c.want)
				}
			}
			if want := map[bool]int{true: 0, false: runs}[c.want == ""]; caught != want {
				t.Errorf("%s, %s: caught %d of %d, want %d", name, c.name, caught, runs, want)
			}
		}
	}
}

// A run with names that no lab has is broken, and takes no time and no memory to draw: a name of
// half a megabyte beside ten thousand lines, and ten thousand names.
func TestRunWithManyNames(t *testing.T) {
	l := open(t, "third")
	c := predicted(l, "ada", "2")
	_, order := c.Seeds()
	var many, long strings.Builder
	for _, b := range []*strings.Builder{&many, &long} {
		fmt.Fprintf(b, "run-seed: %d\nround: 1\n", order)
	}
	fmt.Fprintf(&long, "BenchmarkThird/plan=%s/workers=1 1 5 ns/op\n", strings.Repeat("x", 500_000))
	for i := range 10_000 {
		fmt.Fprintf(&many, "BenchmarkThird/plan=p%d/workers=%d 1 5 ns/op\n", i, i+1)
		fmt.Fprintf(&long, "BenchmarkThird/plan=static/workers=%d 1 5 ns/op\n", i+1)
	}
	for _, text := range []string{many.String(), long.String()} {
		s := submission(l, "ada", text, c)
		s.Answers["e1"] = "1"
		r := judged(t, s)
		if r.Figure != nil {
			t.Errorf("it is drawn with %d series", len(r.Figure.Series))
		}
		for _, q := range r.Questions {
			if q.ID == "e1" && (q.Passed || !strings.Contains(q.Text, "The run has")) {
				t.Errorf("%s: %+v", q.ID, q)
			}
			if len(q.Text) > 2000 {
				t.Errorf("%s: a text of %d bytes", q.ID, len(q.Text))
			}
		}
	}
}

// Text that is not a run ends in an error, never in a panic.
func FuzzRun(f *testing.F) {
	l := open(f, "third")
	c := predicted(l, "ada", "2")
	f.Add(honest(l, c, &noise{rng: rand.New(rand.NewPCG(1, 1))}))
	f.Add("BenchmarkThird/plan=static/workers=1 1 NaN ns/op\n")
	f.Add("round: x\nBenchmarkThird/workers=-3 1 2 ns/op 3 iters/op")
	f.Fuzz(func(t *testing.T, text string) {
		s := submission(l, "ada", text, c)
		if err := Fits(l, s); err != nil {
			return
		}
		if _, err := Show(l, s); err != nil {
			t.Error(err)
		}
	})
}
