package read

import (
	"slices"
	"strings"
)

// separator is what separates the columns: of a header, else of most lines.
func separator(text string) rune {
	last := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, sep := range "\t;," {
			if strings.Count(line, string(sep)) == 0 || strings.Count(line, string(sep)) != strings.Count(last, string(sep)) {
				continue
			}
			names := strings.Split(last, string(sep))
			if slices.ContainsFunc(names, isNumber) || !slices.ContainsFunc(strings.Split(line, string(sep)), isNumber) {
				continue
			}
			if slices.ContainsFunc(names, func(n string) bool { return len(n) < 60 && saysRole(strings.Trim(n, `" #`)) }) {
				return sep
			}
		}
		last = line
	}
	best, most := ',', 0
	for _, sep := range "\t;," {
		lines := 0
		for line := range strings.Lines(text) {
			if strings.ContainsRune(strings.TrimSpace(line), sep) {
				lines++
			}
		}
		if lines > most {
			best, most = sep, lines
		}
	}
	return best
}
