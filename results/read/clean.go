package read

import (
	"bytes"
	"regexp"
)

// ansi are the escape sequences by which terminals are told colours and titles.
var ansi = regexp.MustCompile("\x1b(?:\\[[0-9;:?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[@-Z\\\\^_])")

// prefixes are what mails, logs of CI, of containers and of terminals put in
// front of a line.
var prefixes = regexp.MustCompile(`^(?:` +
	`\s*(?:>|##|#>|//|\|\|)\s?` + // quoted, R's output, comments
	`|[^\t]*\t[^\t]*\t` + timestamp + `\s` + // gh run view --log
	`|\s*\[?` + timestamp + `\]?(?:\s\d\d[OE]\+?)?\s` + // GitHub, GitLab, Jenkins
	`|\s*\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?:?\s+` +
	`|\[pod/[^\]]*\]\s` +
	`|[A-Za-z][\w.\-/]*\s*[|│]\s?` + // docker compose
	`|[\w.\-/]+:\d+[:\-]` + // grep -n
	`|\s+)`)

const timestamp = `\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`

// cleaned takes colours and what stands in front of a line away: prefixes as
// often as they come.
func cleaned(line []byte) []byte {
	line = uncoloured(line)
	for range 4 {
		n := len(prefixes.Find(line[:min(len(line), 300)]))
		if n == 0 {
			break
		}
		line = line[n:]
	}
	return line
}

// uncoloured takes escape sequences away.
func uncoloured(line []byte) []byte {
	if bytes.IndexByte(line, 0x1b) >= 0 {
		return ansi.ReplaceAll(line, nil)
	}
	return line
}

// A kind of line of Go benchmark text, found behind any prefix.
var (
	resultLine = regexp.MustCompile(`(?:^|[\s|│>:\]])(Benchmark\S*\s+\d+\s+[-+]?[0-9.][0-9.eE+\-]*\s+\S*[A-Za-z%].*)`)
	configLine = regexp.MustCompile(`^(?:goos|goarch|pkg|cpu|cpu-count|round|canary|sentinel|profiled|spoilt-rounds|run-[a-z]+): ?`)
	nameLine   = regexp.MustCompile(`^(Benchmark[^\sa-z"]\S*)\s(.*\S)?\s*$`)
	numbersEnd = regexp.MustCompile(`(?:^|\s)(\d+\s+[0-9][0-9.eE+]*\s+ns/op\b.*)$`)
)

// benchmarkAt is where a result of Go benchmark text begins in a line, behind
// whatever stands in front of it; -1 if there is none.
func benchmarkAt(line []byte) int {
	if m := resultLine.FindSubmatchIndex(line); m != nil {
		return m[2]
	}
	return -1
}
