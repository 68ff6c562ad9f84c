package timeline

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// mostBytes is the longest file of one process that is read. A task takes about 40
// bytes.
const mostBytes = 1 << 28

const suffix = ".record"

// Save writes r into a directory, for another process to load. It replaces what
// the same process saved before. A Load sees the whole record or none.
func (r Record) Save(dir string) error {
	f, err := os.CreateTemp(dir, "part")
	if err == nil {
		err = gob.NewEncoder(f).Encode(r)
		err = errors.Join(err, f.Close())
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, strconv.Itoa(r.PID)+suffix))
	}
	if err != nil {
		return fmt.Errorf("timeline: saving what process %d recorded: %w", r.PID, err)
	}
	return nil
}

// Load reads the records that processes saved in the directory, and removes them.
func Load(dir string) ([]Record, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, fmt.Errorf("timeline: %w", err)
	}
	var records []Record
	for _, name := range names {
		r, err := load(name)
		if err != nil {
			return nil, fmt.Errorf("timeline: what a process recorded: %s: %w", name, err)
		}
		records = append(records, r)
	}
	return records, nil
}

func load(name string) (r Record, err error) {
	f, err := os.Open(name)
	if err != nil {
		return r, err
	}
	err = gob.NewDecoder(io.LimitReader(f, mostBytes)).Decode(&r)
	return r, errors.Join(err, f.Close(), os.Remove(name))
}
