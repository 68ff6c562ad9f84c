package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"amdahl/bench/rounds"
	"amdahl/results/save"
)

// An output is where the results go.
type output struct {
	io.Writer
	file    *os.File // nil for standard output
	created string   // by this run: the path of the file itself, "" if it was there before
}

// open opens the file of results, which only one process at a time may write. A file
// with results is never overwritten. past is nil unless the file is to go on.
func (m *measurement) open(cmd *cobra.Command) (out *output, past *rounds.Past, err error) {
	switch {
	case m.resume != "":
		return m.reopen()
	case m.out == "":
		return &output{Writer: cmd.OutOrStdout()}, nil, nil
	}
	_, statErr := os.Stat(m.out)
	f, err := os.OpenFile(m.out, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, nil, fmt.Errorf("-o %s: %w", m.out, save.Cause(m.out, err))
	}
	if err := lockFile(f); err != nil {
		return nil, nil, errors.Join(m.locked(m.out, err), f.Close())
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		err = usageError{fmt.Errorf("-o %s: the file has something in it: go on with --resume %s, choose another name, or remove it", m.out, m.out)}
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	out = &output{Writer: f, file: f}
	if statErr != nil {
		// A link to a file that was not there is not the file: that is its target.
		if out.created, err = filepath.EvalSymlinks(m.out); err != nil {
			out.created = m.out
		}
	}
	return out, nil, nil
}

// reopen opens the file to go on with, and reads what is in it.
func (m *measurement) reopen() (*output, *rounds.Past, error) {
	f, err := os.OpenFile(m.resume, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, nil, err
	}
	past, err := m.past(f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return &output{Writer: f, file: f}, past, nil
}

// cut takes away what stands behind this many bytes: a process that did not end wrote
// it, and is measured again.
func (o *output) cut(size int64) error {
	info, err := o.file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() <= size {
		return err
	}
	return o.file.Truncate(size)
}

// past locks and reads the file to resume and takes its plan.
func (m *measurement) past(f *os.File) (*rounds.Past, error) {
	if err := lockFile(f); err != nil {
		return nil, m.locked(m.resume, err)
	}
	past, err := rounds.ReadPast(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.resume, err)
	}
	if m.seed != 0 && m.seed != past.Seed {
		return nil, usageError{fmt.Errorf("%s was begun with --seed %d: leave out --seed %d", m.resume, past.Seed, m.seed)}
	}
	return past, m.takePlan(past)
}

// locked is the error for a file that another process writes.
func (m *measurement) locked(file string, err error) error {
	return fmt.Errorf("%s is being written by another amdahl run (%w): wait until it ends, or choose another file", file, err)
}

// Sync makes what was written survive a crash of the machine.
func (o *output) Sync() error {
	if o.file == nil {
		return nil
	}
	if info, err := o.file.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return o.file.Sync()
}

// close closes the file, and removes it if this run created it and has no results.
func (o *output) close(results int) error {
	if o.file == nil {
		return nil
	}
	var err error
	if o.created != "" && results == 0 {
		err = os.Remove(o.created)
	}
	return errors.Join(o.file.Close(), err)
}
