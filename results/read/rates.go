package read

import (
	"regexp"
	"strings"
)

// rateFactor is what the number of a cell must be multiplied with, so that cells
// with different units can be compared: 1000 for "k ops/s" and "kB/s", 1024 for
// "KiB/s", 1/60 for "/min", 0.01 for "%". It is 1 for a unit that says nothing of
// the kind.
func rateFactor(unit string) float64 {
	if unit == "%" {
		return 0.01
	}
	factor := 1.0
	amount, per, ok := strings.Cut(strings.ReplaceAll(unit, " ", ""), "/")
	if f, isTime := secondsIn(per); ok && isTime {
		factor /= f
	}
	if len(amount) < 2 {
		return factor
	}
	scale := 1000.0
	rest := amount[1:]
	if binary, found := strings.CutPrefix(rest, "i"); found && strings.HasPrefix(strings.ToLower(binary), "b") {
		scale, rest = 1024, binary
	}
	switch strings.ToLower(rest) {
	case "b", "bit", "bits", "byte", "bytes", "op", "ops", "req", "reqs", "request", "requests", "tps", "rps", "qps", "row", "rows", "flop", "flops",
		"tx", "txn", "txns", "query", "queries", "events", "items", "msg", "msgs", "messages", "records", "tuples", "keys", "samples":
	default:
		return factor
	}
	if power := strings.IndexByte("kmgt", amount[0]|0x20); power >= 0 {
		for range power + 1 {
			factor *= scale
		}
	}
	return factor
}

var (
	rateInName     = regexp.MustCompile(`([A-Za-z]+)\s?/\s?([a-zµμ]+)`)
	ratePerInName  = regexp.MustCompile(`(?i)([a-z]+)[ _-]per[ _-]([a-zµμ]+)`)
	scaledRateName = regexp.MustCompile(`(?i)(?:^|[^a-z])([kmgt])(ops|tps|rps|qps|reqs?)(?:$|[^a-z])`)
)

// rateUnit is the unit of a rate that the name of a column says, as in "Throughput
// (Mops/s)", "ops_per_ms" and "kTPS"; "" if none.
func rateUnit(name string) string {
	for _, re := range []*regexp.Regexp{rateInName, ratePerInName} {
		if m := re.FindStringSubmatch(name); m != nil {
			if _, ok := secondsIn(m[2]); ok {
				return m[1] + "/" + m[2]
			}
		}
	}
	if m := scaledRateName.FindStringSubmatch(name); m != nil {
		return m[1] + m[2] + "/s"
	}
	return ""
}
