package workloads

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"amdahl/workloads/cores"
)

// File waits for a disk: task i writes Size bytes that depend on the seed and
// on i to a file, calls fsync, reads the bytes back and compares. Its number
// comes from the bytes read. The write reaches the disk; the read comes from
// the page cache.
//
// Prepare makes a fresh directory in Options.Dir (in /var/tmp or the system's
// temporary directory if that is "") and puts it in Options.Dir; its release
// removes it. Each opened job makes a directory of its own in Options.Dir and
// removes it at Close. In it, each task that runs has a file to itself, which
// a later task overwrites, so the disk holds as many files as tasks ever ran
// at a time.
//
// A file system in memory (tmpfs, often /tmp) makes fsync free and this
// workload compute.
//
// A task that waits for its disk occupies a thread. At most 1024 tasks of a
// process do so at a time, the others wait for their turn: Go ends a program
// that has 10000 threads.
var File = Workload{
	Name:      "file",
	Doc:       "write, fsync, read back and compare: waiting for a disk",
	Bound:     IO,
	Size:      4096,
	MaxSize:   1 << 30,
	TestSize:  1001,
	TestLarge: 3*filePiece + 5,
	SizeUnit:  "bytes",
	Cost:      2 * time.Millisecond,
	Ends:      "the disk",
	Sweeps:    []string{"full"},
	Share:     prepareFile,
	New:       openFile,
}

const (
	filePiece = 64 << 10 // bytes read and written at a time; a multiple of 8
	fileSlots = 1024     // tasks with an open file at a time
)

func prepareFile(_ context.Context, o *Options) (release func() error, err error) {
	return makeScratch(o, "amdahl-file-")
}

// makeScratch makes a fresh directory in o.Dir, or where temporary files go
// if that is "", and puts it in o.Dir. Its release removes it.
func makeScratch(o *Options, prefix string) (release func() error, err error) {
	parent := o.Dir
	if parent == "" {
		parent = scratch()
	}
	parent, err = filepath.Abs(parent) // other processes may run elsewhere
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, prefix)
	if err != nil {
		return nil, fmt.Errorf("cannot make a scratch directory: %w: set Options.Dir to a directory that exists and can be written", err)
	}
	o.Dir = dir
	return func() error { return os.RemoveAll(dir) }, nil
}

// scratch is where temporary files go that must reach a disk: /var/tmp keeps
// its files over a restart, the system's temporary directory may be memory.
func scratch() string {
	const disk = "/var/tmp"
	if info, err := os.Stat(disk); os.Getenv("TMPDIR") == "" && err == nil && info.IsDir() {
		return disk
	}
	return os.TempDir()
}

type fileJob struct {
	cores cores.Cores
	seed  uint64
	size  int
	dir   string
	turn  chan struct{} // holds one element for each task with a slot

	free cores.FreeList[fileSlot]
	made int // slots
}

// A fileSlot is what one running task has to itself.
type fileSlot struct {
	path      string
	want, got []byte
}

func openFile(o Options) (Job, error) {
	if o.Dir == "" {
		return nil, errors.New("no scratch directory: call the workload's Prepare first or set Options.Dir")
	}
	dir, err := os.MkdirTemp(o.Dir, "job-")
	if err != nil {
		return nil, fmt.Errorf("cannot use the scratch directory: %w", err)
	}
	return &fileJob{
		cores: o.Cores, seed: o.Seed, size: o.Size,
		dir: dir, turn: make(chan struct{}, fileSlots),
	}, nil
}

func (j *fileJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	select {
	case j.turn <- struct{}{}:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	defer func() { <-j.turn }()
	s := j.free.Take(j.newSlot)
	defer j.free.Put(s)

	sum, err = j.run(ctx, s, i)
	if err != nil {
		return 0, taskError(ctx, "file", i, advise(err))
	}
	return sum, nil
}

// run runs task i on the file of s.
func (j *fileJob) run(ctx context.Context, s *fileSlot, i int) (sum uint64, err error) {
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	err = j.write(ctx, f, s, i)
	if err == nil {
		sum, err = j.readBack(ctx, f, s, i)
	}
	return sum, errors.Join(err, f.Close())
}

// advise adds to err what to do about it, where that is known.
func advise(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: free some space or set Options.Dir to a disk with more", err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: was the scratch directory removed while tasks ran?", err)
	}
	return err
}

// write writes the bytes of task i to f and waits until they are on the disk.
func (j *fileJob) write(ctx context.Context, f *os.File, s *fileSlot, i int) error {
	data := newStream(j.seed, i)
	for rest := j.size; rest > 0; {
		want := s.want[:min(rest, len(s.want))]
		if err := compute(ctx, j.cores, func() error { data.fill(want); return nil }); err != nil {
			return err
		}
		if _, err := f.Write(want); err != nil {
			return err
		}
		rest -= len(want)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f.Sync()
}

// readBack reads f from its start, compares it with the bytes of task i and
// returns their digest.
func (j *fileJob) readBack(ctx context.Context, f *os.File, s *fileSlot, i int) (uint64, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	data := newStream(j.seed, i)
	var d digest
	for rest := j.size; rest > 0; {
		n := min(rest, len(s.got))
		want, got := s.want[:n], s.got[:n]
		if _, err := io.ReadFull(f, got); err != nil {
			return 0, fmt.Errorf("reading back %s: %w", s.path, err)
		}
		err := compute(ctx, j.cores, func() error {
			data.fill(want)
			if !bytes.Equal(got, want) {
				return fmt.Errorf("reading back %s: the bytes from %d to %d are not those written", s.path, j.size-rest, j.size-rest+n)
			}
			d.bytes(got)
			return nil
		})
		if err != nil {
			return 0, err
		}
		rest -= n
	}
	return uint64(d), nil
}

// newSlot makes a slot. It is called by one task at a time.
func (j *fileJob) newSlot() *fileSlot {
	n := min(j.size, filePiece)
	s := &fileSlot{
		path: filepath.Join(j.dir, strconv.Itoa(j.made)),
		want: make([]byte, n),
		got:  make([]byte, n),
	}
	j.made++
	return s
}

func (j *fileJob) Close() error {
	if err := os.RemoveAll(j.dir); err != nil {
		return fmt.Errorf("workloads: file: %w", err)
	}
	return nil
}
