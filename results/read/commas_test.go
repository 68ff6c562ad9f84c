package read

import (
	"fmt"
	"strings"
	"testing"
)

// What a comma in a number is, is decided by the numbers where they say it, and
// told with the flag that changes it where they do not.
func TestCommas(t *testing.T) {
	open := func(what, why, other, value string) string {
		return "a comma " + what + " (" + why + "; if it " + other + ": amdahl fit --comma " + value + ")"
	}
	asDecimal := func(why string) string { return open("is the decimal point", why, "marks thousands", "thousands") }
	asThousands := open("marks thousands", "three digits follow each", "is the decimal point", "decimal")
	for _, tt := range []struct {
		name, text string
		o          Options
		times      string
		note       string // its last part
	}{
		{"semicolons", "threads;time\n1;12,345\n2;6,789\n4;4,012\n", Options{}, "[12.345 6.789 4.012]", asDecimal("semicolons separate the columns")},
		{"semicolons, said", "threads;time\n1;12,345\n2;6,789\n4;4,012\n", Options{Comma: CommaThousands}, "[12345 6789 4012]", "in seconds (no unit is named)"},
		{"pipes", "| threads | time |\n|---|---|\n| 1 | 12,345 |\n| 2 | 6,789 |\n", Options{}, "[12345 6789]", asThousands},
		{"pipes, said", "| threads | time |\n|---|---|\n| 1 | 12,345 |\n| 2 | 6,789 |\n", Options{Comma: CommaDecimal}, "[12.345 6.789]", "in seconds (no unit is named)"},
		{"columns chosen by flags", "a;b\n1;12,345\n2;6,789\n", Options{X: "a", Time: []string{"b"}}, "[12.345 6.789]", "if it marks thousands: amdahl fit -x a --time b --comma thousands)"},
		{"another column has decimals", "| threads | time | speedup |\n|---|---|---|\n| 1 | 12,345 | 1,00 |\n| 2 | 6,789 | 1,82 |\n", Options{}, "[12.345 6.789]", "a comma is the decimal point"},
		{"another column has points", "threads;time;speedup\n1;12,345;1.00\n2;6,789;1.82\n", Options{}, "[12345 6789]", "a comma marks thousands"},
		{"the rest is far away as decimals", "| threads | time (ms) |\n|---|---|\n| 1 | 3,600 |\n| 2 | 1,980 |\n| 8 | 765 |\n", Options{}, "[3.6 1.98 0.765]", "a comma marks thousands"},
		{"the rest is far away as thousands", "| threads | time |\n|---|---|\n| 1 | 5 |\n| 2 | 2,750 |\n| 8 | 1,125 |\n", Options{}, "[5 2.75 1.125]", "a comma is the decimal point"},
		{"a zero in front", "threads\ttime\n1\t1,000\n2\t0,550\n", Options{}, "[1 0.55]", "a comma is the decimal point"},
		{"four digits in front", "threads\ttime\n1\t1000,125\n2\t550,125\n", Options{}, "[1000.125 550.125]", "a comma is the decimal point"},
		{"points mark thousands", "threads;time;speedup\n1;12.345;1,00\n2;6.789;1,82\n", Options{}, "[12345 6789]", "a point marks thousands (other columns have decimal commas; if it is the decimal point: amdahl fit --comma thousands)"},
		{"points, said", "threads;time;speedup\n1;12.345;1,00\n2;6.789;1,82\n", Options{Comma: CommaThousands}, "[12.345 6.789]", "in seconds (no unit is named)"},
		{"two points", "threads;time\n1;1.234.567\n2;654.321\n", Options{}, "[1.234567e+06 654321]", "a comma is the decimal point"},
		{"spaces", "threads  time\n1  12,345\n2  6,789\n4  4,012\n", Options{}, "[12345 6789 4012]", asThousands},
		{"wide", "| input | 1 thread | 2 threads |\n|---|---|---|\n| a | 12,345 | 6,789 |\n", Options{}, "[12345 6789]", asThousands},
	} {
		s, err := read(t, tt.text, tt.o)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := times(s); got != tt.times || len(s.Problems) > 0 {
			t.Errorf("%s: got %s, %v, want %s", tt.name, got, s.Problems, tt.times)
		}
		if got := notes(s.Notes); !strings.HasSuffix(strings.TrimSpace(got), tt.note) {
			t.Errorf("%s: got notes %q, want %q at the end", tt.name, got, tt.note)
		}
	}
}

// A point in a column of decimal commas is no decimal point as well.
func TestMixedPoints(t *testing.T) {
	s, err := read(t, "threads;time\n1;10,00\n2;5.50\n4;3,25\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := times(s), "[10 3.25]"; got != want || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Error(), `<stdin>:3: time is "5.50": a number above 0 is needed`) {
		t.Errorf("got %s, %v, want %s", got, s.Problems, want)
	}
}

// A spread behind ± or in parentheses says what a comma is, and its point is no second
// point of the value; a list of processors is no number with a comma.
func TestCommasOfSpreads(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"seconds of hyperfine", "threads,time\n1,6.000 ± 0.021\n2,3.300 ± 0.021\n4,1.950 ± 0.021\n8,1.275 ± 0.021\n", "6"},
		{"with units", "threads,time\n1,6.000 s ± 0.021 s\n2,3.300 s ± 0.021 s\n4,1.950 s ± 0.021 s\n", "6"},
		{"ASCII", "threads,time\n1,6.000 +/- 0.021\n2,3.300 +/- 0.021\n4,1.950 +/- 0.021\n", "6"},
		{"parentheses", "threads,time\n1,6.000 (0.1)\n2,3.300 (0.1)\n4,1.950 (0.1)\n", "6"},
		{"mixed digits", "threads,time\n1,6.000 ± 0.1\n2,3.3 ± 0.1\n4,1.950 ± 0.1\n", "6"},
		{"mixed units", "threads,time\n1,6.000 ± 0.010 s\n2,3300.0 ± 1.0 ms\n4,1950.0 ± 1 ms\n", "6"},
		{"German", "threads;zeit\n1;6,000 ± 0,02\n2;3,300 ± 0,02\n4;1,950 ± 0,02\n", "6"},
		{"German thousands", "threads;zeit in s\n1;6.000,5 ± 0,02\n2;3.300,5 ± 0,02\n4;1.950,5 ± 0,02\n", "6000.5"},
		{"processors", "threads,time,cpus\n1,6.000,\"0\"\n2,3.300,\"0,1\"\n4,1.950,\"0,1,2,3\"\n", "6"},
		{"thousands in a list's place", "threads,time,items\n1,6.000,\"1,000,000\"\n2,3.300,\"1,000,000\"\n4,1.950,\"1,000,000\"\n", "6"},
	} {
		set, err := Files(nil, strings.NewReader(tt.text), Options{})
		if err != nil || len(set.Problems) > 0 || len(set.Curves) != 1 {
			t.Errorf("%s: %v, %v, %d curves", tt.name, err, set.Problems, len(set.Curves))
			continue
		}
		if got := fmt.Sprint(set.Curves[0].Points[0].Samples[0].Time); got != tt.want {
			t.Errorf("%s: T(1) is %s s, want %s", tt.name, got, tt.want)
		}
	}
}
