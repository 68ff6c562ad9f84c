package results

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A block is a stretch of whole lines of a file.
type block struct {
	text  []byte
	line  int // of its first line, from 1
	lines int
	pure  bool // every line begins with "Benchmark", so none can be configuration
}

const blockSize = 256 << 10

var benchmarkPrefix = []byte("Benchmark")

// blocks calls each for one block after another until it returns false. An
// error of r, and a line too long for benchmark text, ends them.
func blocks(r io.Reader, file string, each func(block) bool) error {
	line := 1
	var rest []byte
	for {
		buf := make([]byte, len(rest), len(rest)+blockSize)
		copy(buf, rest)
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
		b := block{text: buf[:cut:cut], line: line, pure: true}
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
		if len(b.text) > 0 && !each(b) {
			return nil
		}
		switch rest = buf[cut:]; {
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
