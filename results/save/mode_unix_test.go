//go:build unix

package save

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A new file has what the umask leaves; one that was there keeps its permissions.
func TestMode(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		umask     int
		old, want os.FileMode // old is 0 for no file
	}{{0o022, 0, 0o644}, {0o077, 0, 0o600}, {0o077, 0o664, 0o664}, {0o022, 0o600, 0o600}} {
		path := filepath.Join(dir, "f")
		if tt.old != 0 {
			if err := os.WriteFile(path, nil, tt.old); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, tt.old); err != nil {
				t.Fatal(err)
			}
		}
		before := syscall.Umask(tt.umask)
		err := File(path, []byte("x"))
		syscall.Umask(before)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != tt.want {
			t.Errorf("umask %o, before %o: got %o, want %o", tt.umask, tt.old, info.Mode().Perm(), tt.want)
		}
		os.Remove(path)
	}
}
