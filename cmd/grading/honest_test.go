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

// Of the honest runs of each lab, a third of them on a busy machine, none is taken for a
// copy, a forgery or an incomplete one, and none has a note.
func TestHonestRuns(t *testing.T) {
	for _, name := range labs.Names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := open(t, name)
			for i := range uint64(studentRuns) {
				student := fmt.Sprint("student", i)
				c := predicted(l, student, "2")
				n := &noise{rng: rand.New(rand.NewPCG(i, 7)), busy: i%3 == 0, share: 0.3}
				r, err := checkRun(l, submission(l, student, honest(l, c, n), c))
				if err != nil || r.broken != "" || r.unknown != "" || len(r.notes) > 0 {
					t.Errorf("run %d: %v, broken %q, unknown %q, notes %v", i, err, r.broken, r.unknown, r.notes)
				}
			}
		})
	}
}
