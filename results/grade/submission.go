package grade

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Schema names the form of a submission.
const Schema = "amdahl-lab/1"

// Names of the files that a lab's folder holds beside those of its exercise.
const (
	StateFile      = "lab.json"        // a Submission without files and run
	RunFile        = "run.txt"         // what amdahl lab measure wrote
	SubmissionFile = "submission.json" // what is handed in
)

// mostSubmission is how many bytes of a submission are read: a run has about 30 kB.
const mostSubmission = 4 << 20

// A Submission is what a student hands in.
type Submission struct {
	Schema  string            `json:"schema"`
	Lab     string            `json:"lab"`
	Student string            `json:"student"`
	Seal    Chain             `json:"seal"`
	Answers map[string]string `json:"answers"` // to the questions after measuring, by id
	Files   map[string]string `json:"files,omitempty"`
	Run     string            `json:"run,omitempty"` // Go benchmark text
}

// ReadSubmission reads a submission from a file, or from the folder of a lab.
func ReadSubmission(path string) (*Submission, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("grade: %w", err)
	}
	if !info.IsDir() {
		return decode(path)
	}
	if _, err := os.Stat(filepath.Join(path, StateFile)); err == nil {
		return Collect(path, nil)
	}
	if _, err := os.Stat(filepath.Join(path, SubmissionFile)); err == nil {
		return decode(filepath.Join(path, SubmissionFile))
	}
	// Platforms may rename the file.
	files, err := filepath.Glob(filepath.Join(path, "*.json"))
	if err == nil && len(files) == 1 {
		return decode(files[0])
	}
	return nil, fmt.Errorf("grade: %s: there is no %s and no %s in it: write the file to hand in with amdahl lab submit", path, SubmissionFile, StateFile)
}

// Collect makes a submission of the folder of a lab. Of its files those are taken that
// are named; without names, all Go files of the folder that are not tests.
func Collect(dir string, names []string) (*Submission, error) {
	s, err := decode(filepath.Join(dir, StateFile))
	if err != nil {
		return nil, err
	}
	if names == nil {
		all, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			return nil, fmt.Errorf("grade: %w", err)
		}
		for _, f := range all {
			if ok, _ := filepath.Match("*_test.go", filepath.Base(f)); !ok {
				names = append(names, filepath.Base(f))
			}
		}
	}
	slices.Sort(names)
	s.Files = map[string]string{}
	for _, name := range names {
		text, err := readSmall(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		s.Files[name] = string(text)
	}
	run, err := readSmall(filepath.Join(dir, RunFile))
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	s.Run = string(run)
	return s, nil
}

func decode(path string) (*Submission, error) {
	text, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	s := &Submission{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("grade: %s: not a submission: %s: %s", path, flaw(text, err), cure(path))
	}
	if s.Schema != Schema {
		return nil, fmt.Errorf("grade: %s: its schema is %q, and this program reads %q: use the amdahl that your lecturer names", path, s.Schema, Schema)
	}
	return s, nil
}

// flaw says what is wrong with a text that is no submission, and in which line.
func flaw(text []byte, err error) string {
	if len(bytes.TrimSpace(text)) == 0 {
		return "it is empty"
	}
	at := int64(-1)
	what := strings.TrimPrefix(err.Error(), "json: ")
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = syntax.Offset
	} else if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		at, what = kind.Offset, fmt.Sprintf("%q holds a %s, and should not", kind.Field, kind.Value)
	} else if errors.Is(err, io.ErrUnexpectedEOF) {
		at, what = int64(len(text)), "it ends too early"
	}
	if at < 0 {
		return what
	}
	return fmt.Sprintf("line %d: %s", 1+bytes.Count(text[:min(at, int64(len(text)))], []byte("\n")), what)
}

// cure says what to do about a file that is no submission.
func cure(path string) string {
	if filepath.Base(path) != StateFile {
		return "write it with amdahl lab submit"
	}
	return "it holds your predictions and answers, and only amdahl lab writes it: undo the change, or begin anew with amdahl lab start NAME NEWFOLDER and copy your Go files there"
}

// readSmall reads a plain file of at most mostSubmission bytes. Links are not followed: a
// submission must not make a grader read other files.
func readSmall(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("grade: %s: not a plain file", path)
	case info.Size() > mostSubmission:
		return nil, fmt.Errorf("grade: %s: it has %d bytes, and at most %d are read", path, info.Size(), mostSubmission)
	}
	return os.ReadFile(path)
}

// Encode returns the submission as JSON.
func (s *Submission) Encode() ([]byte, error) { return encode(s) }
