package procpool

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// linesShown is how many lines of what a worker writes to standard error go to
// this process's, if Options.Stderr does not say otherwise.
const linesShown = 20

// stderrOf is where the standard error of a worker goes, and what to call at
// its end.
func (p *Pool) stderrOf(w *worker) (to io.Writer, finish func()) {
	if p.opt.Stderr != nil {
		return p.opt.Stderr, func() {}
	}
	l := &firstLines{to: os.Stderr, name: w.name}
	return l, l.end
}

// firstLines passes the first lines on under a name, and counts the others.
type firstLines struct {
	to   io.Writer
	name string

	mu    sync.Mutex
	line  []byte // that has not ended
	lines int
	over  bool // the worker has ended
}

const longestLine = 4 << 10

func (l *firstLines) Write(b []byte) (int, error) {
	n := len(b)
	l.mu.Lock()
	var out []byte
	for len(b) > 0 {
		line, rest, ended := bytes.Cut(b, []byte("\n"))
		l.line = append(l.line, line[:min(len(line), max(0, longestLine-len(l.line)))]...)
		b = rest
		if ended {
			out = l.endLine(out)
		}
	}
	l.mu.Unlock()
	l.write(out)
	return n, nil
}

// endLine appends the line at hand to out, if it is among the first.
func (l *firstLines) endLine(out []byte) []byte {
	if l.lines++; l.lines <= linesShown && !l.over {
		out = fmt.Appendf(out, "%s: %s\n", l.name, l.line)
	}
	l.line = l.line[:0]
	return out
}

func (l *firstLines) write(out []byte) {
	if len(out) > 0 {
		l.to.Write(out)
	}
}

// end writes what is left. It does not wait long for a standard error that
// nobody reads.
func (l *firstLines) end() {
	l.mu.Lock()
	var out []byte
	if len(l.line) > 0 {
		out = l.endLine(out)
	}
	if more := l.lines - linesShown; more > 0 {
		out = fmt.Appendf(out, "%s: … and %d more lines (Options.Stderr takes them all)\n", l.name, more)
	}
	l.over = true
	l.mu.Unlock()
	if len(out) == 0 {
		return
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		l.write(out)
	}()
	late := time.NewTimer(progressTime)
	defer late.Stop()
	select {
	case <-written:
	case <-late.C:
	}
}
