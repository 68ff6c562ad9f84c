package read

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// mostText bounds the unpacked text of a file: a small packed file can hold any
// amount.
const mostText = 4 << 30

// open gives the contents of a file, or of stdin for "-", unpacked if it is
// gzip, in UTF-8. The caller calls closeFile when it has read them. opener opens the
// file; nil is [os.Open].
func open(path string, stdin io.Reader, opener func(string) (io.ReadCloser, error)) (r *bufio.Reader, name string, closeFile func() error, err error) {
	name, closeFile = path, func() error { return nil }
	var raw io.Reader
	if path == "-" {
		name, raw = "<stdin>", stdin
	} else if opener != nil {
		f, err := opener(path)
		if err != nil {
			return nil, name, nil, err
		}
		raw, closeFile = f, f.Close
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
	b := bufio.NewReaderSize(raw, sniffed)
	if magic, _ := b.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			closeFile()
			return nil, name, nil, fmt.Errorf("%s: looks like gzip but is not: %w", name, err)
		}
		b = bufio.NewReaderSize(&limited{r: z, left: mostText}, sniffed)
	}
	return utf8(b), name, closeFile, nil
}

// A limited reader gives an error, not an end, where the text is too long.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, fmt.Errorf("more than %d GiB of text when unpacked: split it", mostText>>30)
	}
	return n, err
}

// utf8 gives the text in UTF-8 without a byte order mark. UTF-16 is what
// PowerShell writes to a file.
func utf8(b *bufio.Reader) *bufio.Reader {
	head, _ := b.Peek(512)
	order := unicode.LittleEndian
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		b.Discard(3)
		return b
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		order = unicode.BigEndian
	case zeros(head, 1):
	case zeros(head, 0):
		order = unicode.BigEndian
	default:
		return b
	}
	return bufio.NewReaderSize(transform.NewReader(b, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), sniffed)
}

// zeros reports whether text looks like ASCII in UTF-16 without a byte order
// mark: of each two bytes, the one at this place is zero and the other is not.
func zeros(head []byte, at int) bool {
	n := len(head) / 2
	for i := range n {
		if head[2*i+at] != 0 || head[2*i+1-at] == 0 {
			return false
		}
	}
	return n >= 8
}
