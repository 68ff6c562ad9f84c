package read

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	linkText     = regexp.MustCompile(`!?\[([^\[\]^][^\[\]]*)\]\([^()]*\)`)
	footnoteMark = regexp.MustCompile(`\[\^[^\[\]]*\]|<sup>[^<>]*</sup>`)
	htmlTag      = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
)

// markdownCell is the text of a cell without links, footnotes, tags, escapes and
// the signs that people put beside the best number.
func markdownCell(cell string) string {
	if strings.ContainsAny(cell, "[<") {
		cell = footnoteMark.ReplaceAllString(cell, "")
		cell = linkText.ReplaceAllString(cell, "$1")
		cell = htmlTag.ReplaceAllString(cell, " ")
	}
	if strings.Contains(cell, `\`) {
		cell = strings.NewReplacer(`\~`, "~", `\*`, "*", `\_`, "_", `\<`, "<", `\>`, ">", `\#`, "#").Replace(cell)
	}
	cell = strings.TrimSpace(cell)
	if plain := strings.TrimFunc(cell, isOrnament); strings.ContainsFunc(plain, unicode.IsDigit) {
		return plain
	}
	return cell
}

// isOrnament reports whether a sign says nothing of a number: a medal, a star.
func isOrnament(r rune) bool {
	return unicode.Is(unicode.So, r) || unicode.IsSpace(r) || unicode.Is(unicode.Mn, r)
}
