package words

import (
	"sort"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// terminal counts columns as terminals do outside East Asia, whatever the
// locale: one for σ and —.
var terminal = &runewidth.Condition{}

// Width is how many columns of a terminal a text takes. It does not depend on
// the locale.
func Width(s string) int { return terminal.StringWidth(s) }

// Pad appends spaces to a text until it takes so many columns.
func Pad(s string, columns int) string { return s + strings.Repeat(" ", max(0, columns-Width(s))) }

// PadLeft puts spaces before a text until it takes so many columns.
func PadLeft(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-Width(s))) + s
}

// Fold breaks a text between words into lines of at most so many columns. A
// word that is longer has a line of its own.
func Fold(s string, columns int) []string {
	return FoldFunc(s, func(line string) bool { return Width(line) <= columns })
}

// FoldFunc breaks a text between words into lines that fit. It gives at least
// one line, which may be empty.
func FoldFunc(s string, fits func(line string) bool) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case fits(line + " " + word):
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// Clean takes from a text of others what no picture or terminal should get:
// control characters, those that turn the direction of writing, and bytes that are not
// text. A character that cannot be seen, such as one of no width, becomes U+FFFD: two
// names that differ must not look alike.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return ' '
		case Invisible(r):
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// Invisible reports whether a character leaves no trace where it is drawn: format
// characters, as of no width, and the fillers that are letters to Unicode.
func Invisible(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// Shorten takes letters out of the middle of a text, and puts "…" there,
// until it fits. A longer text must not fit where a shorter one does not.
func Shorten(s string, fits func(string) bool) string {
	if fits(s) {
		return s
	}
	runes := []rune(s)
	without := func(n int) string {
		keep := max(len(runes)-n, 0)
		head := (keep + 1) / 2
		return string(runes[:head]) + "…" + string(runes[len(runes)-keep+head:])
	}
	return without(1 + sort.Search(len(runes), func(n int) bool { return fits(without(n + 1)) }))
}
