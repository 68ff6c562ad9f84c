package labs

import (
	"archive/zip"
	"bytes"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write copies.zip anew")

// The packages that labs copy are those of the suite today: go test ./bench/labs -run Copies
// -update writes them anew.
func TestCopiesAreCurrent(t *testing.T) {
	suite := os.DirFS("../..")
	current := map[string][]byte{}
	for _, c := range copies {
		files, err := c.read(suite)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(c.edit); i += 2 {
			if !slices.ContainsFunc(slices.Collect(maps.Values(files)), func(text []byte) bool { return bytes.Contains(text, []byte(c.edit[i+1])) }) {
				t.Errorf("%s: no file has %q in it, which must become %q in a lab", c.from, c.edit[i], c.edit[i+1])
			}
		}
		for name, text := range files {
			if bytes.Contains(text, []byte(`"golang.org/`)) || bytes.Contains(text, []byte(`"amdahl/`)) {
				t.Errorf("%s imports what a lab's module does not have", name)
			}
		}
		maps.Copy(current, files)
	}
	if *update {
		if err := os.WriteFile(copiesFile, packed(t, current), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	stored := map[string][]byte{}
	for _, c := range copies {
		files, err := unpack(os.DirFS("."), c.name)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(stored, files)
	}
	const again = "go test ./bench/labs -run Copies -update"
	for _, name := range slices.Sorted(maps.Keys(current)) {
		if !bytes.Equal(stored[name], current[name]) {
			t.Errorf("%s in %s is not as in the suite: %s", name, copiesFile, again)
		}
	}
	for name := range stored {
		if current[name] == nil {
			t.Errorf("%s in %s is not in the suite any more: %s", name, copiesFile, again)
		}
	}
}

// packed makes the archive: the same files make the same archive.
func packed(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var modules = flag.Bool("modules", false, "TestModules compiles labs for several systems")

// The modules of labs with copied packages compile, with their tests, on the systems that students
// have, and need nothing but the standard library: go test ./bench/labs -run Modules -modules. It
// compiles the library for each of these systems.
func TestModules(t *testing.T) {
	if !*modules {
		t.Skip("without -modules")
	}
	for _, name := range Names {
		l, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if !l.Copies() {
			continue // the others have no code for one system
		}
		files, err := l.Exercise()
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for file, text := range files {
			path := filepath.Join(dir, filepath.FromSlash(file))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, system := range []string{"linux", "darwin", "windows"} {
			cmd := exec.CommandContext(t.Context(), "go", "vet", "-unsafeptr=false", "./...")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0", "GOFLAGS=", "GOPROXY=off", "GOWORK=off", "PWD="+dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s, %s: %v: %s", name, system, err, out)
			}
		}
	}
}
