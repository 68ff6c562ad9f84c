package read

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A quantity is a number with its unit, as a cell of a table has it.
type quantity struct {
	value       float64
	unit        string  // as it is written; "" if none
	spread      float64 // what stands behind ±, as a share of the value
	spreadKnown bool
}

// timeUnits are seconds in each unit of time.
var timeUnits = map[string]float64{
	"ns": 1e-9, "nsec": 1e-9, "nsecs": 1e-9, "nanos": 1e-9, "nanosecond": 1e-9, "nanoseconds": 1e-9,
	"us": 1e-6, "µs": 1e-6, "μs": 1e-6, "usec": 1e-6, "usecs": 1e-6, "µsec": 1e-6, "micros": 1e-6, "microsecond": 1e-6, "microseconds": 1e-6,
	"ms": 1e-3, "msec": 1e-3, "msecs": 1e-3, "millis": 1e-3, "milli": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3, "millisec": 1e-3,
	"s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
	"min": 60, "mins": 60, "minute": 60, "minutes": 60, "m": 60,
	"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
}

// prefixes of numbers of things.
var multiples = map[string]float64{"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}

// secondsIn is the factor of a unit of time. Capitals matter only for M.
func secondsIn(unit string) (float64, bool) {
	if f, ok := timeUnits[unit]; ok {
		return f, true
	}
	f, ok := timeUnits[strings.ToLower(unit)]
	return f, ok && unit != "M"
}

// parseQuantity reads a cell: 12.5, 32.5 sec, 1m40.5s, 1:40.5, 3.4k, 1.99x,
// 12.5 ± 3 %. comma says that a comma is the decimal point.
func parseQuantity(cell string, comma bool) (quantity, bool) {
	if !hasDigit(cell) {
		return quantity{}, false
	}
	s := strings.Trim(cell, " \t\u00a0*`~≈'\"")
	if v, err := strconv.ParseFloat(s, 64); err == nil && !comma && s[len(s)-1] != 'f' && isDigit(s[0]) && !strings.ContainsAny(s, "xXpP_") {
		return quantity{value: v}, !math.IsInf(v, 0)
	}
	s = strings.ReplaceAll(s, "\u00a0", " ")
	if at := strings.Index(s, " ("); at > 0 && strings.HasSuffix(s, ")") && isDigit(s[0]) { // 2825 (no better)
		inside := s[at+2 : len(s)-1]
		if _, unit := secondsIn(inside); unit || isFailure(inside) {
			return quantity{}, false // 1T (s), 600 (timeout)
		}
		s = strings.TrimSpace(s[:at])
	}
	s = withoutMark(s)
	var q quantity
	if strings.Contains(s, "±") || strings.Contains(s, "+/-") {
		left, right, ok := strings.Cut(s, "±")
		if !ok {
			left, right, _ = strings.Cut(s, "+/-")
		}
		return spreadQuantity(left, right, comma)
	}
	if s == "" {
		return q, false
	}
	if d, ok := parseDuration(s); ok {
		return quantity{value: d, unit: "s"}, true
	}
	end := 0
	for end < len(s) && (isDigit(s[end]) || strings.IndexByte("+-.,_'", s[end]) >= 0 ||
		s[end] == ' ' && end+3 < len(s)+0 && groupAt(s[end+1:]) && end > 0 && isDigit(s[end-1]) ||
		(s[end] == 'e' || s[end] == 'E') && end > 0 && end+1 < len(s) && (isDigit(s[end+1]) || s[end+1] == '-' || s[end+1] == '+')) {
		end++
	}
	v, ok := parseNumber(s[:end], comma)
	if !ok {
		return q, false
	}
	q.value, q.unit = v, strings.Trim(s[end:], " ()[]\t")
	switch {
	case q.unit == "x", q.unit == "X", q.unit == "×":
		q.unit = ""
	case q.unit == "" || validUnit(q.unit):
	default:
		if f, ok := multiples[q.unit]; ok && q.unit != "B" {
			q.value, q.unit = q.value*f, ""
			return q, true
		}
		return q, false
	}
	return q, true
}

func hasDigit(s string) bool {
	for i := range len(s) {
		if isDigit(s[i]) {
			return true
		}
	}
	return false
}

// withoutMark is a cell without the mark of a footnote: 10.5¹, 3.25 †. A
// superscript behind a whole number may be an exponent, and stays.
func withoutMark(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(s, "¹²³⁰⁴⁵⁶⁷⁸⁹")
	}
	return strings.TrimRight(s, " †‡§")
}

// groupAt reports whether a group of three digits begins here, and no fourth.
func groupAt(s string) bool {
	return len(s) >= 3 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) && (len(s) == 3 || !isDigit(s[3]) && s[3] != '.')
}

// validUnit reports whether text behind a number can be a unit: one or two
// short words.
func validUnit(s string) bool {
	if len(s) > 24 || s == "B" {
		return false
	}
	if _, ok := multiples[s]; ok {
		return false
	}
	if _, ok := secondsIn(s); ok || s == "%" {
		return true
	}
	if !strings.ContainsAny(s, "/") && !strings.HasSuffix(strings.ToLower(s), "ps") && !strings.HasSuffix(strings.ToLower(s), "ops") {
		return isWorkerWord(strings.ToLower(s))
	}
	for _, c := range s {
		if c >= '0' && c <= '9' {
			return false
		}
	}
	return true
}

func spreadQuantity(left, right string, comma bool) (quantity, bool) {
	left = strings.Trim(left, " ()\t")
	q, ok := parseQuantity(left, comma)
	if !ok {
		return q, false
	}
	right = strings.TrimSpace(strings.TrimLeft(right, " "))
	number := right
	if i := strings.IndexFunc(right, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r == '.' || r == ',' || r == 'e' || r == '-' || r == '+')
	}); i >= 0 {
		number = right[:i]
	}
	if v, ok := parseNumber(number, comma); ok && q.value > 0 {
		q.spreadKnown = true
		rest := strings.TrimSpace(right[len(number):])
		if strings.HasPrefix(rest, "%") {
			q.spread = v / 100
		} else {
			q.spread = v / q.value
			if q.unit == "" {
				q.unit = strings.Trim(rest, " )(")
			}
		}
	}
	return q, true
}

// parseDuration reads 1m40.5s, 0m0.325s, 1h2m and 1:40.5, 00:01:40.
func parseDuration(s string) (seconds float64, ok bool) {
	if strings.Count(s, ":") > 0 {
		days := 0.0
		if d, rest, ok := strings.Cut(s, "-"); ok && strings.Count(s, ":") == 2 { // 1-12:30:00 of Slurm
			n, err := strconv.ParseUint(d, 10, 16)
			if err != nil {
				return 0, false
			}
			days, s = float64(n), rest
		}
		parts := strings.Split(s, ":")
		if len(parts) > 3 {
			return 0, false
		}
		for i, p := range parts {
			v, err := strconv.ParseFloat(p, 64)
			if err != nil || v < 0 || p == "" || !isDigit(p[0]) || i > 0 && v >= 60 || i < len(parts)-1 && strings.Contains(p, ".") {
				return 0, false
			}
			seconds = 60*seconds + v
		}
		return 86400*days + seconds, true
	}
	if !isDigit(s[0]) || !strings.ContainsAny(s, "mh") || !strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "m") || strings.HasSuffix(s, "ms") {
		return 0, false
	}
	d, err := time.ParseDuration(strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), ",", "."))
	if err != nil || !strings.Contains(strings.TrimRight(s, "0123456789.s"), "m") && !strings.Contains(s, "h") {
		return 0, false
	}
	return d.Seconds(), true
}

// parseNumber reads a number with its thousands marked by commas, points (where a
// comma is the decimal point), apostrophes, underscores or spaces.
func parseNumber(s string, comma bool) (v float64, ok bool) {
	if s == "" {
		return 0, false
	}
	if strings.ContainsAny(s, "_' ") {
		s = groupMarks.Replace(s)
	}
	if comma {
		if strings.Count(s, ",") > 1 {
			return 0, false
		}
		whole, fraction, _ := strings.Cut(s, ",")
		if strings.Contains(whole, ".") {
			if whole, ok = joinGroups(whole, "."); !ok {
				return 0, false
			}
		}
		if s = whole; fraction != "" {
			s += "." + fraction
		}
	} else if strings.Contains(s, ",") {
		whole, fraction, _ := strings.Cut(s, ".")
		if whole, ok = joinGroups(whole, ","); !ok {
			return 0, false
		}
		if s = whole; fraction != "" {
			s += "." + fraction
		}
	}
	if s == "" {
		return 0, false
	}
	if c := s[len(s)-1]; !isDigit(c) && c != '.' || !isDigit(s[0]) && s[0] != '.' && s[0] != '-' && s[0] != '+' {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// joinGroups joins the groups of three digits of a whole number. A single group
// may have any length.
func joinGroups(s, mark string) (whole string, ok bool) {
	groups := strings.Split(s, mark)
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (len(strings.TrimLeft(g, "+-")) > 3 || g == "") {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

var groupMarks = strings.NewReplacer("_", "", "'", "", " ", "")
