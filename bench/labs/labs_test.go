package labs

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"amdahl/bench/labs/cache"
	"amdahl/bench/labs/lengths"
	"amdahl/bench/labs/rows"
)

// What students have holds no hidden test, no right answer and no solution.
func TestEmbeddedIsOpen(t *testing.T) {
	files := 0
	err := fs.WalkDir(embedded, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		for _, secret := range []string{"_hidden", "_solution", "_wrong", "answers"} {
			if strings.Contains(name, secret) {
				t.Errorf("%s is embedded", name)
			}
		}
		if !d.IsDir() {
			files++
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("%d files, %v", files, err)
	}
	for _, name := range Names {
		l, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for what, get := range map[string]func() error{
			"hidden tests": func() error { _, err := l.Hidden(); return err },
			"answers":      func() error { _, err := l.Answers(); return err },
			"a solution":   func() error { _, err := l.Solution(); return err },
		} {
			if err := get(); err == nil || !strings.Contains(err.Error(), "checkout") {
				t.Errorf("%s: %s: got %v, want an error that names the checkout", name, what, err)
			}
		}
		if l.Secret() {
			t.Errorf("%s: it says that hidden tests are here", name)
		}
	}
}

// The labs of the checkout are the embedded ones, and more; each text that is
// secret is in no embedded file.
func TestLabs(t *testing.T) {
	for _, name := range Names {
		l, err := OpenIn(os.DirFS("."), name)
		if err != nil {
			t.Fatal(err)
		}
		student, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		exercise, err := student.Exercise()
		if err != nil {
			t.Fatal(err)
		}
		if exercise["go.mod"] == nil || exercise["go.mod.txt"] != nil {
			t.Errorf("%s: no go.mod, or a go.mod.txt: %v", name, Sorted(exercise))
		}
		for _, p := range l.Packages {
			if slices.ContainsFunc(copies, func(c copied) bool { return c.name == p }) {
				continue // TestCopiesAreCurrent
			}
			list, err := filepath.Glob(p + "/*.go")
			if err != nil || len(list) == 0 {
				t.Errorf("%s: there is no package %s: %v", name, p, err)
			}
			for _, file := range list {
				if !strings.HasSuffix(file, "_test.go") && string(exercise[filepath.ToSlash(file)]) != string(must(os.ReadFile(file))) {
					t.Errorf("%s: the file %s is not the current one", name, file)
				}
			}
		}
		for _, get := range []func() (map[string][]byte, error){l.Hidden, l.Solution} {
			secret, err := get()
			if err != nil || len(secret) == 0 {
				t.Fatalf("%s: %v", name, err)
			}
			for file, text := range secret {
				for other, open := range exercise {
					if string(open) == string(text) {
						t.Errorf("%s: the secret %s is in the exercise as %s", name, file, other)
					}
				}
			}
		}
		ids := map[string]bool{}
		for _, q := range l.Questions {
			if ids[q.ID] || q.Points <= 0 || q.Phase != Predict && q.Phase != Explain || q.Kind != "number" && q.Kind != "choice" && q.Kind != "text" || (q.Kind == "choice") != (len(q.Choices) > 0) {
				t.Errorf("%s: question %+v", name, q)
			}
			ids[q.ID] = true
		}
		if student.Points() != l.Points() || l.Points() == 0 || l.Minutes == 0 || l.Title == "" || l.Summary == "" || l.Graded == "" {
			t.Errorf("%s: points, minutes, title, summary or the way of grading is missing", name)
		}
		if handout := string(must(student.Handout())); !strings.Contains(handout, l.Title) {
			t.Errorf("%s: the handout does not name the lab", name)
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOpenUnknown(t *testing.T) {
	for _, name := range []string{"x", "..", "a/b", "", "rows"} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), "the labs are law, wait, pool, third, line, gil, poolmap, lock") {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

// In every picture the third worker is slower than the second under static blocks, so
// that the lab shows what it is about, whoever does it.
func TestThirdWorkerIsSlower(t *testing.T) {
	for seed := range uint64(100) {
		all := rows.Of(seed * 2654435761).All()
		speedup := func(n int) float64 {
			total, most := rows.Loads(all, n, func(w int) []int {
				var list []int
				for row := w * rows.Count / n; row < (w+1)*rows.Count/n; row++ {
					list = append(list, row)
				}
				return list
			})
			return float64(total) / float64(most)
		}
		if two, three := speedup(2), speedup(3); two < 1.2*three {
			t.Errorf("seed %d: speedups %.2f at 2 workers and %.2f at 3", seed, two, three)
		}
	}
}

// The counts are the same on every machine and in every version: the grader computes
// them again.
func TestPictureIsFixed(t *testing.T) {
	if got := rows.Of(42).All(); got[0] != 444 || got[60] != 22879 {
		t.Errorf("rows 0 and 60 of picture 42 take %d and %d iterations, want 444 and 22879", got[0], got[60])
	}
}

// Each strategy of five tasks, worked out by hand.
func TestLengths(t *testing.T) {
	list := lengths.Of(1, 40)
	seen := map[any]bool{}
	for _, d := range list {
		if seen[d] || d < 10e6 || d >= 91e6 {
			t.Errorf("length %v: twice, or out of range", d)
		}
		seen[d] = true
	}
	list = list[:5]
	copy(list, []time.Duration{5, 1, 1, 1, 4})
	for name, c := range map[string]struct{ got, want time.Duration }{
		"serial": {lengths.Serial(list), 12}, "together": {lengths.Together(list), 5},
		"pool": {lengths.Pool(list, 2), 7}, "batches": {lengths.Batches(list, 2), 10},
		"blocks": {lengths.Blocks(list, 2), 6}, "cyclic": {lengths.Cyclic(list, 2), 10},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
	if got := lengths.Name(10, list, 2); !strings.HasPrefix(got, "batches") {
		t.Errorf("10 is named %q", got)
	}
	if got := lengths.Name(11, list, 2); got != "" {
		t.Errorf("11 is named %q", got)
	}
}

// Whoever does the lab "One line, many counters" sees what it is about: one counter for all makes
// more processors slower than one, and so do neighbours, but for sixteen.
func TestLinesAreSlow(t *testing.T) {
	for seed := range uint64(30) {
		m := cache.Of(seed*2654435761, cache.Items)
		steps := func(n, apart int, shared bool) int {
			return m.Run(n, func(p *cache.Processor) {
				for i := range p.Items() {
					if !p.Match(i) {
						continue
					}
					if shared {
						p.AtomicAdd(0, 1)
					} else {
						p.Add(p.ID*apart, 1)
					}
				}
			}, func(*cache.Processor) int { return 0 }).Steps
		}
		one, eight := steps(1, 1, true), steps(8, 1, true)
		if eight < one*11/10 {
			t.Errorf("seed %d: one counter for all takes %d steps with 1 processor, and %d with 8", seed, one, eight)
		}
		one, eight = steps(1, 1, false), steps(8, 1, false)
		if sixteen := steps(16, 1, false); eight < one*11/10 || float64(eight)/float64(sixteen) < 1.7 {
			t.Errorf("seed %d: neighbours take %d, %d and %d steps with 1, 8 and 16 processors", seed, one, eight, sixteen)
		}
		if apart := steps(8, cache.PerLine, false); apart*5 > one {
			t.Errorf("seed %d: counters in lines of their own take %d steps with 8 processors, and one processor %d", seed, apart, one)
		}
	}
}

// A run of the machine is the same on every machine and in every version: the grader computes it
// again.
func TestMachineIsFixed(t *testing.T) {
	m := cache.Of(42, 100)
	lost := m.Run(4, func(p *cache.Processor) {
		for i := range p.Items() {
			if p.Match(i) {
				p.Add(0, 1)
			}
		}
	}, func(p *cache.Processor) int { return p.Read(0) })
	if again := m.Run(4, func(p *cache.Processor) {
		for i := range p.Items() {
			if p.Match(i) {
				p.Add(0, 1)
			}
		}
	}, func(p *cache.Processor) int { return p.Read(0) }); again.String() != lost.String() || again.Total != lost.Total {
		t.Errorf("two runs: %v with total %d, and %v with total %d", lost, lost.Total, again, again.Total)
	}
	if lost.Total >= m.Matches() || lost.Looks != 100 || lost.Moves < lost.Total {
		t.Errorf("additions that are not atomic: %d of %d are counted, %v", lost.Total, m.Matches(), lost)
	}
	r := cache.Of(1, 10).Run(1, func(p *cache.Processor) { p.Read(-1); p.Add(1000, 1); p.Match(10) }, func(p *cache.Processor) int { return 7 })
	if r.Stray != 3 || r.Total != 7 || r.Endless {
		t.Errorf("counters and items that do not exist: %+v", r)
	}
	if r := cache.Of(1, 10).Run(2, func(p *cache.Processor) {
		for {
			p.Read(0)
		}
	}, func(*cache.Processor) int { return 0 }); !r.Endless {
		t.Errorf("a program that never ends: %+v", r)
	}
}
