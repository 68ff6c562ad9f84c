package rounds

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
)

// longest is the longest line that can be benchmark text, in bytes.
const longest = 64 << 10

// lines is a writer that calls each with every whole line, newline included.
// rest gets what cannot be a result: an unfinished line at the end, and lines
// that are too long. An error of each is that of Write.
type lines struct {
	each func(line string) error
	rest *ends
	part []byte
	long bool // in the middle of a line that is too long
}

func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n') + 1
		whole := i > 0
		if !whole {
			i = len(p)
		}
		l.part = append(l.part, p[:i]...)
		p = p[i:]
		switch {
		case l.long || len(l.part) > longest:
			l.rest.Write(l.part)
			l.part, l.long = l.part[:0], !whole
		case whole:
			line := string(l.part)
			l.part = l.part[:0]
			if err := l.each(line); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// end gives an unfinished line to rest.
func (l *lines) end() {
	l.rest.Write(l.part)
	l.part = nil
}

// ends is a writer that keeps the beginning and the end of what it gets, where
// programs print the cause of a failure. It may be used concurrently.
type ends struct {
	mu         sync.Mutex
	head, tail []byte
	cut        bool
}

const keptBytes = 16 << 10 // of each end

func (e *ends) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	all := len(p)
	n := min(len(p), keptBytes-len(e.head))
	e.head, p = append(e.head, p[:n]...), p[n:]
	e.tail = append(e.tail, p[max(0, len(p)-keptBytes):]...)
	e.cut = e.cut || len(p) > keptBytes
	if len(e.tail) > 2*keptBytes {
		e.tail, e.cut = append(e.tail[:0], e.tail[len(e.tail)-keptBytes:]...), true
	}
	return all, nil
}

// String returns at most 20 lines of at most 300 bytes each.
func (e *ends) String() string {
	const atHead, atTail, columns = 5, 15, 300
	e.mu.Lock()
	defer e.mu.Unlock()
	text := strings.TrimRight(string(e.head)+string(e.tail), "\r\n \t")
	if text == "" {
		return ""
	}
	all := strings.Split(text, "\n")
	if left := len(all) - atHead - atTail; left > 0 {
		more := "more "
		if !e.cut {
			more = fmt.Sprint(left)
		}
		all = append(append(all[:atHead:atHead], fmt.Sprintf("… %s lines …", strings.TrimSpace(more))), all[len(all)-atTail:]...)
	}
	for i, l := range all {
		if l = strings.ToValidUTF8(strings.TrimRight(l, "\r"), "?"); len(l) > columns {
			l = strings.ToValidUTF8(l[:columns], "") + " …"
		}
		all[i] = l
	}
	return strings.Join(all, "\n")
}
