package grade

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"amdahl/results/save"
)

// Options are what a format may need beside the result.
type Options struct {
	FailUnder float64             // per cent; a result below it ends with status 1 where the format has a status
	Env       func(string) string // the platform's environment; nil is the process's
	File      string              // where the main file is written, "" for standard output: a figure stands beside it
}

func (o Options) env(name string) string {
	if o.Env != nil {
		return o.Env(name)
	}
	return os.Getenv(name)
}

// An Output is what a format makes of a result.
type Output struct {
	Main   []byte            // goes to the file of -o; nil removes what is there
	Beside map[string][]byte // further files of the same folder, by name
	Print  []byte            // goes to standard output
	Status int               // of the command: 0, 1 or 3
}

// A Format writes results for one platform.
type Format struct {
	Name string
	Doc  string
	File string // where the platform looks for the file; "" is standard output
	Make func(r *Result, o Options) (Output, error)
}

// Formats lists the formats. To add one, write one file and one line here.
var Formats = []Format{
	Text, JSON, Gradescope, Classroom50, PrairieLearn, JUnit, GitHub, Autolab, Nbgrader,
}

// Write writes the files of an output: each is complete or untouched.
func (o *Output) Write(file string) error {
	for name, data := range o.Beside {
		if err := save.File(filepath.Join(filepath.Dir(file), name), data); err != nil {
			return err
		}
	}
	if o.Main == nil {
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return save.File(file, o.Main)
}

// status is the exit status of formats that have one: 0 enough points, 1 too few, 3
// cannot tell.
func status(r *Result, failUnder float64) int {
	switch {
	case r.State == GraderError:
		return 1
	case r.State == NotGradable:
		return 3
	case r.Percent() < failUnder:
		return 1
	}
	return 0
}

// encode writes JSON as a file holds it: indented, with a line end, and no escapes of <, >
// and &.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
