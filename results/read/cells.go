package read

import (
	"regexp"
	"strings"
)

// isSerial reports whether a cell stands for one worker, by a word.
func isSerial(cell string) bool {
	if startsWithDigit(cell) {
		return false
	}
	switch bareWord(cell) {
	case "serial", "sequential", "seq", "single", "sequencial", "secuencial", "sequentiell":
		return true
	}
	return false
}

// level is the number of workers in a cell: 4, 4 threads, serial.
func (t *table) level(cell string, at int) (quantity, bool) {
	if isSerial(cell) {
		return quantity{value: 1}, true
	}
	if levelLetter.MatchString(cell) {
		cell = cell[:len(cell)-1]
	}
	if m := levelJoined.FindStringSubmatch(cell); m != nil && isWorkerWord(m[2]) {
		cell = m[1]
	}
	if m := levelWord.FindStringSubmatch(cell); m != nil && (len(m[1]) == 1 && strings.Contains(axisLetters+"nN", m[1]) || isWorkerWord(m[1])) {
		cell = m[2]
	}
	return parseQuantity(cell, t.decimalComma(at))
}

// levelLetter is a number of threads, cores or workers with their letter: 8T.
var levelLetter = regexp.MustCompile(`^\d+[tTcCwWpP]$`)

// levelJoined is a number with its word behind: 8-threads.
var levelJoined = regexp.MustCompile(`^(\d+)[-_](\p{L}+)$`)

// levelWord is a number with its word in front: T8, np=8, threads-8.
var levelWord = regexp.MustCompile(`^(\p{L}+(?:_\p{L}+)*)[ =:_-]{0,2}(\d+)$`)

// lettered reports whether the cells of a column are levels with a letter or a word,
// T1 and T2.
func (t *table) lettered(at int) bool {
	found := false
	for _, c := range t.cells(at) {
		if isAbsent(c) || isSerial(c) {
			continue
		}
		if _, ok := t.level(c, at); !ok {
			return false
		}
		found = true
	}
	return found
}

// isSummary reports whether a cell names a row that sums up others.
func isSummary(cell string) bool {
	switch bareWord(cell) {
	case "average", "avg", "mean", "median", "geomean", "total", "sum", "overall":
		return true
	}
	return false
}

// isAbsent reports whether a cell says that there is no number: it is blank, a
// dash, NA.
func isAbsent(cell string) bool {
	if startsWithDigit(cell) {
		return false
	}
	switch bareWord(cell) {
	case "", "—", "–", "na", "nan", "null", "none", "?", "…", "tbd":
		return true
	}
	return false
}
