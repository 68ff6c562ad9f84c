package timeline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSaveLoad(t *testing.T) {
	dir := t.TempDir()
	one := Record{PID: 7, GC: 3, Lost: 1, Tasks: []Task{task(0, 0, 0, w, 1, c, 2), task(1, 1, 2, k, 3)}}
	two := Record{PID: 8}
	for _, r := range []Record{{PID: 7, GC: 99}, one, two} { // the first is replaced
		if err := r.Save(dir); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Load(dir)
	if d := cmp.Diff([]Record{one, two}, got); d != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, d)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files are left, want none", len(left))
	}
	if got, err := Load(dir); len(got) > 0 || err != nil {
		t.Errorf("got %v, %v, want nothing", got, err)
	}
}

func TestSaveNowhere(t *testing.T) {
	if err := (Record{PID: 7}).Save(filepath.Join(t.TempDir(), "gone")); err == nil {
		t.Error("got no error, want that the directory is not there")
	}
}

// FuzzLoad reads what a process may have left that was broken off or broken.
func FuzzLoad(f *testing.F) {
	dir := f.TempDir()
	if err := (Record{PID: 7, Tasks: []Task{task(0, 0, 0, w, 1, c, 2)}}).Save(dir); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "7"+suffix))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "7"+suffix), data, 0o666); err != nil {
			t.Fatal(err)
		}
		if got, err := Load(dir); err == nil && len(got) != 1 {
			t.Errorf("got %d records, want one or an error", len(got))
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%d files are left, want none", len(left))
		}
	})
}
