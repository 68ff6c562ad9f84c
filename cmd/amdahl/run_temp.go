package main

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

const (
	tempPrefix = "amdahl-run"
	tempLock   = "lock" // in the folder: locked as long as its run lives
)

// A temporary is the folder of a run for what it compiles.
type temporary struct {
	dir  string
	lock *os.File
}

// newTemporary makes the folder, after it has removed those of runs that were killed.
func newTemporary() (*temporary, error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", tempPrefix)
	if err != nil {
		return nil, errors.Join(errors.New("no folder for temporary files can be made: set TMPDIR to one that exists and can be written"), err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, tempLock), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = lockFile(lock)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &temporary{dir, lock}, nil
}

// remove removes the folder.
func (t *temporary) remove() error {
	return errors.Join(os.RemoveAll(t.dir), t.lock.Close())
}

// sweep removes the folders of runs that do not live any more: whose lock nobody
// holds. What cannot be removed stays, as folders of other users do.
func sweep(dir string) {
	const young = time.Minute // a folder without a lock may just have been made
	all, _ := filepath.Glob(filepath.Join(dir, tempPrefix+"*"))
	for _, d := range all {
		info, err := os.Lstat(d)
		if err != nil || !info.IsDir() {
			continue
		}
		lock, err := os.OpenFile(filepath.Join(d, tempLock), os.O_RDWR, 0)
		if err != nil {
			if errors.Is(err, os.ErrNotExist) && time.Since(info.ModTime()) > young && onlyOurs(d) {
				os.RemoveAll(d)
			}
			continue
		}
		if lockFile(lock) == nil {
			os.RemoveAll(d)
		}
		lock.Close()
	}
}

// onlyOurs reports whether a folder without a lock holds what a run puts there: test
// binaries and the sources that they were compiled with.
func onlyOurs(dir string) bool {
	list, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range list {
		if e.Name() != "testing" && filepath.Ext(e.Name()) != ".test" {
			return false
		}
	}
	return true
}
