package read

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// open gives the contents of a file, or of stdin for "-", unpacked if it is
// gzip. The caller calls closeFile when it has read them.
func open(path string, stdin io.Reader) (r *bufio.Reader, name string, closeFile func() error, err error) {
	name, closeFile = path, func() error { return nil }
	var raw io.Reader
	if path == "-" {
		name, raw = "<stdin>", stdin
	} else {
		f, err := os.Open(path)
		if err != nil {
			return nil, name, nil, err // the error names the path and the cause
		}
		if st, err := f.Stat(); err == nil && st.IsDir() {
			f.Close()
			return nil, name, nil, fmt.Errorf("%s: is a directory: name the files in it, as in %s/*.txt", path, path)
		}
		raw, closeFile = f, f.Close
	}
	const buffer = 64 << 10
	b := bufio.NewReaderSize(raw, buffer)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			closeFile()
			return nil, name, nil, fmt.Errorf("%s: looks like gzip but is not: %w", name, err)
		}
		return bufio.NewReaderSize(z, buffer), name, closeFile, nil
	}
	return b, name, closeFile, nil
}
