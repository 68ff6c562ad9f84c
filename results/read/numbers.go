package read

import (
	"strconv"
	"strings"

	"amdahl/results"
)

// A number is a whole number within a name, which may be the level.
type number struct {
	value    float64
	from, to int    // text[from:to] is the number
	word     string // the word that names it, as the name has it: "threads"; "" if none
	exact    bool   // the part of the name is word=number
	inBase   bool   // it stands in the benchmark's own name, in front of the first slash
	// text[cutFrom:cutTo] goes when the number becomes the level: the number with
	// its word and what joins them, and one separator.
	cutFrom, cutTo int
}

// mostNumbers is how many numbers of a name are looked at.
const mostNumbers = 16

// axisLetters are the letters that count workers where one of them and a number are
// a whole part of a name: sum/t8.
const axisLetters = "tTpPwWcCgGjJ"

// numbersIn finds the numbers of a name in the notation of benchmark names, or
// of a command. A number with a unit, a fraction or letters around it that are
// not a word for workers is not one. x is the axis that the user named, "" if none.
func numbersIn(text string, kind labelKind, x string) []number {
	var all []number
	base := strings.IndexByte(text, '/')
	if base < 0 {
		base = len(text)
	}
	for i := 0; i < len(text) && len(all) < mostNumbers; {
		if !isDigit(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		n := number{from: from, to: i, inBase: kind != command && from < base}
		v, err := strconv.ParseFloat(text[from:i], 64)
		if err != nil || i-from > 9 {
			continue
		}
		n.value = v
		if n.describe(text, kind) || n.lettered(text, kind, x) {
			all = append(all, n)
		}
	}
	return all
}

// describe finds the word of a number and reports whether the number stands by
// itself.
func (n *number) describe(text string, kind labelKind) bool {
	before, after := text[:n.from], text[n.to:]
	if strings.HasSuffix(before, ".") || strings.HasPrefix(after, ".") && len(after) > 1 && isDigit(after[1]) {
		return false // a fraction, or a version
	}
	wordAfter, joinAfter := leadingWord(after)
	wordBefore, joinBefore := trailingWord(before, kind)
	n.cutFrom, n.cutTo = n.from, n.to
	if at := n.from - joinBefore - len(wordBefore); kind == command && wordBefore != "" && before[len(before)-1] != '=' && (at == 0 || text[at-1] != '-') {
		wordBefore = "" // the word before an argument does not name it
	}
	switch {
	case kind == command && wordBefore != "":
		n.word = wordBefore
		n.cutFrom = n.from - joinBefore - len(wordBefore)
	case wordBefore != "" && (joinBefore > 0 || isWorkerWord(wordBefore)) && (wordAfter == "" || joinAfter > 0 || isWorkerWord(wordBefore)) && !(isWorkerWord(wordAfter) && !isWorkerWord(wordBefore)):
		n.word = wordBefore
		n.cutFrom = n.from - joinBefore - len(wordBefore)
		n.exact = kind != command && joinBefore == 1 && before[len(before)-1] == '=' &&
			(n.cutFrom == 0 || text[n.cutFrom-1] == '/') && (after == "" || after[0] == '/')
	case wordAfter != "" && isWorkerWord(wordAfter):
		n.word = wordAfter
		n.cutTo = n.to + joinAfter + len(wordAfter)
	case wordAfter != "" && joinAfter == 0: // a unit, or a part of a word: 64KB, 8x8
		return false
	case wordBefore != "" && joinBefore == 0 && kind != command: // V2, SHA256
		return false
	}
	if n.inBase && n.word != "" {
		// the word stays in the benchmark's own name: Parallel8 is of Parallel
		n.cutFrom = n.from
		if n.word == wordBefore {
			n.cutFrom -= joinBefore
		}
	}
	return true
}

// lettered takes a number that is a whole part of a name with one letter in front of
// it, one of [axisLetters] or the one that the user named.
func (n *number) lettered(text string, kind labelKind, x string) bool {
	if kind == command || n.from < 2 || text[n.from-2] != '/' || n.to < len(text) && text[n.to] != '/' {
		return false
	}
	letter := text[n.from-1 : n.from]
	if !isLetter(letter[0]) || !strings.Contains(axisLetters, letter) && !strings.EqualFold(letter, x) {
		return false
	}
	n.word, n.cutFrom, n.cutTo = letter, n.from-1, n.to
	return true
}

// leadingWord is the word at the begin of s, behind at most one sign that joins
// it, and the length of that.
func leadingWord(s string) (word string, join int) {
	if s != "" && strings.IndexByte("_-: ", s[0]) >= 0 {
		join = 1
	}
	end := join
	for end < len(s) && isLetter(s[end]) {
		end++
	}
	return s[join:end], join
}

// trailingWord is the word at the end of s, in front of what joins it to a
// number, and the length of that. Of CamelCase it is the last word, if that
// names workers.
func trailingWord(s string, kind labelKind) (word string, join int) {
	end := len(s)
	for end > 0 && strings.IndexByte("=_-: ", s[end-1]) >= 0 && len(s)-end < 2 {
		if s[end-1] == ' ' && kind != command {
			break
		}
		end--
	}
	join = len(s) - end
	from := end
	for from > 0 && (isLetter(s[from-1]) || (s[from-1] == '_' || s[from-1] == '-' || s[from-1] == ' ' && kind != command) && from > 1 && isLetter(s[from-2]) && from < end) {
		from--
	}
	word = s[from:end]
	if isWorkerWord(word) || exactKey(word) >= 0 {
		return word, join
	}
	for i := len(word) - 1; i > 0; i-- { // the shortest end that names workers, else the last word
		switch {
		case word[i-1] == '_' || word[i-1] == '-' || word[i-1] == ' ':
			return word[i:], join
		case isUpper(word[i]) && i+1 < len(word) && !isUpper(word[i+1]) && isWorkerWord(word[i:]):
			return word[i:], join
		}
	}
	return word, join
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLetter(c byte) bool { return isUpper(c) || 'a' <= c && c <= 'z' || c >= 0x80 }

// shapeOf is a name with its numbers taken out: names of one shape are levels
// of one series, or of several that differ in numbers.
func shapeOf(text string, numbers []number) string {
	var b strings.Builder
	at := 0
	for _, n := range numbers {
		b.WriteString(text[at:n.from])
		b.WriteByte(0)
		at = n.to
	}
	b.WriteString(text[at:])
	return singular(b.String()) // 1_thread and 2_threads are of one shape
}

// without is the name of the series that remains when a number becomes the
// level.
func without(text string, n number, kind labelKind) results.Name {
	left, right := text[:n.cutFrom], text[n.cutTo:]
	if kind == command {
		left = strings.TrimRight(left, "-= ")
		if i := strings.LastIndexByte(left, ' '); i < 0 && strings.HasPrefix(right, " ") && strings.TrimRight(left, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" {
			left = "" // OMP_NUM_THREADS=4 ./a.out
		}
		return results.Name{Base: strings.Join(strings.Fields(left+" "+right), " ")}
	}
	joins := "=_-:, "
	switch {
	case (left == "" || strings.HasSuffix(left, "/")) && (right == "" || strings.HasPrefix(right, "/")): // the whole part
		left = strings.TrimSuffix(left, "/")
		if left == "" {
			right = strings.TrimPrefix(right, "/")
		}
	case right == "" || strings.HasPrefix(right, "/"):
		left = strings.TrimRight(left, joins)
	case left == "" || strings.HasSuffix(left, "/"):
		right = strings.TrimLeft(right, joins)
	case strings.ContainsRune(joins, rune(left[len(left)-1])) && strings.ContainsRune(joins, rune(right[0])):
		left = left[:len(left)-1]
	}
	return results.ParseName(left + right)
}

// digitsIn finds every run of digits, whatever stands around it.
func digitsIn(text string) []number {
	var all []number
	for i := 0; i < len(text) && len(all) < mostNumbers; {
		if !isDigit(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		if v, err := strconv.ParseFloat(text[from:i], 64); err == nil && i-from <= 9 {
			all = append(all, number{value: v, from: from, to: i})
		}
	}
	return all
}
