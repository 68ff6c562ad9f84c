package results

import (
	"bytes"
	"io"
)

// A recorder remembers the last blocks that went through it, so that a
// complaint about a line can show the line.
type recorder struct {
	r      io.Reader
	blocks [][]byte
	before int // lines that ended before the first block
}

func (t *recorder) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	var block []byte
	if len(t.blocks) == 3 { // a scanner holds at most two of them
		block = t.blocks[0][:0]
		t.before += bytes.Count(t.blocks[0], []byte{'\n'})
		t.blocks = append(t.blocks[:0], t.blocks[1:]...)
	}
	t.blocks = append(t.blocks, append(block, p[:n]...))
	return n, err
}

// line is the text of a line, counted from 1, or as much of it as is
// remembered.
func (t *recorder) line(n int) string {
	text := bytes.Join(t.blocks, nil)
	for skip := n - 1 - t.before; skip > 0; skip-- {
		_, rest, ok := bytes.Cut(text, []byte{'\n'})
		if !ok {
			return ""
		}
		text = rest
	}
	text, _, _ = bytes.Cut(text, []byte{'\n'})
	return string(bytes.TrimRight(text, "\r"))
}
