package workloads

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

func TestFilePrepare(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := File.Prepare(t.Context(), &Options{Dir: missing})
	wantError(t, "no such directory", err, "^workloads: file: cannot make a scratch directory: .*missing.* set Options.Dir")
	_, err = File.Open(Options{})
	wantError(t, "not prepared", err, "^workloads: file: no scratch directory: .* Prepare first or set Options.Dir")
	_, err = File.Open(Options{Dir: missing})
	wantError(t, "directory gone", err, "^workloads: file: cannot use the scratch directory: .*missing")

	// A relative directory means the same in another process.
	parent := t.TempDir()
	t.Chdir(parent)
	o := Options{Dir: "."}
	release, err := File.Prepare(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(o.Dir) || filepath.Base(o.Dir) == filepath.Base(parent) {
		t.Errorf("Dir = %q, want the absolute path of a fresh directory in %s", o.Dir, parent)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("%v left after release, want nothing", left)
	}
}

func TestFileTemporaryDirectory(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var o Options
	release, err := File.Prepare(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(o.Dir); err != nil || !info.IsDir() {
		t.Errorf("Dir = %q: %v, want a directory", o.Dir, err)
	}
	// What a killed process left goes too.
	if err := os.WriteFile(filepath.Join(o.Dir, "left"), nil, 0o600); err != nil {
		t.Error(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(o.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after release %q: %v, want %v", o.Dir, err, fs.ErrNotExist)
	}
}

func TestFileSlots(t *testing.T) {
	dir := t.TempDir()
	first := open(t, File, Options{Dir: dir, Size: 10}).(*fileJob)
	second := open(t, File, Options{Dir: dir, Size: 10}).(*fileJob)
	if first.dir == second.dir {
		t.Errorf("two jobs share the directory %s", first.dir)
	}
	a, b := first.free.Take(first.newSlot), first.free.Take(first.newSlot)
	if a.path == b.path {
		t.Errorf("two slots share the file %s", a.path)
	}
	first.free.Put(a)
	if c := first.free.Take(first.newSlot); c.path != a.path {
		t.Errorf("the next slot is %s, want %s again", c.path, a.path)
	}
	first.free.Put(a)
	first.free.Put(b)

	// One task at a time needs one file, however many run.
	for i := range 20 {
		do(t, second, i)
	}
	if files, err := os.ReadDir(second.dir); err != nil || len(files) != 1 {
		t.Errorf("%d files after 20 tasks, %v, want 1", len(files), err)
	}
}

func TestFileTasksTakeTurns(t *testing.T) {
	c := &fakeCores{}
	job := open(t, File, Options{Dir: t.TempDir(), Size: 8, Cores: c}).(*fileJob)
	c.before = func() error {
		if len(job.turn) == 0 {
			t.Error("a task runs and takes no turn")
		}
		return nil
	}
	var running sync.WaitGroup
	for i := range 50 {
		running.Go(func() { do(t, job, i) })
	}
	running.Wait()
	if len(job.turn) != 0 || job.free.Len() != job.made {
		t.Errorf("after the tasks %d turns are taken and %d of %d slots are free, want 0 and all", len(job.turn), job.free.Len(), job.made)
	}

	for range fileSlots { // as many as may run at a time
		job.turn <- struct{}{}
	}
	c.before = func() error { t.Error("a task runs though it is not its turn"); return nil }
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(5*time.Millisecond, cancel)
	if _, err := job.Do(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled while it waits for its turn: error %v, want %v", err, context.Canceled)
	}
}

func TestFileReadsBack(t *testing.T) {
	const size, i = filePiece + 100, 4
	job := open(t, File, Options{Dir: t.TempDir(), Size: size}).(*fileJob)
	s := job.free.Take(job.newSlot)
	f, err := os.Create(s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := job.write(t.Context(), f, s, i); err != nil {
		t.Fatal(err)
	}
	want := make([]byte, size)
	data := newStream(1, i)
	data.fill(want)
	if got, err := os.ReadFile(s.path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file does not hold the bytes of the task (%v)", err)
	}
	if _, err := job.readBack(t.Context(), f, s, i); err != nil {
		t.Errorf("reading back: %v", err)
	}
	if _, err := job.readBack(t.Context(), f, s, i+1); err == nil {
		t.Error("reading back as another task: no error")
	}
	f.WriteAt([]byte{^want[size-1]}, size-1)
	_, err = job.readBack(t.Context(), f, s, i)
	wantError(t, "last byte changed", err, "the bytes from 65536 to 65636 are not those written")
	f.Truncate(size - 1)
	_, err = job.readBack(t.Context(), f, s, i)
	wantError(t, "truncated", err, "reading back .*: unexpected EOF")
}

// A device in the place of the file shows what a disk seldom does.
func TestFileOnADevice(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs the devices of Linux")
	}
	for _, tt := range []struct{ device, want string }{
		{"/dev/full", "write .*: no space left on device: free some space or set Options.Dir"},
		{"/dev/zero", "sync .*: invalid argument"}, // so there is a sync
	} {
		job := open(t, File, Options{Dir: t.TempDir()}).(*fileJob)
		s := job.free.Take(job.newSlot)
		if err := os.Symlink(tt.device, s.path); err != nil {
			t.Fatal(err)
		}
		job.free.Put(s)
		_, err := job.Do(t.Context(), 3)
		wantError(t, tt.device, err, "^workloads: file: task 3: "+tt.want)
		os.Remove(s.path)
		do(t, job, 3) // the job goes on when the disk is well again
	}
}

func TestFileDirectoryRemoved(t *testing.T) {
	o := prepare(t, File, Options{})
	job := open(t, File, o)
	do(t, job, 0)
	if err := os.RemoveAll(o.Dir); err != nil {
		t.Fatal(err)
	}
	_, err := job.Do(t.Context(), 3)
	wantError(t, "directory removed", err, "^workloads: file: task 3: open .*: was the scratch directory removed")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want it to be %v", err, fs.ErrNotExist)
	}
}
