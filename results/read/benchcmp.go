package read

import (
	"regexp"
	"strings"
)

// Benchcmp is what benchcmp prints.
var Benchcmp = Format{
	Name:  "benchcmp",
	Doc:   "the table of benchcmp (`old ns/op  new ns/op`); x as in Go benchmark text; old and new are two series",
	Sniff: func(head []byte, _ string) bool { return benchcmpHeader.Match(head) },
	Read:  readBenchcmp,
}

var (
	benchcmpHeader = compile(`(?m)^[>\s]*benchmark\s+old (\S+)\s+new (\S+)`)
	benchcmpRow    = regexp.MustCompile(`^\s*Benchmark(\S+)\s+([\d.]+)\s+([\d.]+)\s`)
)

func readBenchcmp(in *input) error {
	var t benchstatTable
	for {
		b, ok := in.text.next()
		if !ok {
			return in.text.failure(in.name)
		}
		text := string(quotedLine(b))
		if m := benchcmpHeader.FindStringSubmatch(text); m != nil {
			t = in.benchstatTable(m[1], 2, []string{"old", "new"})
			continue
		}
		m := benchcmpRow.FindStringSubmatch(text + " ")
		if m == nil || !t.wanted {
			continue
		}
		for i, cell := range m[2:4] {
			v, ok := parseNumber(cell, false)
			switch {
			case !t.seconds:
				v = 1 / v
			case t.unit == "ns/op":
				v *= 1e-9
			}
			if !ok || !(v > 0) {
				in.complain(in.text.number, strings.TrimSpace(text), "%s is not a number above 0", cell)
				continue
			}
			in.addSummary(t.blocks[i], "", m[1], []float64{v})
		}
	}
}
