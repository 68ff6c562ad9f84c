package read

import (
	"fmt"
	"regexp"
)

// HyperfineText is what hyperfine prints on a terminal.
var HyperfineText = Format{
	Name:  "hyperfine console",
	Doc:   "what hyperfine prints; x is the only number of the commands that varies; time is the mean (`--export-json` has each time)",
	Sniff: func(head []byte, _ string) bool { return hyperfineMean.Match(head) && hyperfineName.Match(head) },
	Read:  readHyperfineText,
}

var (
	hyperfineName   = compile(`(?m)^\s*Benchmark #?\d+: (.*\S)`)
	hyperfineMean   = compile(`(?m)^\s*Time \((?:mean ± σ|abs ≡)\):\s+([\d.]+) (ns|µs|us|ms|s|min)\b`)
	hyperfineFailed = regexp.MustCompile(`^\s*(?:Error: |Warning: Ignoring non-zero exit code)`)
)

func readHyperfineText(in *input) error {
	name, at, found := "", 0, false
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := string(uncoloured(line))
		if c := string(cleaned(line)); hyperfineName.MatchString(c) || hyperfineMean.MatchString(c) {
			text = c
		}
		switch n, m := matchText(hyperfineName, text), hyperfineMean.FindStringSubmatch(text); {
		case n != "":
			name, at = n, in.text.number
		case m != nil && name != "":
			q, ok := parseQuantity(m[1], false)
			f, _ := secondsIn(m[2])
			if !ok || !(q.value > 0) {
				in.complain(in.text.number, text, "the time is %s: a number above 0 is needed", m[1])
				continue
			}
			found = true
			in.add(label{kind: command, text: name}, at, &Measurement{Time: q.value * f, Tasks: 1})
		case hyperfineFailed.MatchString(text):
			in.complain(in.text.number, name, "the command failed in some run")
		}
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	if found {
		in.note("%s: the times are hyperfine's means; --export-json has each of them", in.name)
		return nil
	}
	return fmt.Errorf("%w in %s: no complete result of hyperfine", ErrNothing, in.name)
}
