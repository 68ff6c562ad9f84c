package read

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// GoTestJSON is what go test -json prints.
var GoTestJSON = Format{
	Name:    "go test -json",
	Doc:     "the events of `go test -json -bench`, read as the text that they hold; x and time as in Go benchmark text",
	Metrics: true,
	Sniff: func(head []byte, _ string) bool {
		return goEvent.Match(head)
	},
	Read: func(in *input) error { return readGoText(in, &events{in: in, text: map[string][]byte{}}) },
}

// goEvent is a line of go test -json; what go itself prints on standard error may stand
// around it.
var goEvent = compile(`(?m)^[ \t]*\{(?:"(?:Time|ImportPath)":.*)?"Action": ?"`)

// events are the lines of text within the events of go test -json. Each package
// prints for itself, and an event may hold a part of a line.
type events struct {
	in    *input
	text  map[string][]byte // of each package, what has come of its last line
	pkg   string            // of the last line
	queue [][]byte          // lines to give
	tail  bool              // the file has ended, and what was left of lines is in the queue
}

func (e *events) at() int    { return e.in.text.number }
func (e *events) long() bool { return false }

func (e *events) next() ([]byte, bool) {
	for len(e.queue) == 0 {
		line, ok := e.in.text.next()
		if !ok {
			if e.tail {
				return nil, false
			}
			e.tail = true
			for pkg, rest := range e.text {
				if len(rest) > 0 {
					e.give(pkg, rest)
				}
			}
			continue
		}
		e.event(line)
	}
	line := e.queue[0]
	e.queue = e.queue[1:]
	return line, true
}

// event takes one line of the file.
func (e *events) event(line []byte) {
	var event struct{ Action, Package, Output string }
	if line = bytes.TrimSpace(line); len(line) == 0 {
		return
	}
	if line[0] != '{' { // standard error, among the events
		if e.in.text.tooLong {
			return
		}
		e.queue = append(e.queue, append(bytes.Clone(line), '\n'))
		return
	}
	if err := json.Unmarshal(line, &event); err != nil {
		e.in.complain(e.at(), string(line), "this is not an event of go test -json, and was left out")
		return
	}
	if event.Action != "output" {
		return
	}
	const most = 60 << 10
	text := append(e.text[event.Package], event.Output...)
	for {
		i := bytes.IndexByte(text, '\n')
		if i < 0 && len(text) < most {
			break
		}
		if i < 0 {
			i = len(text) - 1
		}
		e.give(event.Package, bytes.Clone(text[:i+1]))
		text = text[i+1:]
	}
	e.text[event.Package] = text
}

// give queues a line of a package.
func (e *events) give(pkg string, line []byte) {
	if pkg != e.pkg && pkg != "" {
		e.queue = append(e.queue, fmt.Appendf(nil, "pkg: %s\n", pkg))
	}
	e.pkg = pkg
	e.queue = append(e.queue, line)
}
