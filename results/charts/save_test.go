package charts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSave(t *testing.T) {
	dir := t.TempDir()
	f := Scaling(strategies(), Options{})
	for _, name := range []string{"a.svg", "b.PNG", "c.pdf"} {
		if err := Save(filepath.Join(dir, name), f, Layout{Width: 3}); err != nil {
			t.Error(err)
		}
	}
	tests := []struct{ path, want string }{
		{filepath.Join(dir, "d.gif"), `charts: unknown format "gif": use one of svg, png, pdf (` + filepath.Join(dir, "d.gif") + ")"},
		{filepath.Join(dir, "none", "e.svg"), "writing " + filepath.Join(dir, "none", "e.svg") + ": no such file or directory"},
	}
	for _, tt := range tests {
		if err := Save(tt.path, f, Layout{Width: 3}); err == nil || err.Error() != tt.want {
			t.Errorf("got error %q, want %q", err, tt.want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "a.svg b.PNG c.pdf"; got != want {
		t.Errorf("files: got %q, want %q", got, want)
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, want := range []string{"one", "two"} {
		if err := WriteFile(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("mode: got %v, %v; want 0644", info.Mode(), err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	if err := WriteFile("/dev/full", []byte("x")); err == nil || err.Error() != "writing /dev/full: no space left on device" {
		t.Errorf("full disk: got error %v", err)
	}
}
