package gate

import (
	"amdahl/results/words"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Kind says what a condition is about. The kinds are words for programs.
type Kind string

const (
	Speedup    Kind = "speedup"    // T(1)/T(n), at least so much
	Efficiency Kind = "efficiency" // S(n)/n, at least so much
	Sigma      Kind = "sigma"      // the serial fraction that the speedup at the largest level implies, at most this
	Kappa      Kind = "kappa"      // the overhead of the universal scalability law, at most this
	Time       Kind = "time"       // T(n), seconds per task, at most this
	T1         Kind = "T1"         // seconds per task at one worker, against a baseline only
)

// A Condition is one promise about a series. [Parse] makes only those that
// some measurement can keep and some other break.
type Condition struct {
	Kind  Kind    // not T1
	N     float64 // workers, above 1, for Time at least 1; 0 for Sigma and Kappa
	Limit float64 // speedup: above 0, at most N; efficiency: above 0, at most 1; σ and κ: between 0 and 1; time: seconds above 0
}

// mostWorkers is the largest number of workers that a condition may name.
const mostWorkers = 1e9

// Parse reads a condition in its notation: a speedup "3@4" (at least 3 with 4
// workers), an efficiency "0.7@8", a serial fraction "0.05", an overhead "0.001",
// a time per task "12ms@8". The error says what is wrong with the text and what
// to write.
func Parse(kind Kind, text string) (Condition, error) {
	c := Condition{Kind: kind}
	limit, at, hasAt := strings.Cut(text, "@")
	example := examples[kind]
	var err error
	switch {
	case example == "":
		return c, fmt.Errorf("gate: no condition is about %q", kind)
	case strings.TrimSpace(text) == "":
		return c, fmt.Errorf("no condition: write %s", example)
	case strings.Contains(text, ","):
		return c, fmt.Errorf("a comma: write a decimal point, and every condition with a flag of its own, as in %s", example)
	case !kind.hasLevel() && hasAt:
		return c, fmt.Errorf("%s belongs to the whole curve, not to %s workers: write %s", article(noun(kind)), strings.TrimSpace(at), example)
	case kind.hasLevel() && !hasAt:
		return c, fmt.Errorf("no number of workers: write %s@workers, as in %s", kind, example)
	}
	if kind == Time {
		c.Limit, err = seconds(limit)
	} else {
		c.Limit, err = number(limit)
	}
	if err != nil {
		return c, fmt.Errorf("%q is no %s: write a number, as in %s", strings.TrimSpace(limit), noun(kind), example)
	}
	if hasAt {
		if c.N, err = number(at); err != nil || !(c.N > 0) || c.N > mostWorkers {
			return c, fmt.Errorf("%q is not a number of workers: write %s, as in %s", strings.TrimSpace(at), map[bool]string{true: "one from 1", false: "one above 1"}[kind == Time], example)
		}
	}
	return c, c.sound()
}

// sound says why a condition always holds or never can.
func (c Condition) sound() error {
	n := words.Exact(c.N)
	switch {
	case c.Kind == Time && c.N < 1:
		return fmt.Errorf("there is no number of workers below 1: write one from 1, as in 12ms@8")
	case c.Kind == Time && c.Limit <= 0:
		return errors.New("no work takes that little time: write a time above 0, as in 12ms@8")
	case c.Kind == Time:
		return nil
	case c.Kind == Kappa && c.Limit <= 0:
		return errors.New("no data can show that there is no overhead at all: write a share of T(1) above 0, as in 0.001")
	case c.Kind == Kappa && c.Limit >= 1:
		return errors.New("an overhead is a share of T(1) for each further worker, below 1: write 0.001 for 0.1 %")
	case c.Kind == Kappa:
		return nil
	case c.Kind != Sigma && c.N <= 1:
		return fmt.Errorf("the speedup at 1 is 1 by definition, and below it there is none: name a number of workers above 1, as in %s@4", words.Exact(c.Limit))
	case c.Kind == Sigma && c.Limit <= 0:
		return errors.New("no data can show that there is no serial part at all: write a share above 0, as in 0.05")
	case c.Kind == Sigma && c.Limit >= 1:
		return errors.New("a serial fraction is a share of the work, below 1: write 0.05 for 5 %")
	case c.Limit <= 0:
		return fmt.Errorf("that holds whatever is measured: write a number above 0, as in %s", examples[c.Kind])
	case c.Kind == Speedup && c.Limit > c.N:
		return fmt.Errorf("%s workers cannot be expected to be %s times faster than one: the order is speedup@workers, at most %s@%s", n, words.Exact(c.Limit), n, n)
	case c.Kind == Efficiency && c.Limit > 1:
		return fmt.Errorf("an efficiency is a share of the workers, at most 1: write 0.7@%s for 70 %%", n)
	}
	return nil
}

// String is the condition in the notation that [Parse] reads.
func (c Condition) String() string {
	switch c.Kind {
	case Sigma, Kappa:
		return words.Exact(c.Limit)
	case Time:
		return words.Exact(c.Limit) + "s@" + words.Exact(c.N)
	}
	return words.Exact(c.Limit) + "@" + words.Exact(c.N)
}

// ParseTolerance reads how much worse than a baseline is not yet worse: "5%"
// or "0.05", at least 0 and below 1.
func ParseTolerance(text string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := number(digits)
	if percent {
		v /= 100
	}
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is no share: write 5%% or 0.05", text)
	case v < 0:
		return 0, errors.New("a negative tolerance asks for an improvement: write 0 or more, as in 5%")
	case v >= 1:
		return 0, errors.New("a tolerance is a share below 1: write 5% or 0.05")
	}
	return v, nil
}

// number reads a finite number.
func number(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = strconv.ErrRange
	}
	return v, err
}

// seconds reads a time with its unit, as "12ms": ns, us or µs, ms, s, m or h.
func seconds(s string) (float64, error) {
	s = strings.TrimSpace(s)
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyzµμ ")
	scale, ok := map[string]float64{"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}[strings.TrimSpace(s[len(digits):])]
	v, err := number(digits)
	if err == nil && (!ok || math.IsInf(v*scale, 0)) {
		err = strconv.ErrSyntax
	}
	return v * scale, err
}

// examples are conditions in the notation of [Parse].
var examples = map[Kind]string{Speedup: "3@4", Efficiency: "0.7@8", Sigma: "0.05", Kappa: "0.001", Time: "12ms@8"}

// hasLevel reports whether a condition names a number of workers.
func (k Kind) hasLevel() bool { return k != Sigma && k != Kappa }

func noun(k Kind) string {
	switch k {
	case Sigma:
		return "serial fraction"
	case Kappa:
		return "overhead"
	}
	return string(k)
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
