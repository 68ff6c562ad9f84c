package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"amdahl/bench/labs"
	"amdahl/results/grade"
)

// unpack unpacks an archive as its platform does. The system's tar and unzip are faster than this process
// with the race detector; names that leave the folder are refused by both.
func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	if tar, err := exec.LookPath("tar"); err == nil && !strings.HasSuffix(archive, ".zip") {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.CommandContext(t.Context(), tar, "-xzf", archive, "-C", dir).CombinedOutput(); err != nil {
			t.Fatalf("tar: %v: %s", err, out)
		}
		return
	}
	text, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, mode os.FileMode, r io.Reader) {
		if !filepath.IsLocal(name) {
			t.Fatalf("%s: the name %s leaves the folder", archive, name)
		}
		path := filepath.Join(dir, name)
		data, err := io.ReadAll(r)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, data, mode)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasSuffix(archive, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			t.Fatal(err)
		}
		if unzip, err := exec.LookPath("unzip"); err == nil {
			for _, f := range z.File {
				if !filepath.IsLocal(f.Name) {
					t.Fatalf("%s: the name %s leaves the folder", archive, f.Name)
				}
			}
			if out, err := exec.CommandContext(t.Context(), unzip, "-q", archive, "-d", dir).CombinedOutput(); err != nil {
				t.Fatalf("unzip: %v: %s", err, out)
			}
			return
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			write(f.Name, f.Mode(), r)
		}
		return
	}
	g, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(g); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		write(h.Name, os.FileMode(h.Mode), r)
	}
}

// handedIn writes a submission: the solution and predictions, without a run.
func handedIn(t *testing.T, l *labs.Lab, file string) {
	t.Helper()
	solution, err := l.Solution()
	if err != nil {
		t.Fatal(err)
	}
	s := &grade.Submission{Schema: grade.Schema, Lab: l.Name, Student: "ada", Files: map[string]string{}, Answers: map[string]string{}}
	for name, text := range solution {
		s.Files[name] = string(text)
	}
	s.Seal = grade.Start(l.Name, "ada", time.Now())
	for _, q := range l.In(labs.Predict) {
		s.Seal = s.Seal.Predict(q.ID, q.Text, "2", time.Now())
	}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// want is the score of handedIn: the code and the predictions.
func want(l *labs.Lab) int {
	sum := l.Race
	for _, t := range l.Tests {
		sum += t.Points
	}
	for _, q := range l.In(labs.Predict) {
		sum += q.Points
	}
	return sum
}

// bare is the environment of an image: no Go on the path, no home of ours.
func bare(more ...string) []string {
	return append([]string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/tmp", "LANG=C.UTF-8"}, more...)
}

// shared puts this machine's build cache in place of an empty one, which takes half a
// minute to fill: both hold the same, since the Go in the archive is the same.
func shared(t *testing.T, dir string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(strings.TrimSpace(string(out)), filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
}

// script runs a command as a platform does: without a network, where that can be had.
func script(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	cutOff(cmd)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// packed makes the archive of a platform, and unpacks it.
func packedFor(t *testing.T, lab, platform, dir string) {
	t.Helper()
	if testing.Short() || runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("packs are run on Linux (amd64) and not in -short")
	}
	archive := filepath.Join(t.TempDir(), "pack.tar.gz")
	if platform == "gradescope" || platform == "classroom50" {
		archive = filepath.Join(t.TempDir(), "pack.zip")
	}
	// The command without the race detector packs: it compresses 150 MB of Go in a tenth of the time.
	if err := programs(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(binaries, "amdahl"), "lab", "pack", lab, "--for", platform, "--without-cache", "-o", archive)
	cmd.Dir = checkout(t)
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("wrote ")) {
		t.Fatalf("%v: %s", err, out)
	}
	if info, err := os.Stat(archive); err != nil || platform == "classroom50" && info.Size() > 10<<20 || info.Size() > 100<<20 {
		t.Errorf("%d bytes, %v: at most 10 MiB for Classroom 50, and 100 MiB for others", info.Size(), err)
	}
	unpack(t, archive, dir)
	checkPacked(t, lab, dir)
}

// checkPacked checks the folder of the grader, in an unpacked archive. Some platforms have a
// folder of their own for it, or an archive in the archive.
func checkPacked(t *testing.T, lab, dir string) {
	t.Helper()
	for _, at := range []string{filepath.Join("graders", lab), ""} {
		if _, err := os.Stat(filepath.Join(dir, at, "grade")); err == nil {
			dir = filepath.Join(dir, at)
			break
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "autograde.tar")); err == nil {
		return
	}
	for _, secret := range []string{"_solution", "_wrong"} {
		if _, err := os.Stat(filepath.Join(dir, "labs", lab, secret)); err == nil {
			t.Errorf("the pack has %s", secret)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "grade")); err != nil || info.Size() > 10<<20 {
		t.Errorf("the grader: %v, %v: at most 10 MiB", info, err)
	}
}

// As Gradescope: the archive becomes /autograder/source, setup.sh runs once,
// run_autograder for each submission with /autograder as its folder.
func TestPackGradescope(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	source := filepath.Join(root, "source")
	packedFor(t, "third", "gradescope", source)
	shared(t, source)
	env := bare("AUTOGRADER=" + root)
	if out, err := script(t, root, env, "bash", filepath.Join(source, "setup.sh")); err != nil {
		t.Fatalf("setup.sh: %v: %s", err, out)
	}
	l := secretLabs(t, "third")
	read := func() (r struct {
		Score int
		Tests []struct{ Name, Status string }
		Extra struct{ Gradable bool } `json:"extra_data"`
	}) {
		text, err := os.ReadFile(filepath.Join(root, "results", "results.json"))
		if err == nil {
			err = json.Unmarshal(text, &r)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	submission := filepath.Join(root, "submission", "whatever-name.json")
	handedIn(t, l, submission)
	if out, err := script(t, root, env, filepath.Join(source, "run_autograder")); err != nil {
		t.Fatalf("run_autograder: %v: %s", err, out)
	}
	if r := read(); r.Score != want(l) || !r.Extra.Gradable || len(r.Tests) != len(l.Tests)+1+len(l.Questions) {
		t.Errorf("got %+v, want %d points", r, want(l))
	}
	// A file that cannot be read keeps the earlier score.
	if err := os.WriteFile(submission, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	meta := `{"previous_submissions": [{"results": {"score": 7}}]}`
	if err := os.WriteFile(filepath.Join(root, "submission_metadata.json"), []byte(meta), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := script(t, root, env, filepath.Join(source, "run_autograder")); err != nil {
		t.Fatalf("run_autograder: %v: %s", err, out)
	}
	if r := read(); r.Score != 7 || r.Extra.Gradable {
		t.Errorf("got %+v, want 7 points, not gradable", r)
	}
}

// As Classroom 50: python autograder.py in the student's checkout, with the runner's
// variables; a status other than 0 keeps the old score.
func TestPackClassroom50(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3, which the runner starts")
	}
	bundle, student := t.TempDir(), t.TempDir()
	packedFor(t, "third", "classroom50", bundle)
	if err := os.Chmod(filepath.Join(bundle, "grade"), 0o644); err != nil { // an upload through the web
		t.Fatal(err)
	}
	golang, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "PATH="+filepath.Dir(golang)+":/usr/bin:/bin", "CLASSROOM50_BUNDLE_DIR="+bundle, "CLASSROOM=os26", "ASSIGNMENT=lab04", "SUBMISSION_TAG=submit/1", "COMMIT_URL=c", "RELEASE_URL=r", "REVIEW_URL=v", "GITHUB_TOKEN=secret")
	l := secretLabs(t, "third")
	handedIn(t, l, filepath.Join(student, "submission.json"))
	if out, err := script(t, student, env, python, filepath.Join(bundle, "autograder.py")); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(student, "result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Score int
		Max   int `json:"max-score"`
	}
	if err := json.Unmarshal(text, &r); err != nil || r.Score != want(l) || r.Max != l.Points() {
		t.Errorf("got %+v, %v, want %d of %d", r, err, want(l), l.Points())
	}
	if body, err := os.ReadFile(filepath.Join(student, "release-body.md")); err != nil || !strings.Contains(string(body), "The third worker") {
		t.Errorf("release-body.md: %v: %s", err, body)
	}
	if err := os.WriteFile(filepath.Join(student, "submission.json"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := script(t, student, env, python, filepath.Join(bundle, "autograder.py"))
	if _, left := os.Stat(filepath.Join(student, "result.json")); err == nil || left == nil {
		t.Errorf("a file that cannot be read: want a status other than 0 and no result.json: %v, %v: %s", err, left, out)
	}
}

// As PrairieLearn: the container's command, with the submission in /grade/student.
func TestPackPrairieLearn(t *testing.T) {
	t.Parallel()
	image, root := t.TempDir(), t.TempDir()
	packedFor(t, "pool", "prairielearn", image)
	shared(t, image)
	if out, err := script(t, image, bare(), filepath.Join(image, "grade"), "--warm"); err != nil {
		t.Fatalf("--warm: %v: %s", err, out)
	}
	l := secretLabs(t, "pool")
	handedIn(t, l, filepath.Join(root, "student", "submission.json"))
	env := bare("GRADE=" + root)
	if out, err := script(t, root, env, filepath.Join(image, "entrypoint.sh")); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	type result struct {
		Gradable bool
		Score    float64
	}
	read := func() (r result) {
		text, err := os.ReadFile(filepath.Join(root, "results", "results.json"))
		if err == nil {
			err = json.Unmarshal(text, &r)
		}
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := read(); !r.Gradable || r.Score != float64(want(l))/float64(l.Points()) {
		t.Errorf("got %+v, want %d of %d", r, want(l), l.Points())
	}
	if err := os.Remove(filepath.Join(root, "student", "submission.json")); err != nil {
		t.Fatal(err)
	}
	if out, err := script(t, root, env, filepath.Join(image, "entrypoint.sh")); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if r := read(); r.Gradable {
		t.Errorf("no submission: got %+v, want not gradable", r)
	}
}
