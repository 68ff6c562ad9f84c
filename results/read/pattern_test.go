package read

import (
	"bytes"
	"regexp/syntax"
	"testing"
)

func TestInEveryMatch(t *testing.T) {
	for expr, want := range map[string]string{
		`(?m)^\s*real\s+(\S+)\s*$`:          "real",
		`tps = ([\d.]+)(?: \((.*)\))?`:      "tps = ",
		`a(?:bcd)?ef`:                       "ef",
		`a(?:bcd)+e`:                        "bcd",
		`a(?:bcd){2,3}e`:                    "bcd",
		`a(?:bcd){0,3}e`:                    "a",
		`a(?:bcd)*e`:                        "a",
		`(?:user|total) time`:               " time",
		`(?:user|sys)`:                      "",
		`(?i)benchmark`:                     "",
		`(?i)benchmark(?-i: old)`:           " old",
		`(name) +(mean|max)`:                "name",
		`[a-z]+`:                            "",
		``:                                  "",
		`(\d+) threads? and (\d+)`:          " thread",
		`-- (?:Benchmark|Test)\S+ \.\.\. x`: " ... x",
	} {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := inEveryMatch(tree); got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}

// A pattern finds what its expression finds, in every example and in every line of one.
func TestPattern(t *testing.T) {
	patterns := []pattern{benchcmpHeader, benchstatOld, benchstatNew, benchstatCSVHeader, cilkscaleHeader, criterionTime, libtestBench, goEvent, googleCSVHeader,
		googleHeader, hyperfineName, hyperfineMean, jmhCSVHeader, jmhHeader, jmhThreads, k6VUs, k6Iterations, latexRow, latexTable, perfCommand, perfElapsed,
		pgbenchType, pgbenchClients, pgbenchScale, pgbenchThreads, pgbenchMode, pgbenchTPS, gnuCommand, gnuElapsed, gnuShort, shellReal, shellUser, shellOther, zshTime, fishTime, cshTime, sysbenchThreads}
	found := map[string]bool{}
	check := func(text []byte) {
		for _, p := range patterns {
			want := p.Regexp.Match(text)
			if got := p.Match(text); got != want {
				t.Errorf("%s in %q: got %v, want %v", p, text, got, want)
			}
			if got := p.MatchString(string(text)); got != want {
				t.Errorf("%s in the string %q: got %v, want %v", p, text, got, want)
			}
			if got := p.FindStringSubmatch(string(text)) != nil; got != want {
				t.Errorf("%s: submatches in %q: got %v, want %v", p, text, got, want)
			}
			if got := len(p.FindAll(text, 3)) > 0; got != want {
				t.Errorf("%s: all in %q: got %v, want %v", p, text, got, want)
			}
			found[p.String()] = found[p.String()] || want
		}
	}
	for _, e := range examples {
		if len(e.text) < 16<<10 {
			check([]byte(e.text))
		}
	}
	for _, p := range patterns {
		if !found[p.String()] {
			t.Logf("no example has %s", p)
		}
	}
}

// Whatever is a title may be one.
func TestMayBeTitle(t *testing.T) {
	lines := [][]byte{}
	for _, l := range []string{"# A heading", "$ go test", "% go test", "**Before**", "__after__", "before", "AFTER", "old", "New version", "baseline:", "base", "master", "main",
		"head", "tip", "current", "previous", "original", "optimised", "Optimized code", "patched", "patch 1", "this PR", "this commit:", "with", "without cache", "go 1.26", "go1.25", "**bold**:", "any text:"} {
		if !titleLine.MatchString(l) {
			t.Errorf("%q is no title", l)
		}
		lines = append(lines, []byte(l))
	}
	for _, e := range examples {
		for l := range bytes.Lines([]byte(e.text)) {
			lines = append(lines, bytes.TrimSpace(l))
		}
	}
	for _, l := range lines {
		if len(l) > 0 && titleLine.Match(l) && !mayBeTitle(l) {
			t.Errorf("%q is a title, and is not taken for one", l)
		}
	}
	for _, l := range []string{"2031-02-03 INFO compiling", "xy", "12 34"} {
		if mayBeTitle([]byte(l)) {
			t.Errorf("%q is taken for a title", l)
		}
	}
}
