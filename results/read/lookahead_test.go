package read

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// buildLog is a log of about this many bytes.
func buildLog(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "2031-02-03 04:05:%02d INFO  compiling unit %d of target x, please wait ...\n", i%60, i)
		if i%7 == 0 {
			fmt.Fprintf(&b, "   Compiling thing v1.%d.0 (registry)\nwarning: unused variable: `x%d`\n", i, i)
		}
	}
	return b.String()
}

// unlikeLogs are the examples whose first line is like that of a log: no name says what a column is.
var unlikeLogs = []string{"no header", "time of bash", "names in front", "equals signs", "words", "letters"}

// Every example is read behind what go prints first as it is without, and one of each format behind
// a log and behind a line of any length.
func TestBehind(t *testing.T) {
	for _, front := range []struct{ name, text string }{
		{"a log", buildLog(80 << 10)},
		{"a long line", strings.Repeat("xy ", 30<<10) + "\n"},
		{"lines of go", "go: downloading golang.org/x/sync v0.7.0\n# example.com/x\n"},
	} {
		tried := map[string]int{}
		for _, tt := range examples {
			first := tried[tt.format.Name] == 0
			if tried[tt.format.Name]++; front.name != "lines of go" && !(first && len(tried)%behindPart == 0) {
				continue
			}
			if front.name == "a log" && slices.Contains(unlikeLogs, tt.name) {
				continue
			}
			s, err := read(t, front.text+tt.text, tt.o)
			if err != nil {
				t.Errorf("%s behind %s: %v", tt.format.Name+"/"+tt.name, front.name, err)
				continue
			}
			if got := sketch(s); got != tt.want {
				t.Errorf("%s behind %s: got %q, want %q", tt.format.Name+"/"+tt.name, front.name, got, tt.want)
			}
		}
	}
}

// A log of which no line is like another does not take more memory than it may.
func TestLookaheadBound(t *testing.T) {
	var text bytes.Buffer
	for i := 0; text.Len() < mostAhead/8; i++ {
		fmt.Fprintf(&text, "%s %c%c%c\n", strings.Repeat("A;b", i%7), 'A'+i%26, 'A'+i/26%26, 'A'+i/676%26)
	}
	text.WriteString(goLines("BenchmarkX", "-%d"))
	s, err := read(t, text.String(), Options{})
	if err != nil || len(s.Curves) != 1 {
		t.Errorf("got %v, %v", s, err)
	}
}
