package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"amdahl/results/words"
)

// clean is a text of others on one line, without the characters that steer a terminal
// and without what a CI system takes for a command.
func clean(s string) string { return words.Uncommanded(words.Clean(s)) }

// A cleanWriter passes text on, each line cleaned: names and messages of others are
// in it. The styles of tables, bold and dim, stay.
type cleanWriter struct {
	w    io.Writer
	held string // the begin of a line that may become a command
	in   bool   // in the middle of a line
}

// mayCommand matches the begin of a line that may go on as a command.
var mayCommand = regexp.MustCompile(`^\s*:?$`)

// Write implements io.Writer.
func (c *cleanWriter) Write(p []byte) (int, error) {
	var out strings.Builder
	text := c.held + string(p)
	c.held = ""
	for line := range strings.Lines(text) {
		whole := strings.HasSuffix(line, "\n")
		if !whole && !c.in && mayCommand.MatchString(line) {
			c.held = line
			break
		}
		line = plainText(line)
		if !c.in {
			line = words.Uncommanded(line)
		}
		out.WriteString(line)
		c.in = !whole
	}
	if _, err := io.WriteString(c.w, out.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// file is the file behind a writer, nil if it is none.
func file(w io.Writer) *os.File {
	if c, ok := w.(*cleanWriter); ok {
		w = c.w
	}
	f, _ := w.(*os.File)
	return f
}

// plainText takes out what steers a terminal, but for styles, tabs and line ends.
func plainText(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		if len(s) >= 4 && (s[:4] == "\x1b[0m" || s[:4] == "\x1b[1m" || s[:4] == "\x1b[2m") {
			b.WriteString(s[:4])
			s = s[4:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r == '\r' && (s == "" || s[0] == '\n'):
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || words.Invisible(r) || r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
