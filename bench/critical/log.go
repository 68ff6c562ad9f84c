package critical

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/exp/trace"
)

// A stay is one time that a goroutine did not run, written when it ends.
type stay struct {
	g, by            trace.GoID // who did not run, and who let it go on; 0 is nobody
	from, ready, run int64      // when it stopped to run, when it could run again, and when it did
	reason           int32      // the word for why it stopped
	where            int32      // and for where by was when it let it go on; 0 if unknown
	stopped          int32      // where it stopped
	name             int32      // of g; 0 if unknown
	created          bool
}

// texts are the words of a stay: few stays have others than one before them.
type texts struct {
	reason, where, stopped, name int32
	created                      bool
}

// A log keeps stays in a temporary file, in the order in which they end, and gives them back
// from the last to the first. A stay takes some 10 bytes there, as differences to the one
// before it. The memory grows by 16 bytes for every blockStays stays.
type log struct {
	file    *os.File
	buf     []byte  // that is not in the file yet
	offsets []int64 // where blocks begin; the last one where the next will
	count   int     // stays in the last block
	last    stay    // that was added to it

	texts  []texts
	number map[texts]int32
	recent [256]int32 // numbers by a hash of what they stand for
}

// logBuffer is from how many bytes on the buffer is written.
const logBuffer = 1 << 20

// blockStays is how many stays are read back together.
const blockStays = 1 << 14

func newLog(dir string) (*log, error) {
	f, err := os.CreateTemp(dir, "amdahl-critical-*")
	if err != nil {
		return nil, fmt.Errorf("critical: a temporary file is needed: %w", err)
	}
	return &log{file: f, buf: make([]byte, 0, logBuffer+64), offsets: []int64{0}, texts: []texts{{}}, number: map[texts]int32{{}: 0}}, nil
}

// of is the number of the texts of a stay.
func (l *log) of(s *stay) int32 {
	t := texts{s.reason, s.where, s.stopped, s.name, s.created}
	at := &l.recent[uint32(t.reason*31+t.where*101+t.stopped*211+t.name*7)%uint32(len(l.recent))]
	if l.texts[*at] == t {
		return *at
	}
	n, ok := l.number[t]
	if !ok {
		n = int32(len(l.texts))
		l.texts = append(l.texts, t)
		l.number[t] = n
	}
	*at = n
	return n
}

// add writes a stay.
func (l *log) add(s *stay) error {
	if l.count == blockStays {
		l.offsets = append(l.offsets, l.offsets[len(l.offsets)-1])
		l.count, l.last = 0, stay{}
	}
	b := l.buf
	b = binary.AppendVarint(b, int64(s.g-l.last.g))
	b = binary.AppendVarint(b, int64(s.by-s.g))
	b = binary.AppendVarint(b, s.run-l.last.run)
	b = binary.AppendVarint(b, s.run-s.ready)
	b = binary.AppendVarint(b, s.ready-s.from)
	b = binary.AppendUvarint(b, uint64(l.of(s)))
	l.offsets[len(l.offsets)-1] += int64(len(b) - len(l.buf))
	l.buf = b
	l.last = *s
	l.count++
	if len(b) >= logBuffer {
		return l.flush()
	}
	return nil
}

// flush writes what is in the buffer.
func (l *log) flush() error {
	if _, err := l.file.Write(l.buf); err != nil {
		return fmt.Errorf("critical: writing the temporary file: %w", err)
	}
	l.buf = l.buf[:0]
	return nil
}

// backwards calls do with each stay, the last one first, until it returns false.
func (l *log) backwards(do func(*stay) bool) error {
	if err := l.flush(); err != nil {
		return err
	}
	var buf []byte
	var block []stay
	for i := len(l.offsets) - 1; i >= 0; i-- {
		begin := int64(0)
		if i > 0 {
			begin = l.offsets[i-1]
		}
		size := int(l.offsets[i] - begin)
		if size > cap(buf) {
			buf = make([]byte, size)
		}
		buf = buf[:size]
		if _, err := l.file.ReadAt(buf, begin); err != nil {
			return fmt.Errorf("critical: reading the temporary file: %w", err)
		}
		block = block[:0]
		var err error
		if block, err = l.decode(buf, block); err != nil {
			return err
		}
		for k := len(block) - 1; k >= 0; k-- {
			if !do(&block[k]) {
				return nil
			}
		}
	}
	return nil
}

// decode appends the stays of a block.
func (l *log) decode(b []byte, list []stay) ([]stay, error) {
	var last stay
	for len(b) > 0 {
		var v [5]int64
		for i := range v {
			n := 0
			if v[i], n = binary.Varint(b); n <= 0 {
				return nil, errLog
			}
			b = b[n:]
		}
		number, n := binary.Uvarint(b)
		if n <= 0 || number >= uint64(len(l.texts)) {
			return nil, errLog
		}
		b = b[n:]
		t := l.texts[number]
		s := stay{reason: t.reason, where: t.where, stopped: t.stopped, name: t.name, created: t.created}
		s.g = last.g + trace.GoID(v[0])
		s.by = s.g + trace.GoID(v[1])
		s.run = last.run + v[2]
		s.ready = s.run - v[3]
		s.from = s.ready - v[4]
		list, last = append(list, s), s
	}
	return list, nil
}

var errLog = errors.New("critical: the temporary file was changed")

// remove closes and removes the file.
func (l *log) remove() {
	l.file.Close()
	os.Remove(l.file.Name())
}
