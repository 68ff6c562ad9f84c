package results

import "bytes"

// quick reads a pure block whose lines all have the plainest form,
//
//	BenchmarkName-8  100  123.4 ns/op
//
// as a benchmark without further metrics prints it, and says whether it could.
// Every other block is read with benchfmt, which takes longer (BenchmarkParse); a
// test holds that both read the same.
func (out *parsed) quick() bool {
	index := map[string]int{}
	next := -1
	text := out.block.text
	for line := out.block.line; len(text) > 0; line++ {
		text = text[len(benchmarkPrefix):] // the block is pure
		// Names mostly follow one another as they did before.
		if next++; next >= len(out.names) {
			next = 0
		}
		width := 0
		if len(out.names) > 0 && bytes.HasPrefix(text, out.names[next]) && len(text) > len(out.names[next]) && blank(text[len(out.names[next])]) {
			width = len(out.names[next])
		} else {
			for width < len(text) && text[width] > ' ' && text[width] < 0x7f {
				width++
			}
			i, ok := index[string(text[:width])]
			if !ok {
				i = len(out.names)
				out.names = append(out.names, bytes.Clone(text[:width]))
				index[string(out.names[i])] = i
			}
			next = i
		}
		text = text[width:]
		_, fraction, rest, ok := decimal(text) // iterations
		if !ok || fraction {
			return false
		}
		ns, _, rest, ok := decimal(rest)
		if !ok || !(ns > 0) {
			return false
		}
		const unit = "ns/op"
		rest = spaces(rest)
		if !bytes.HasPrefix(rest, []byte(unit)) {
			return false
		}
		rest = rest[len(unit):]
		for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r') {
			rest = rest[1:]
		}
		switch {
		case len(rest) == 0:
		case rest[0] == '\n':
			rest = rest[1:]
		default:
			return false
		}
		out.lines = append(out.lines, parsedLine{line: line, name: next, time: ns * 1e-9, tasks: 1})
		text = rest
	}
	return true
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

// spaces takes blanks away.
func spaces(s []byte) []byte {
	for len(s) > 0 && blank(s[0]) {
		s = s[1:]
	}
	return s
}

// decimal reads a number of at most 15 digits behind at least one blank, which
// a float64 holds exactly but for one rounding: as strconv reads it. It says
// whether the number has a point.
func decimal(s []byte) (v float64, fraction bool, rest []byte, ok bool) {
	if len(s) == 0 || !blank(s[0]) {
		return 0, false, s, false
	}
	s = spaces(s)
	var mantissa uint64
	digits, behind := 0, 0
	for len(s) > 0 {
		switch c := s[0]; {
		case '0' <= c && c <= '9':
			mantissa = 10*mantissa + uint64(c-'0')
			digits++
			if fraction {
				behind++
			}
		case c == '.' && !fraction && digits > 0:
			fraction = true
		case blank(c):
			if digits == 0 || digits > 15 || fraction && behind == 0 {
				return 0, false, s, false
			}
			return float64(mantissa) / powers[behind], fraction, s, true
		default:
			return 0, false, s, false
		}
		s = s[1:]
	}
	return 0, false, s, false
}

// powers of ten that a float64 holds exactly.
var powers = [16]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}
