package read

import "bytes"

// plainResult reads a result line of the plainest form, as a benchmark without
// further metrics prints it,
//
//	BenchmarkName-8  100  123.4 ns/op
//
// and reports whether the line has that form. Every other line is read by
// package benchfmt. Both read the same (FuzzPlain); plainResult takes a third of
// the time, which brings amdahl fit on a million lines from 0.8 to 0.4 of
// benchstat's time (BenchmarkRead has the reading alone).
func plainResult(line []byte) (name []byte, seconds float64, ok bool) {
	text, ok := bytes.CutPrefix(line, benchmarkPrefix)
	if !ok {
		return nil, 0, false
	}
	width := 0
	for width < len(text) && text[width] > ' ' && text[width] < 0x7f {
		width++
	}
	name = text[:width]
	_, fraction, text, ok := plainNumber(text[width:]) // iterations
	if !ok || fraction {
		return nil, 0, false
	}
	ns, _, text, ok := plainNumber(text)
	if !ok || !(ns > 0) {
		return nil, 0, false
	}
	rest, ok := bytes.CutPrefix(trimBlanks(text), []byte("ns/op"))
	if !ok || len(bytes.TrimRight(rest, " \t\r\n")) > 0 {
		return nil, 0, false
	}
	return name, ns * 1e-9, true
}

// trimBlanks takes leading blanks away.
func trimBlanks(s []byte) []byte {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	return s
}

// plainNumber reads a number of at most 15 digits after at least one blank and
// before another. A float64 holds its digits exactly, so that dividing by a power
// of ten rounds once, as strconv does. fraction reports whether the number has a
// point.
func plainNumber(s []byte) (v float64, fraction bool, rest []byte, ok bool) {
	rest = trimBlanks(s)
	if len(rest) == len(s) {
		return 0, false, s, false
	}
	var digits uint64
	count, decimals := 0, 0
	for i, c := range rest {
		switch {
		case '0' <= c && c <= '9':
			digits = 10*digits + uint64(c-'0')
			if count++; fraction {
				decimals++
			}
		case c == '.' && !fraction && count > 0:
			fraction = true
		case (c == ' ' || c == '\t') && count > 0 && count <= 15 && fraction == (decimals > 0):
			return float64(digits) / powersOfTen[decimals], fraction, rest[i:], true
		default:
			return 0, false, s, false
		}
	}
	return 0, false, s, false
}

// powersOfTen are the powers that a float64 holds exactly and that plainNumber
// needs.
var powersOfTen = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
