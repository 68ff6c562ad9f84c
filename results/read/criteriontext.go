package read

import (
	"bytes"
	"fmt"
	"strings"
)

// CriterionText is what cargo bench prints with criterion.
var CriterionText = Format{
	Name: "criterion console",
	Doc:  "what `cargo bench` prints with criterion, or with the harness of Rust (`bench: 1,234 ns/iter`); x is the only number of the names that varies; time is the estimate, the second of three",
	Sniff: func(head []byte, _ string) bool {
		return bytes.Contains(head, []byte("time:")) && criterionTime.Match(head) || bytes.Contains(head, []byte("bench:")) && libtestBench.Match(head)
	},
	Read: readCriterionText,
}

var (
	criterionTime = compile(`(?m)^(.*?)\s*time:\s+\[([\d.]+) (ps|ns|µs|us|μs|ms|s) ([\d.]+) (ps|ns|µs|us|μs|ms|s) ([\d.]+) (?:ps|ns|µs|us|μs|ms|s)\]`)
	libtestBench  = compile(`(?m)^\s*test (\S+)\s+\.\.\. bench:\s+([\d.,]+) ns/iter`)
)

func readCriterionText(in *input) error {
	last, found := "", false // the line above, which has the name where that is long
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := strings.TrimRight(string(uncoloured(line)), " \t\r\n")
		name, number, unit := "", "", ""
		if m := criterionTime.FindStringSubmatch(text); m != nil {
			name, number, unit = strings.TrimSpace(m[1]), m[4], m[5]
			if name == "" {
				name = last
			}
		} else if m := libtestBench.FindStringSubmatch(text); m != nil {
			name, number, unit = m[1], strings.ReplaceAll(m[2], ",", ""), "ns"
		}
		last = strings.TrimSpace(text)
		if number == "" {
			continue
		}
		name = string(cleaned([]byte(name)))
		if f := strings.Fields(name); len(f) > 0 && strings.Contains(name, ": ") {
			name = f[len(f)-1] // Benchmarking sum/8: Analyzing
		}
		q, ok := parseQuantity(number, false)
		f, isTime := secondsIn(unit)
		if unit == "ps" {
			f, isTime = 1e-12, true
		}
		if !ok || !isTime || !(q.value > 0) || name == "" {
			in.complain(in.text.number, text, "the time is %q: a number above 0 and a name are needed", number)
			continue
		}
		found = true
		in.add(label{kind: named, text: name}, in.text.number, &Measurement{Time: q.value * f, Tasks: 1})
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("%w in %s: no complete result of criterion", ErrNothing, in.name)
	}
	return nil
}
