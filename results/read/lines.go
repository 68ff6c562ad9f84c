package read

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// A lineReader gives the lines of a file one by one. Lines may be of any
// length, but only the first 64 KiB of one are kept.
type lineReader struct {
	r       *bufio.Reader // of a buffer of 64 KiB
	number  int           // of the last line, from 1
	tooLong bool          // the last line was longer than what is kept
	err     error         // why there are no further lines, io.EOF at the end
}

// next gives the next line with its line break, if it has one. The line holds
// until the next call. ok is false when there are no more lines, and r.err says
// why.
func (l *lineReader) next() (line []byte, ok bool) {
	if l.err != nil {
		return nil, false
	}
	line, err := l.r.ReadSlice('\n')
	if l.tooLong = errors.Is(err, bufio.ErrBufferFull); l.tooLong {
		line = append([]byte(nil), line...) // the buffer is needed for the rest
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
	}
	if err != nil {
		l.err = err
	}
	if len(line) == 0 {
		return nil, false
	}
	l.number++
	return line, true
}

func (l *lineReader) at() int    { return l.number }
func (l *lineReader) long() bool { return l.tooLong }

// failure is the error that ended the file early, with its place; nil if the
// file was read to its end.
func (l *lineReader) failure(file string) error {
	if l.err == nil || errors.Is(l.err, io.EOF) {
		return nil
	}
	return fmt.Errorf("%s:%d: %w: the file was read up to this line", file, l.number+1, l.err)
}
