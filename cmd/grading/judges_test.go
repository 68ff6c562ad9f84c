package grading

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"amdahl/bench/labs/cache"
	"amdahl/bench/labs/interp"
	"amdahl/bench/labs/lengths"
	"amdahl/bench/labs/procs"
	"amdahl/bench/labs/server"
	"amdahl/bench/labs/store"
	"amdahl/results/grade"
	"amdahl/results/stats"
)

// The answers of a student who looked at the run.
func answersOf(t *testing.T, s *grade.Submission, name string) map[string]string {
	t.Helper()
	l := open(t, name)
	r, err := checkRun(l, s)
	if err != nil {
		t.Fatal(err)
	}
	if name == "pool" {
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("", 4).Value),
			"e2": fmt.Sprintf("%.1f ms", float64(lengths.Pool(poolLengths(r.work), 3))/1e6),
			"e3": "b)",
		}
	}
	if name == "law" {
		s := r.sigma("")
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("", 16).Value), "e2": fmt.Sprintf("%.3f", s), "e3": fmt.Sprintf("%.1f", 1/s),
			"e4": "b", "e5": strings.Repeat("the serial part stays as long ", 5),
		}
	}
	if name == "wait" {
		s := server.Of(r.work, server.Wait)
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("compute", 16).Value), "e2": fmt.Sprintf("%.2f", r.speedup("wait", 16).Value),
			"e3": fmt.Sprintf("%.2f", 2*(1+float64(s.Wait)/float64(s.Compute))), "e4": "c", "e5": strings.Repeat("it costs memory and connections ", 5),
		}
	}
	if name == "line" {
		m := cache.Of(r.work, cache.Items)
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("neighbours", 8).Value),
			"e2": fmt.Sprintf("%.2f", float64(countRuns.of(r.work, "shared", 1).Steps)/float64(m.Matches()*(m.Move+9))),
			"e3": "b", "e4": "b)", "e5": "1", "e6": strings.Repeat("results of workers in one slice ", 5),
		}
	}
	if name == "gil" {
		w := interp.Of(r.work, interp.Wait)
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("threads-compute", 8).Value), "e2": fmt.Sprintf("%.2f", r.speedup("threads-wait", 8).Value),
			"e3": fmt.Sprintf("%.2f", 1+float64(w.Wait)/float64(w.Compute)), "e4": "b", "e5": "b", "e6": strings.Repeat("it waits for the network most of the time ", 5),
		}
	}
	if name == "poolmap" {
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("chunk=1", 4).Value), "e2": fmt.Sprint(fastestChunk(r, 4)),
			"e3": fmt.Sprintf("%.2f ms", slices.Max(procs.Of(r.work).Chunks(16)).Seconds()*1e3), "e4": "b", "e5": "c", "e6": strings.Repeat("one task may be as long as all others ", 5),
		}
	}
	if name == "lock" {
		s := store.Of(r.work)
		whole := float64(s.Parse + s.Update + s.Format)
		return map[string]string{
			"e1": fmt.Sprintf("%.2f", r.speedup("given", 8).Value), "e2": fmt.Sprintf("%.2f", whole/float64(s.Parse+s.Update)),
			"e3": fmt.Sprintf("%.2f", whole/float64(s.Update)), "e4": fmt.Sprintf("%.2f", r.speedup("yours", 8).Value),
			"e5": strings.Repeat("the lock was held while it parsed ", 5),
		}
	}
	sp := r.speedup("static", 3).Value
	return map[string]string{
		"e1": fmt.Sprintf("%.2f", sp), "e2": fmt.Sprintf("%.2f", (1/sp-1.0/3)/(1-1.0/3)),
		"e3": fmt.Sprintf("%.2f", r.median("static", 3, "iters/op")/r.median("static", 3, "most-iters/op")),
		"e4": "b", "e5": "8", "e6": strings.Repeat("the middle rows cost most ", 5),
	}
}

// fastestChunk is the chunk with the smallest median at n workers.
func fastestChunk(r *run, n int) int {
	best, chunk := math.Inf(1), 0
	for _, c := range []int{1, 4, 16, 64} {
		if t := stats.Median(r.times(fmt.Sprint("chunk=", c), n)); t < best {
			best, chunk = t, c
		}
	}
	return chunk
}

func judged(t *testing.T, s *grade.Submission) *grade.Result {
	t.Helper()
	r := &grade.Result{State: grade.Graded}
	if err := questions(open(t, s.Lab), s, r); err != nil {
		t.Fatal(err)
	}
	return r
}

func quietRun(t *testing.T, name string) *grade.Submission {
	t.Helper()
	l := open(t, name)
	c := predicted(l, "ada", "2")
	return submission(l, "ada", honest(l, c, &noise{rng: rand.New(rand.NewPCG(5, 5))}), c)
}

// Right answers have all points; each wrong one loses those of its question, and the
// text does not give the right one away.
func TestQuestions(t *testing.T) {
	for name, wrong := range map[string]map[string]string{
		"third": {"e1": "3", "e2": "0.1", "e3": "3", "e4": "a", "e5": "2", "e6": "imbalance"},
		"pool":  {"e1": "8", "e2": "1", "e3": "c"},
		"lock":  {"e1": "8", "e2": "8", "e3": "2", "e4": "1", "e5": "the lock"},
		"wait":  {"e1": "16", "e2": "2", "e3": "2", "e4": "a", "e5": "much"},
		"law":   {"e1": "16", "e2": "0.3", "e3": "1000", "e4": "c", "e5": "it is serial"},

		"line":    {"e1": "8", "e2": "8", "e3": "a", "e4": "a", "e5": "8", "e6": "in an array"},
		"gil":     {"e1": "8", "e2": "8", "e3": "8", "e4": "c", "e5": "a", "e6": "it waits"},
		"poolmap": {"e1": "1", "e2": "64", "e3": "3", "e4": "a", "e5": "b", "e6": "too large"},
	} {
		s := quietRun(t, name)
		right := answersOf(t, s, name)
		s.Answers = right
		r := judged(t, s)
		for _, q := range r.Questions {
			if !q.Passed || q.Points != q.Max {
				t.Errorf("%s: the right answer to %s has %d of %d points: %s", name, q.ID, q.Points, q.Max, q.Text)
			}
		}
		if r.Figure == nil || len(r.Figure.Series) == 0 || len(r.Figure.Series[0].Points) < 3 {
			t.Errorf("%s: the figure is %+v", name, r.Figure)
		}
		for id, text := range wrong {
			s.Answers = map[string]string{}
			for k, v := range right {
				s.Answers[k] = v
			}
			s.Answers[id] = text
			for _, q := range judged(t, s).Questions {
				if (q.ID == id) == q.Passed {
					t.Errorf("%s: with %s = %q, %s is passed: %v", name, id, text, q.ID, q.Passed)
				}
				if q.ID == id && q.Max > 0 && strings.Contains(q.Text, right[id]+" ") && len(right[id]) > 1 {
					t.Errorf("%s: the text of %s gives the answer away: %s", name, id, q.Text)
				}
			}
		}
	}
}

// A run on a machine so busy that nothing shows is not graded, and costs nothing; the
// predictions and what needs no run stay.
func TestCannotTell(t *testing.T) {
	l := open(t, "third")
	c := predicted(l, "ada", "2")
	s := submission(l, "ada", honest(l, c, &noise{rng: rand.New(rand.NewPCG(5, 5)), busy: true, share: 1}), c)
	lines(s, func(_ int, line string) string {
		if strings.Contains(line, "plan=dynamic/workers=3") {
			return scaled(line, 3)
		}
		return line
	})
	s.Answers = answersOf(t, s, "third")
	for _, q := range judged(t, s).Questions {
		if q.Unknown != (q.ID == "e4") {
			t.Errorf("%s: cannot tell: %v: %s", q.ID, q.Unknown, q.Text)
		}
	}
}

// A run whose serial part is not the one that the program has shows a busy machine.
func TestCannotTellTheSerialPart(t *testing.T) {
	s := quietRun(t, "law")
	s.Answers = answersOf(t, s, "law")
	lines(s, func(_ int, line string) string {
		if strings.Contains(line, "workers=1-2 ") {
			return scaled(line, 1.5)
		}
		return line
	})
	for _, q := range judged(t, s).Questions {
		if q.Unknown != (q.ID == "e2" || q.ID == "e3") {
			t.Errorf("%s: cannot tell: %v: %s", q.ID, q.Unknown, q.Text)
		}
	}
}

// Each lab that asks for a cause does not decide it by a run that does not show it: the times of
// one series are those of a busy machine.
func TestCannotTellTheCause(t *testing.T) {
	for name, c := range map[string]struct {
		id, level string
		by        float64
	}{
		"line":    {"e3", "plan=apart/workers=8-2 ", 20},
		"gil":     {"e4", "plan=processes/kind=compute/workers=8-2 ", 8},
		"poolmap": {"e4", "chunk=64/workers=1-2 ", 2.5},
	} {
		s := quietRun(t, name)
		s.Answers = answersOf(t, s, name)
		touched := 0
		lines(s, func(_ int, line string) string {
			if !strings.Contains(line, c.level) {
				return line
			}
			touched++
			return scaled(line, c.by)
		})
		if touched == 0 {
			t.Errorf("%s: the run has no %s", name, c.level)
		}
		for _, q := range judged(t, s).Questions {
			if q.Unknown != (q.ID == c.id) {
				t.Errorf("%s, %s: cannot tell: %v: %s", name, q.ID, q.Unknown, q.Text)
			}
		}
	}
}

// A broken chain takes the points of predictions and of what the run shows, and no others.
func TestBrokenChain(t *testing.T) {
	s := quietRun(t, "third")
	s.Answers = answersOf(t, s, "third")
	s.Seal[1].Answer = "1.37"
	for _, q := range judged(t, s).Questions {
		if q.Passed != (q.ID == "e6") {
			t.Errorf("%s: passed: %v: %s", q.ID, q.Passed, q.Text)
		}
	}
}

func TestNoRunNoAnswers(t *testing.T) {
	l := open(t, "pool")
	s := submission(l, "ada", "", predicted(l, "ada", "2"))
	s.Answers["e1"] = "x"
	s.Answers["e2"] = "300"
	for _, q := range judged(t, s).Questions {
		if q.Passed != strings.HasPrefix(q.ID, "p") {
			t.Errorf("%s: passed: %v", q.ID, q.Passed)
		}
		want := map[string]string{"e1": "is not a number", "e2": "measure with amdahl lab measure", "e3": "amdahl lab explain e3=ANSWER"}[q.ID]
		if !strings.Contains(q.Text, want) {
			t.Errorf("%s: %q, want %q in it", q.ID, q.Text, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{"1.9": 1.9, " 1,9 ": 1.9, "1.9x": 1.9, "2 times": 2, "50 %": 0.5, "12.5ms": 12.5, "3×": 3, "-1": -1} {
		if got, err := ParseNumber(text); err != nil || got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "NaN", "inf", "1/2", "1 2"} {
		if got, err := ParseNumber(text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}
