package gate

import (
	"math"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		text string
		want Condition
		err  string // what the message contains
	}{
		{Speedup, "3@4", Condition{Speedup, 4, 3}, ""},
		{Speedup, " 1.8 @ 2 ", Condition{Speedup, 2, 1.8}, ""},
		{Speedup, "4@4", Condition{Speedup, 4, 4}, ""},
		{Speedup, "0.9@4", Condition{Speedup, 4, 0.9}, ""},
		{Speedup, "1.2@1.5", Condition{Speedup, 1.5, 1.2}, ""},
		{Efficiency, "0.7@8", Condition{Efficiency, 8, 0.7}, ""},
		{Efficiency, "1@8", Condition{Efficiency, 8, 1}, ""},
		{Sigma, "0.05", Condition{Sigma, 0, 0.05}, ""},
		{Speedup, "", Condition{}, "no condition: write 3@4"},
		{Speedup, "3at4", Condition{}, "no number of workers: write speedup@workers, as in 3@4"},
		{Speedup, "3@", Condition{}, `"" is not a number of workers`},
		{Speedup, "@4", Condition{}, `"" is no speedup: write a number`},
		{Speedup, "x@4", Condition{}, `"x" is no speedup`},
		{Speedup, "NaN@4", Condition{}, `"NaN" is no speedup`},
		{Speedup, "inf@4", Condition{}, `"inf" is no speedup`},
		{Speedup, "3@x", Condition{}, `"x" is not a number of workers: write one above 1, as in 3@4`},
		{Speedup, "3@0", Condition{}, `"0" is not a number of workers`},
		{Speedup, "3@-4", Condition{}, `"-4" is not a number of workers`},
		{Speedup, "3@1e99", Condition{}, `"1e99" is not a number of workers`},
		{Speedup, "3@4@5", Condition{}, `"4@5" is not a number of workers`},
		{Speedup, "1.2@1", Condition{}, "the speedup at 1 is 1 by definition"},
		{Speedup, "0@4", Condition{}, "that holds whatever is measured"},
		{Speedup, "-1@4", Condition{}, "that holds whatever is measured"},
		{Speedup, "8@3", Condition{}, "3 workers cannot be expected to be 8 times faster than one: the order is speedup@workers"},
		{Speedup, "1.8@2,3@4", Condition{}, "every condition with a flag of its own"},
		{Speedup, "1,8@2", Condition{}, "write a decimal point"},
		{Efficiency, "70@8", Condition{}, "at most 1: write 0.7@8 for 70 %"},
		{Efficiency, "0.7", Condition{}, "write efficiency@workers, as in 0.7@8"},
		{Efficiency, "0.7@1", Condition{}, "1 by definition"},
		{Efficiency, "0@8", Condition{}, "as in 0.7@8"},
		{Sigma, "5%", Condition{}, `"5%" is no serial fraction`},
		{Sigma, "5", Condition{}, "below 1: write 0.05 for 5 %"},
		{Sigma, "0", Condition{}, "no serial part at all: write a share above 0"},
		{Sigma, "0.05@4", Condition{}, "a serial fraction belongs to the whole curve, not to 4 workers"},
		{Kappa, "0.001", Condition{Kappa, 0, 0.001}, ""},
		{Kappa, "0", Condition{}, "no overhead at all"},
		{Kappa, "2", Condition{}, "below 1: write 0.001 for 0.1 %"},
		{Kappa, "0.001@8", Condition{}, "an overhead belongs to the whole curve"},
		{Kappa, "x", Condition{}, `"x" is no overhead`},
		{Time, "12ms@8", Condition{Time, 8, 0.012}, ""},
		{Time, "1.5 µs @ 1", Condition{Time, 1, 1.5e-6}, ""},
		{Time, "2s@4", Condition{Time, 4, 2}, ""},
		{Time, "12@8", Condition{}, `"12" is no time`},
		{Time, "12ms", Condition{}, "no number of workers: write time@workers, as in 12ms@8"},
		{Time, "-1ms@8", Condition{}, "no work takes that little time"},
		{Time, "12ms@0.5", Condition{}, "no number of workers below 1"},
		{Time, "12 parsecs@8", Condition{}, "is no time"},
		{T1, "3", Condition{}, `no condition is about "T1"`},
	} {
		got, err := Parse(c.kind, c.text)
		switch {
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%s %q: got %+v, %v, want %+v", c.kind, c.text, got, err, c.want)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s %q: got error %v, want %q in it", c.kind, c.text, err, c.err)
		}
	}
}

func TestParseTolerance(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
		err  string
	}{
		{"5%", 0.05, ""}, {"2.5 %", 0.025, ""}, {"0.05", 0.05, ""}, {"0", 0, ""},
		{"5", 0, "below 1: write 5% or 0.05"}, {"100%", 0, "below 1"}, {"-1%", 0, "asks for an improvement"},
		{"", 0, "is no share"}, {"%", 0, "is no share"}, {"NaN", 0, "is no share"}, {"5%%", 0, "is no share"},
	} {
		got, err := ParseTolerance(c.text)
		if c.err == "" && (err != nil || math.Abs(got-c.want) > 1e-15) || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%q: got %g, %v, want %g, %q", c.text, got, err, c.want, c.err)
		}
	}
}

// A condition that is accepted is one that can hold and can be violated, and is
// read again from what it prints.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"3@4", "0.7@8", "0.05", "3at4", "0@4", "3@0", "1.2@1", "1e308@2", "0x1p-2@4", "12ms@8", "5e-7us@1", "3@4@5", "−3@4", "@", " ", "1e-320@2"} {
		for kind := range 5 {
			f.Add(kind, s)
		}
	}
	f.Fuzz(func(t *testing.T, kind int, text string) {
		k := []Kind{Speedup, Efficiency, Sigma, Kappa, Time}[uint(kind)%5]
		c, err := Parse(k, text)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Errorf("%q: an error without a word", text)
			}
			return
		}
		top := map[Kind]float64{Speedup: c.N, Efficiency: 1, Sigma: 1, Kappa: 1, Time: math.Inf(1)}[k]
		if c.Kind != k || !(c.Limit > 0) || c.Limit > top || k.hasLevel() && !(c.N >= 1 && c.N <= mostWorkers) {
			t.Errorf("%q: accepted as %+v", text, c)
		}
		if again, err := Parse(k, c.String()); err != nil || again.Kind != c.Kind || again.N != c.N || math.Abs(again.Limit/c.Limit-1) > 1e-12 {
			t.Errorf("%q: %+v prints %q, read as %+v, %v", text, c, c, again, err)
		}
	})
}
