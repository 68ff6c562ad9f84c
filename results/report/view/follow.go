package view

import (
	"bytes"
	"io"
	"os"
	"sync"
	"time"
)

// A follower knows the state of some files. It is safe for concurrent use.
type follower struct {
	settle time.Duration // after which a last line without its end counts as whole
	now    func() time.Time

	mu    sync.Mutex
	files []*followed
}

// A followed file is what was last seen of one.
type followed struct {
	path    string
	info    os.FileInfo // nil where there is none
	since   time.Time   // when info was seen first
	settled bool        // it has not changed for long enough
}

func newFollower(paths []string, settle time.Duration) *follower {
	f := &follower{settle: settle, now: time.Now}
	for _, p := range paths {
		f.files = append(f.files, &followed{path: p})
	}
	f.look()
	return f
}

// look reports whether a file is another one than before: longer, shorter, written
// to, replaced, gone or there at last; or settled, so that its last line counts.
func (f *follower) look() (changed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.files {
		info, err := os.Stat(x.path)
		if err != nil {
			info = nil
		}
		switch {
		case !same(x.info, info):
			x.info, x.since, x.settled = info, f.now(), false
			changed = true
		case !x.settled && info != nil && f.now().Sub(x.since) >= f.settle:
			x.settled = true
			changed = changed || unfinished(x.path, info.Size())
		}
	}
	return changed
}

func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// unfinished reports whether the last line of a file has no end.
func unfinished(path string, size int64) bool {
	f, err := os.Open(path)
	if err != nil || size == 0 {
		return false
	}
	defer f.Close()
	var last [1]byte
	_, err = f.ReadAt(last[:], size-1)
	return err == nil && last[0] != '\n'
}

// isSettled reports whether a file has not changed for long enough.
func (f *follower) isSettled(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.files {
		if x.path == path {
			return x.settled
		}
	}
	return true
}

// open gives the whole lines of a file as it is now: what is written meanwhile is not
// read. Of a packed file or one in UTF-16 it gives everything.
func (f *follower) open(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || f.isSettled(path) {
		return file, nil // what is not a file is named by whoever reads it
	}
	var magic [2]byte
	if _, err := file.ReadAt(magic[:], 0); err == nil && (magic == [2]byte{0x1f, 0x8b} || magic == [2]byte{0xff, 0xfe} || magic == [2]byte{0xfe, 0xff}) {
		return file, nil
	}
	end, err := lastLineEnd(file, info.Size())
	if err != nil {
		file.Close()
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(file, end), file}, nil
}

// lastLineEnd is how many of the first size bytes are whole lines.
func lastLineEnd(file io.ReaderAt, size int64) (int64, error) {
	var buf [4096]byte
	for size > 0 {
		from := max(0, size-int64(len(buf)))
		n, err := file.ReadAt(buf[:size-from], from)
		if err != nil && err != io.EOF {
			return 0, err
		}
		if at := bytes.LastIndexByte(buf[:n], '\n'); at >= 0 {
			return from + int64(at) + 1, nil
		}
		size = from
	}
	return 0, nil
}
