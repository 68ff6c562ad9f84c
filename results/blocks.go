package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A block is a stretch of whole lines of a file.
type block struct {
	text  []byte
	line  int // of its first line, from 1
	lines int
	pure  bool // every line begins with "Benchmark", so none can be configuration
}

const blockSize = 256 << 10 // bytes; more than the longest line

// buffers keeps the memory of blocks that were dealt with.
var buffers sync.Pool

func buffer() []byte {
	if b, ok := buffers.Get().(*[]byte); ok {
		return (*b)[:0]
	}
	return make([]byte, 0, blockSize)
}

// free says that nothing refers to the text of the block any more.
func (b block) free() {
	whole := b.text[:0]
	buffers.Put(&whole)
}

var benchmarkPrefix = []byte("Benchmark")

// blocks calls each for one block after another until it returns false. An
// error of r, and a line too long for benchmark text, ends them.
func blocks(r io.Reader, file string, each func(block) bool) error {
	line := 1
	var rest []byte
	for {
		buf := buffer()
		buf = append(buf, rest...)
		var err error
		for len(buf) < cap(buf) && err == nil {
			var n int
			n, err = r.Read(buf[len(buf):cap(buf)])
			buf = buf[:len(buf)+n]
		}
		cut := len(buf)
		if err == nil {
			cut = bytes.LastIndexByte(buf, '\n') + 1
		}
		b := block{text: buf[:cut], line: line, pure: true}
		for text := b.text; len(text) > 0; line, b.lines = line+1, b.lines+1 {
			width := bytes.IndexByte(text, '\n') + 1
			if width == 0 {
				width = len(text)
			}
			if width >= bufio.MaxScanTokenSize {
				return tooLong(file, line)
			}
			b.pure = b.pure && bytes.HasPrefix(text, benchmarkPrefix)
			text = text[width:]
		}
		// The block and its memory belong to each from here on.
		rest = append(rest[:0], buf[cut:]...)
		if len(b.text) > 0 && !each(b) {
			return nil
		}
		switch {
		case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return fmt.Errorf("%s:%d: %w: the file was read up to this line", file, line, err)
		case len(rest) >= bufio.MaxScanTokenSize:
			return tooLong(file, line)
		}
	}
}

func tooLong(file string, line int) error {
	return &Complaint{File: file, Line: line, What: "this line is longer than 64 KiB: is this benchmark text?"}
}

// lineOf is the text of a block's line, counted from 1 in the file.
func (b block) lineOf(line int) string {
	text := b.text
	for range line - b.line {
		_, text, _ = bytes.Cut(text, []byte{'\n'})
	}
	text, _, _ = bytes.Cut(text, []byte{'\n'})
	return string(bytes.TrimRight(text, "\r"))
}
