package words

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/perf/benchunit"
)

// Count writes how many of something there are: "1 task", "12 tasks".
func Count(n int, what string) string { return strconv.Itoa(n) + " " + Plural(n, what) }

// Plural is the noun for n of something: "task" for 1, "tasks" for all else.
func Plural(n int, what string) string {
	if n == 1 {
		return what
	}
	return what + "s"
}

// Is is the verb for n of something: "is" for 1, "are" for all else.
func Is(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Have is the verb "have" for n of something.
func Have(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// Workers writes a number of workers, which need not be whole: "1 worker", "2.5 workers".
func Workers(n float64) string {
	if n == 1 {
		return "1 worker"
	}
	return strconv.FormatFloat(n, 'g', 6, 64) + " workers"
}

// Levels writes the numbers of workers of several levels: "1 worker", "2, 4 workers".
func Levels(list []float64) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = Exact(n)
	}
	if len(list) == 1 && list[0] == 1 {
		return "1 worker"
	}
	return strings.Join(texts, ", ") + " workers"
}

// List writes "a, b and c".
func List(items []string) string {
	n := len(items)
	if n < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:n-1], ", ") + " and " + items[n-1]
}

// Numbers writes whole numbers with commas between them: "3, 7, 12".
func Numbers(list []int) string {
	texts := make([]string, len(list))
	for i, n := range list {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}

// TimeUnit is the unit in which a time in seconds is a handy number: "ms", and
// seconds from one second on.
func TimeUnit(seconds float64) benchunit.Scaler {
	if !(seconds < 1) {
		return benchunit.Scaler{Factor: 1}
	}
	return benchunit.CommonScale([]float64{seconds}, benchunit.Decimal)
}

// Whole writes a number rounded to a whole one, in three digits from a million
// on.
func Whole(v float64) string {
	if math.Abs(v) >= 1e6 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
}

// Range writes the range of a number behind it, with a space in front:
// " (2 to 4)", " (2 or more)" where high is +Inf, and "" where both ends are
// written alike.
func Range(low, high float64, write func(float64) string) string {
	switch {
	case math.IsInf(high, 1):
		return " (" + write(low) + " or more)"
	case write(low) == write(high):
		return ""
	}
	return " (" + write(low) + " to " + write(high) + ")"
}
