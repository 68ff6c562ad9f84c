// Package save writes whole files.
package save

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// File writes a file so that it is either complete or untouched: it
// fills a neighbour and renames it. What is not a plain file, such as
// /dev/stdout, is written as it is. A new file has the permissions that the umask
// leaves, one that was there keeps its own. An error names the file.
func File(path string, data []byte) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, Cause(path, err))
		}
	}()
	old, statErr := os.Stat(path)
	if statErr == nil && !old.Mode().IsRegular() {
		return os.WriteFile(path, data, 0o666)
	}
	t, err := neighbour(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(t.Name())
		}
	}()
	if _, err := t.Write(data); err != nil {
		t.Close()
		return err
	}
	if statErr == nil {
		if err := t.Chmod(old.Mode().Perm()); err != nil {
			t.Close()
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return os.Rename(t.Name(), path)
}

// neighbour makes a new file beside another. os.CreateTemp is not used: its files
// are readable by their owner only, whatever the umask says.
func neighbour(path string) (f *os.File, err error) {
	for range 100 {
		name := fmt.Sprintf(".%s.%08x", filepath.Base(path), rand.Uint32())
		f, err = os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !os.IsExist(err) {
			break
		}
	}
	return f, err
}

// Cause is why a file of that path cannot be written, without the name of a temporary
// file: a folder that is not there is named, with the command that makes it. No folder
// is made by a name that may be misspelt.
func Cause(path string, err error) error {
	folder := filepath.Dir(path)
	if _, statErr := os.Stat(folder); errors.Is(err, fs.ErrNotExist) && errors.Is(statErr, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s: make it with mkdir -p %[1]s", folder)
	}
	switch e := err.(type) {
	case *os.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}
