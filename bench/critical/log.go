package critical

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/exp/trace"
)

// A stay is one time that a goroutine did not run, written when it ends.
type stay struct {
	g, by            trace.GoID // who did not run, and who let it go on; 0 is nobody
	from, ready, run int64      // when it stopped to run, when it could run again, and when it did
	reason           int32      // why it stopped, by number
	where            int32      // where by was when it let it go on, by number; -1 if unknown
	stopped          int32      // where it stopped
	name             int32      // of g, by number; -1 if unknown
	created          bool
}

const staySize = 64

// A log keeps stays in a temporary file, in the order in which they end, and gives them back
// from the last to the first. Its memory does not grow.
type log struct {
	file  *os.File
	w     *bufio.Writer
	count int64
	buf   [staySize]byte
}

func newLog(dir string) (*log, error) {
	f, err := os.CreateTemp(dir, "amdahl-critical-*")
	if err != nil {
		return nil, fmt.Errorf("critical: a temporary file is needed: %w", err)
	}
	return &log{file: f, w: bufio.NewWriterSize(f, 1<<20)}, nil
}

// add writes a stay.
func (l *log) add(s stay) error {
	b := l.buf[:]
	e := binary.LittleEndian
	e.PutUint64(b[0:], uint64(s.g))
	e.PutUint64(b[8:], uint64(s.by))
	e.PutUint64(b[16:], uint64(s.from))
	e.PutUint64(b[24:], uint64(s.ready))
	e.PutUint64(b[32:], uint64(s.run))
	e.PutUint32(b[40:], uint32(s.reason))
	e.PutUint32(b[44:], uint32(s.where))
	e.PutUint32(b[48:], uint32(s.stopped))
	e.PutUint32(b[52:], uint32(s.name))
	b[56] = 0
	if s.created {
		b[56] = 1
	}
	l.count++
	if _, err := l.w.Write(b); err != nil {
		return fmt.Errorf("critical: writing the temporary file: %w", err)
	}
	return nil
}

// backwards calls do with each stay, the last one first, until it returns false.
func (l *log) backwards(do func(stay) bool) error {
	if err := l.w.Flush(); err != nil {
		return fmt.Errorf("critical: writing the temporary file: %w", err)
	}
	const block = 1 << 14 // stays
	buf := make([]byte, block*staySize)
	e := binary.LittleEndian
	for end := l.count; end > 0; {
		begin := max(0, end-block)
		part := buf[:(end-begin)*staySize]
		if _, err := l.file.ReadAt(part, begin*staySize); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("critical: reading the temporary file: %w", err)
		}
		for i := int(end-begin) - 1; i >= 0; i-- {
			b := part[i*staySize:]
			s := stay{
				g: trace.GoID(e.Uint64(b[0:])), by: trace.GoID(e.Uint64(b[8:])),
				from: int64(e.Uint64(b[16:])), ready: int64(e.Uint64(b[24:])), run: int64(e.Uint64(b[32:])),
				reason: int32(e.Uint32(b[40:])), where: int32(e.Uint32(b[44:])), stopped: int32(e.Uint32(b[48:])), name: int32(e.Uint32(b[52:])), created: b[56] == 1,
			}
			if !do(s) {
				return nil
			}
		}
		end = begin
	}
	return nil
}

// remove closes and removes the file.
func (l *log) remove() {
	l.file.Close()
	os.Remove(l.file.Name())
}
