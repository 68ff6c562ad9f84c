package read

import (
	"regexp"
	"strconv"
)

// GoogleText is what Google Benchmark prints on a terminal.
var GoogleText = Format{
	Name:  "Google Benchmark console",
	Doc:   "what Google Benchmark prints, with or without colours; x and time as in its JSON",
	Sniff: func(head []byte, _ string) bool { return googleHeader.Match(head) || googleLine.Match(head) },
	Read:  readGoogleText,
}

var (
	googleHeader = compile(`(?m)Benchmark +Time(?:\(\w+\))? +CPU(?:\(\w+\))? +Iterations`)
	googleLine   = regexp.MustCompile(`(?m)^[>\s]*\S+ +[\d.]+(?:e[+-]?\d+)? (?:ns|us|ms|s) +[\d.]+(?:e[+-]?\d+)? (?:ns|us|ms|s) +\d+(?:\s|$)`)
	googleOld    = regexp.MustCompile(`Time\((\w+)\)`)
	googleResult = regexp.MustCompile(`^(\S.*?)\s+([\d.]+(?:e[+-]?\d+)?)(?: (ns|us|ms|s|min|m|h))?\s+[\d.]+(?:e[+-]?\d+)?(?: (?:ns|us|ms|s|min|m|h))?\s+\d+(?:\s.*)?$`)
	googleFailed = regexp.MustCompile(`^(\S+)\s+ERROR OCCURRED: '?(.*?)'?$`)
)

func readGoogleText(in *input) error {
	var rows googleRows
	unit := ""
	for {
		line, ok := in.text.next()
		if !ok {
			break
		}
		text := string(trimSpace(cleaned(line)))
		if googleHeader.MatchString(text) {
			if m := googleOld.FindStringSubmatch(text); m != nil {
				unit = m[1]
			}
			continue
		}
		if m := googleFailed.FindStringSubmatch(text); m != nil {
			in.complain(in.text.number, text, "the benchmark failed")
			continue
		}
		m := googleResult.FindStringSubmatch(text)
		if m == nil || m[3] == "" && unit == "" {
			continue
		}
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			continue
		}
		u := m[3]
		if u == "" {
			u = unit
		}
		rows.add(m[1], "", v, u, in.text.number)
	}
	if err := in.text.failure(in.name); err != nil {
		return err
	}
	return rows.read(in)
}
