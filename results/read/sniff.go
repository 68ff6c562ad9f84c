package read

import (
	"bytes"
)

// sniffable is the beginning of a file as formats look at it: without colours,
// and without a line that the end cut.
func sniffable(head []byte) []byte {
	if len(head) >= sniffed-8 {
		if i := bytes.LastIndexByte(head, '\n'); i > 0 {
			head = head[:i+1]
		}
	}
	return uncoloured(head)
}

// hasGoText reports whether a text has a result of Go benchmark text, or the
// name of one whose numbers come later.
func hasGoText(head []byte) bool {
	for line := range bytes.Lines(head) {
		if !bytes.Contains(line, benchmarkPrefix) {
			continue
		}
		if benchmarkAt(line) >= 0 {
			return true
		}
		if m := nameLine.FindSubmatch(line); m != nil && len(m[1]) > len("Benchmark") && isUpper(m[1][9]) && !jmhHeader.Match(line) && !googleHeader.Match(line) {
			return true
		}
	}
	return false
}

func trimSpace(b []byte) []byte { return bytes.TrimSpace(b) }
