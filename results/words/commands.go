package words

import (
	"regexp"
	"strings"
)

// commandStart matches what GitHub Actions takes for a command: :: at the begin of a
// line, after blanks too, and ##[ anywhere.
var commandStart = regexp.MustCompile(`^\s*::|##\[`)

// Uncommanded parts the marks of a command of a CI system in one line.
func Uncommanded(line string) string {
	return commandStart.ReplaceAllStringFunc(line, func(s string) string {
		if s == "##[" {
			return "# #["
		}
		return strings.TrimSuffix(s, "::") + ": :"
	})
}

// UncommandedLines is [Uncommanded] of each line of a text.
func UncommandedLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(Uncommanded(line))
	}
	return b.String()
}
