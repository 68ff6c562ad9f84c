package labs

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

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
			copied, current := exercise[p+"/"+p+".go"], must(os.ReadFile(p+"/"+p+".go"))
			if string(copied) != string(current) {
				t.Errorf("%s: the package %s is not the current one", name, p)
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
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), "the labs are law, wait, pool, third, lock") {
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
