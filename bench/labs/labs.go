// Package labs holds the labs of the course: what students start with, which is
// embedded here, and, in a checkout of the suite only, hidden tests, solutions and wrong
// solutions.
//
// A lab is a folder:
//
//	lab.toml     title, minutes, tests with points and hints, questions
//	handout.md   what the student reads
//	_exercise/   what the student starts with: a Go module with blanks, and visible tests
//	_hidden/     further tests, and the right answers (answers.toml)
//	_solution/   files that pass
//	_wrong/X/    files that fail, which says the test that must notice it
//
// Folders that begin with _ are no packages of the suite. To add a lab, add a folder and
// its name to [Names].
package labs

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Names lists the labs in the order of the course.
var Names = []string{"law", "wait", "pool", "third", "line", "gil", "poolmap", "lock"}

// embedded holds what a student may see, and nothing else: a test checks that.
//
//go:embed */lab.toml */handout.md */_exercise clock/clock.go rows/rows.go lengths/lengths.go program/program.go server/server.go store/store.go store/given.go
//go:embed cache/cache.go interp/interp.go procs/procs.go unix/unix.go unix/calls.go unix/calls_linux.go unix/calls_bsd.go copies.zip
var embedded embed.FS

// A Lab is one exercise.
type Lab struct {
	Name     string   `toml:"-"`
	Title    string   `toml:"title"`
	Number   int      `toml:"number"` // in the course
	Minutes  int      `toml:"minutes"`
	Summary  string   `toml:"summary"`
	Graded   string   `toml:"graded"`
	Files    []string `toml:"files"`    // what the student writes
	Imports  []string `toml:"imports"`  // what those files may import
	Packages []string `toml:"packages"` // packages of this folder, or of copies.zip, that are copied into the lab's module
	NoGo     bool     `toml:"no_go"`    // the student's files may start no goroutines
	Race     int      `toml:"race"`     // points for code without data races; 0 asks for none

	Measure   Measure    `toml:"measure"`
	Tests     []Test     `toml:"tests"`
	Questions []Question `toml:"questions"`

	files fs.FS // the folder
	all   fs.FS // the folder of all labs
}

// Measure says how amdahl run measures the lab.
type Measure struct {
	Bench  string   `toml:"bench"`
	Axes   []string `toml:"axes"`
	Rounds int      `toml:"rounds"`
	Work   string   `toml:"work"` // the package that makes the work, which a grader computes again
}

// A Test is one step of the grading of code.
type Test struct {
	Name   string   `toml:"name"`
	Title  string   `toml:"title"`
	Points int      `toml:"points"`
	Hidden bool     `toml:"hidden"`
	Hints  []string `toml:"hints"`
}

// Phases of a question.
const (
	Predict = "predict" // asked before measuring, and sealed
	Explain = "explain" // asked after it
)

// A Question is asked before or after measuring. Judge names how its answer is graded.
type Question struct {
	ID      string   `toml:"id"`
	Phase   string   `toml:"phase"`
	Text    string   `toml:"text"`
	Kind    string   `toml:"kind"` // number, choice or text
	Judge   string   `toml:"judge"`
	Choices []string `toml:"choices"`
	Plan    string   `toml:"plan"` // the series that a judge looks at, "" if there is one only
	At      int      `toml:"at"`   // the number of workers that it looks at
	Words   int      `toml:"words"`
	Points  int      `toml:"points"`
	Hints   []string `toml:"hints"`
}

// Answers are what the judge "choice" takes for right. They stand in the hidden
// folder.
type Answers struct {
	Answers map[string]Answer `toml:"answers"`
}

// An Answer is the right choice, with its reason.
type Answer struct {
	Right   string `toml:"right"`
	Because string `toml:"because"`
}

// Points is the sum of all points of the lab.
func (l *Lab) Points() int {
	sum := l.Race
	for _, t := range l.Tests {
		sum += t.Points
	}
	for _, q := range l.Questions {
		sum += q.Points
	}
	return sum
}

// In lists the questions of a phase.
func (l *Lab) In(phase string) []Question {
	var list []Question
	for _, q := range l.Questions {
		if q.Phase == phase {
			list = append(list, q)
		}
	}
	return list
}

// Open reads an embedded lab: it has no hidden tests and no solution.
func Open(name string) (*Lab, error) { return OpenIn(embedded, name) }

// OpenIn reads a lab from a folder of labs, such as bench/labs of a checkout, or
// the labs of a pack.
func OpenIn(all fs.FS, name string) (*Lab, error) {
	if !fs.ValidPath(name) || strings.Contains(name, "/") {
		return nil, fmt.Errorf("labs: no lab is called %q: the labs are %s", name, strings.Join(Names, ", "))
	}
	text, err := fs.ReadFile(all, path.Join(name, "lab.toml"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("labs: no lab is called %q: the labs are %s", name, strings.Join(Names, ", "))
	} else if err != nil {
		return nil, fmt.Errorf("labs: %w", err)
	}
	l := &Lab{Name: name, all: all}
	meta, err := toml.Decode(string(text), l)
	if err != nil {
		return nil, fmt.Errorf("labs: %s/lab.toml: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("labs: %s/lab.toml: the key %q is unknown", name, unknown[0])
	}
	if l.files, err = fs.Sub(all, name); err != nil {
		return nil, fmt.Errorf("labs: %w", err)
	}
	return l, nil
}

// Handout is the text that the student reads.
func (l *Lab) Handout() ([]byte, error) { return fs.ReadFile(l.files, "handout.md") }

// Exercise returns the module that the student starts with, by slash-separated
// path: go.mod.txt is go.mod there, and the packages of the lab are copied into it.
func (l *Lab) Exercise() (map[string][]byte, error) {
	files, err := l.folder("_exercise")
	if err != nil {
		return nil, err
	}
	files["go.mod"] = files["go.mod.txt"]
	delete(files, "go.mod.txt")
	for _, p := range l.Packages {
		list, err := fs.ReadDir(l.all, p)
		if errors.Is(err, fs.ErrNotExist) {
			var more map[string][]byte
			more, err = unpack(l.all, p)
			maps.Copy(files, more)
		}
		if err != nil {
			return nil, fmt.Errorf("labs: %s: package %s: %w", l.Name, p, err)
		}
		for _, e := range list {
			if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			text, err := fs.ReadFile(l.all, path.Join(p, e.Name()))
			if err != nil {
				return nil, fmt.Errorf("labs: %w", err)
			}
			files[path.Join(p, e.Name())] = text
		}
	}
	return files, nil
}

// Package is the name of the package of the student's files.
func (l *Lab) Package() string { return l.Name }

// ErrHidden is wrapped by errors of what only a checkout and a pack have.
var ErrHidden = errors.New("hidden tests and solutions are only in a checkout of the suite, and in the packs for graders")

// Hidden returns the hidden tests, by path.
func (l *Lab) Hidden() (map[string][]byte, error) {
	files, err := l.secret("_hidden")
	if err != nil {
		return nil, err
	}
	maps.DeleteFunc(files, func(name string, _ []byte) bool { return !strings.HasSuffix(name, ".go") })
	return files, nil
}

// Answers returns the right choices.
func (l *Lab) Answers() (Answers, error) {
	var a Answers
	text, err := fs.ReadFile(l.files, "_hidden/answers.toml")
	if errors.Is(err, fs.ErrNotExist) {
		return a, fmt.Errorf("labs: %s: %w", l.Name, ErrHidden)
	} else if err != nil {
		return a, fmt.Errorf("labs: %w", err)
	}
	if _, err := toml.Decode(string(text), &a); err != nil {
		return a, fmt.Errorf("labs: %s/_hidden/answers.toml: %w", l.Name, err)
	}
	return a, nil
}

// Solution returns the files of the solution.
func (l *Lab) Solution() (map[string][]byte, error) { return l.secret("_solution") }

// Wrong returns the wrong solutions by name.
func (l *Lab) Wrong() (map[string]map[string][]byte, error) {
	files, err := l.secret("_wrong")
	if err != nil {
		return nil, err
	}
	wrong := map[string]map[string][]byte{}
	for name, text := range files {
		dir, file, _ := strings.Cut(name, "/")
		if wrong[dir] == nil {
			wrong[dir] = map[string][]byte{}
		}
		wrong[dir][file] = text
	}
	return wrong, nil
}

func (l *Lab) secret(dir string) (map[string][]byte, error) {
	files, err := l.folder(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("labs: %s: %w", l.Name, ErrHidden)
	}
	return files, err
}

// Secret reports whether the lab's hidden tests are here.
func (l *Lab) Secret() bool {
	_, err := fs.Stat(l.files, "_hidden")
	return err == nil
}

// folder reads a folder of the lab, by path.
func (l *Lab) folder(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(l.files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(l.files, name)
		files[strings.TrimPrefix(name, dir+"/")] = text
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("labs: %s: %w", l.Name, err)
	}
	return files, nil
}

// Sorted lists the names of files in order.
func Sorted(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }
