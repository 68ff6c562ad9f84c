package results

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// open gives the contents of a file, or of stdin for "-", unpacked if it is
// gzip.
func open(path string, stdin io.Reader) (r *bufio.Reader, name string, done func() error, err error) {
	name, done = path, func() error { return nil }
	var raw io.Reader
	if path == "-" {
		name, raw = "<stdin>", stdin
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, name, done, err // names the path and the cause
		}
		if st, err := f.Stat(); err == nil && st.IsDir() {
			f.Close()
			return nil, name, done, fmt.Errorf("%s: is a directory: name the files in it, as in %s/*.txt", path, path)
		}
		raw, done = f, f.Close
	}
	b := bufio.NewReaderSize(raw, 64<<10)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			done()
			return nil, name, done, fmt.Errorf("%s: looks like gzip but is not: %w", name, err)
		}
		return bufio.NewReaderSize(z, 64<<10), name, done, nil
	}
	return b, name, done, nil
}

// A format is how measurements are written down.
type format int

const (
	textFormat format = iota // Go benchmark text
	csvFormat
	hyperfineFormat
)

// formatOf tells the format by what the user says of it, then by the name and
// by the first character that is no space.
func formatOf(r *bufio.Reader, path string, o Options) format {
	if o.Time != "" || o.Throughput != "" || strings.HasSuffix(strings.TrimSuffix(path, ".gz"), ".csv") {
		return csvFormat
	}
	head, _ := r.Peek(512) // an error shows again when the file is read
	if head = bytes.TrimLeft(head, " \t\r\n"); len(head) > 0 && head[0] == '{' {
		return hyperfineFormat
	}
	return textFormat
}
