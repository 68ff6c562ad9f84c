package read

import (
	"amdahl/results"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCSV(t *testing.T) {
	tests := []struct {
		name, text string
		o          Options
		want       string // sketch and times
	}{
		{"throughput", "load,tput\n1,10\n2,20\n2,25\n", Options{X: "load", Throughput: "tput"}, "<stdin> load strong: 1×1 2×2\n[0.1 0.05 0.04]"},
		{"time", "n,seconds,x\n1,4,a\n2.5,2,b\n", Options{X: "n", Time: []string{"seconds"}}, "<stdin> n strong: 1×1 2.5×1\n[4 2]"},
		{"below 1", "n;t\n0.25;4\n", Options{X: "n", Time: []string{"t"}}, "<stdin> n strong: 0.25×1\n[4]"},
		{"tabs, comment, byte order mark", "# measured by hand\n\ufeffn\tt\n1\t4\n", Options{X: "n", Time: []string{"t"}}, "<stdin> n strong: 1×1\n[4]"},
		{"series", "n,t,k\n1,4,a\n1,5,b\n2,3,a\n", Options{X: "n", Time: []string{"t"}, Series: []string{"k"}}, "a n strong: 1×1 2×1\nb n strong: 1×1\n[4 3 5]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := read(t, tt.text, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := sketch(s) + times(s); got != tt.want || len(s.Problems) > 0 {
				t.Errorf("got %q, %v, want %q", got, s.Problems, tt.want)
			}
		})
	}
}

func times(s *results.Set) string {
	var all []float64
	for _, c := range s.Curves {
		for _, p := range c.Points {
			for _, m := range p.Samples {
				all = append(all, m.Time)
			}
		}
	}
	return fmt.Sprint(all)
}

func TestBadCSV(t *testing.T) {
	tests := []struct {
		name, text string
		o          Options
		want       string
	}{
		{"no such column", "a,b\n1,2\n", Options{X: "n", Time: []string{"b"}}, `<stdin>:1: no column "n" for -x: the columns are "a", "b": amdahl fit -x a --time b`},
		{"x not named", "a,b\n1,2\n", Options{Time: []string{"b"}}, `<stdin>:1: which column counts the workers? The columns are "a", "b": amdahl fit -x a --time b`},
		{"no number", "a,b\n1,2\n2,x\n", Options{X: "a", Time: []string{"b"}}, `<stdin>:3: b is "x": a number above 0 is needed: "2,x"`},
		{"NaN", "a,b\n1,2\nNaN,2\n", Options{X: "a", Time: []string{"b"}}, `<stdin>:3: a is "NaN"`},
		{"zero load", "a,b\n1,2\n0,2\n", Options{X: "a", Time: []string{"b"}}, `<stdin>:3: a is "0"`},
		{"negative", "a,b\n1,2\n2,-3\n", Options{X: "a", Throughput: "b"}, `<stdin>:3: b is "-3"`},
		{"too few fields", "a,b\n1,2\n3\n", Options{X: "a", Time: []string{"b"}}, `<stdin>:3: 1 fields, the first row has 2: "3"`},
		{"quote", "a,b\n1,2\n\"3,4\n", Options{X: "a", Time: []string{"b"}}, `<stdin>:3: extraneous or missing`},
		{"empty", "", Options{X: "a", Time: []string{"b"}}, "no benchmark results"},
		{"extreme", "a,b\n1,2\n2,5e-324\n", Options{X: "a", Throughput: "b"}, `<stdin>:3: b is 5e-324: too extreme`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := read(t, tt.text, tt.o)
			if err == nil {
				err = errors.Join(s.Problems...)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

const export = `{
  "results": [
    {
      "command": "tool --threads 1",
      "mean": 2.0,
      "times": [2.0, 2.1],
      "exit_codes": [0, 0],
      "parameters": {"threads": "1", "mode": "fast"}
    },
    {
      "command": "tool --threads 2",
      "mean": 1.0,
      "times": [1.0, 9.9],
      "exit_codes": [0, 1],
      "parameters": {"threads": "2", "mode": "fast"}
    }
  ]
}`

func TestHyperfine(t *testing.T) {
	s, err := read(t, export, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := sketch(s)+times(s), "tool/mode=fast threads strong: 1×2 2×1\n[2 2.1 1]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := `<stdin>:10: run 2 failed, so its time was left out: "tool --threads 2"`; len(s.Problems) != 1 || s.Problems[0].Error() != want {
		t.Errorf("got %v, want %s", s.Problems, want)
	}
	for _, tt := range []struct {
		name, text string
		o          Options
		want       string
	}{
		{"no such parameter", export, Options{X: "cores"}, `<stdin>:1: no parameter "cores": the parameters are "mode", "threads": amdahl fit -x threads`},
		{"not numeric", export, Options{X: "mode"}, `<stdin>:3: the parameter mode is "fast"`},
		{"cut", export[:100], Options{}, `<stdin>:6: this is not JSON of hyperfine`},
		{"other JSON", `{"a":1}`, Options{}, `no benchmark results in standard input`},
		{"no parameter", `{"results":[{"command":"a","times":[1]}]}`, Options{}, `no numeric parameter, and no number in the command: run hyperfine with one`},
		{"two parameters", `{"results":[{"command":"a","times":[1],"parameters":{"a":"1","b":"2"}}]}`, Options{}, `choose the x axis: amdahl fit -x a, or amdahl fit -x b`},
	} {
		s, err := read(t, tt.text, tt.o)
		if err == nil {
			err = errors.Join(s.Problems...)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// The first sample of a -cpu sweep is dropped only where it stands out and
// belongs to the last level.
func TestMislabelled(t *testing.T) {
	line := func(procs string, ns float64) string { return fmt.Sprintf("BenchmarkA%s 1 %g ns/op\n", procs, ns) }
	few := line("", 101) + line("", 99) + line("-2", 52) + line("-2", 51) + line("-4", 26) + line("-4", 25)
	rest := line("", 101) + line("", 99) + line("", 100) + line("", 98) + line("-2", 52) + line("-2", 51) + line("-4", 26) + line("-4", 25)
	tests := []struct {
		name, text string
		want       int // samples left at 1
	}{
		{"mislabelled", line("", 25.5) + rest, 4},
		{"slow, but not of the last level", line("", 140) + rest, 5},
		{"sound", line("", 100) + rest, 5},
		{"too few to drop one", line("", 25.5) + few, 3},
		{"in rounds", "round: 1\n" + line("", 25.5) + rest, 5},
		{"nothing scales", line("", 100) + line("", 101) + line("", 99) + line("-2", 100) + line("-2", 99), 3},
		{"too few to tell", line("", 25.5) + line("", 100) + line("-4", 26) + line("-4", 25), 2},
		{"workers key", line("/workers=1", 25.5) + line("/workers=1", 100) + line("/workers=1", 99) + line("/workers=4", 25) + line("/workers=4", 26), 3},
	}
	for _, tt := range tests {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := s.Curves[0]
		if got := len(c.Points[0].Samples); got != tt.want || (len(c.Warnings) > 0) != (tt.name == "mislabelled" || tt.name == "too few to drop one") {
			t.Errorf("%s: got %d samples and warnings %v, want %d", tt.name, got, c.Warnings, tt.want)
		}
	}
}
