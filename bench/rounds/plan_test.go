package rounds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseAxis(t *testing.T) {
	for _, tt := range []struct{ text, want, err string }{
		{"workers=1,2,4", "{workers [1 2 4]}", ""},
		{"algo=fast", "{algo [fast]}", ""},
		{"workers", "", "write it as in workers=1,2,4"},
		{"=1", "", "not a name to vary"},
		{"a b=1", "", "not a name to vary"},
		{"round=1", "", "not round or seed"},
		{"n=1,,2", "", `"" is not a value`},
		{"n=a/b", "", "without spaces, slashes"},
		{"n=1,2,1", "", "1 stands twice"},
	} {
		a, err := ParseAxis(tt.text)
		if tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
			t.Errorf("%s: got %v, want an error with %q", tt.text, err, tt.err)
		}
		if got := fmt.Sprint(a); tt.err == "" && (err != nil || got != tt.want) {
			t.Errorf("%s: got %s, %v, want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"threads=1,2 algo=a,b", "[{algo [a b]} {threads [1 2]}]"},
		{"cpu=1,2 workers=1,2", "[{workers [1 2]} {cpu [1 2]}]"},
		{"size=1,2 workers=1,2", "[{size [1 2]} {workers [1 2]}]"},
		{"algo=a,b", "algo=a,b: not numbers of workers"},
		{"t=1-4", "t=1-4: a range is written with two dots: -x t=1..4"},
		{"t=3..3", "[{t [3]}]"},
		{"t=1..4", "[{t [1 2 3 4]}]"},
		{"t=1,4..6,16", "[{t [1 4 5 6 16]}]"},
		{"n=1 n=2", "varied twice"},
		{"cpu=a n=1", "numbers of processors"},
	} {
		var axes []Axis
		for _, w := range strings.Fields(tt.text) {
			a, err := ParseAxis(w)
			if err != nil {
				t.Fatal(err)
			}
			axes = append(axes, a)
		}
		got, err := Order(axes)
		if text := fmt.Sprint(got, err); !strings.Contains(text, tt.want) {
			t.Errorf("%s: got %s, want %s", tt.text, text, tt.want)
		}
	}
}

func TestLevels(t *testing.T) {
	got := fmt.Sprintf("%q", Levels([]Axis{{"a", []string{"x", "y"}}, {"n", []string{"1", "2"}}}))
	if want := `["a=x n=1" "a=x n=2" "a=y n=1" "a=y n=2"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The same seed gives the same order and the same environments; another seed
// and another round give others.
func TestSteps(t *testing.T) {
	p := Plan{Points: benches("a", "b", "c", "d", "e", "f"), Seed: 7}
	order := func(p Plan, round int) string {
		var names []string
		for _, s := range p.steps(round) {
			names = append(names, fmt.Sprint(s.name, " ", s.padding))
		}
		return strings.Join(names, ", ")
	}
	if one, again := order(p, 1), order(p, 1); one != again {
		t.Errorf("the same round twice: %s and %s", one, again)
	}
	seen := map[string]bool{}
	for seed := range uint64(20) {
		p.Seed = seed
		for round := 1; round <= 5; round++ {
			seen[order(p, round)] = true
			steps := p.steps(round)
			if s := steps[len(steps)-1]; !s.sentinel || s.name != "sentinel a" || len(steps) != 7 {
				t.Errorf("got %d steps that end with %s, want 6 and the sentinel", len(steps), s.name)
			}
			for _, s := range steps {
				if s.padding < 0 || s.padding > mostPadding {
					t.Errorf("padding %d, want 0 to %d", s.padding, mostPadding)
				}
			}
		}
	}
	if len(seen) != 100 {
		t.Errorf("100 rounds have %d orders, want as many", len(seen))
	}
}

func TestCommandPoints(t *testing.T) {
	axes := []Axis{{"algo", []string{"fast-4"}}, {"threads", []string{"1", "8"}}}
	ps, err := Command{Args: []string{"/opt/my tool", "--threads={threads}", "{algo}", "{other}"}, Prepare: "rm {threads}"}.Points(axes)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%s %q %q %q %t %t", ps[1].Name, ps[1].Args, ps[1].Prepare, ps[1].Line, ps[0].Sentinel, ps[1].Sentinel)
	want := fmt.Sprintf(`algo=fast-4 threads=8 ["/opt/my tool" "--threads=8" "fast-4" "{other}"] %q "BenchmarkCommand/cmd=my_tool/algo=fast-4/threads=8" true false`, Shell("rm 8"))
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if _, err := (Command{Args: []string{"ls"}}).Points(axes); err == nil || !strings.Contains(err.Error(), "write {algo} in it") {
		t.Errorf("got %v, want that {algo} is missing", err)
	}
	// A name that ends like the GOMAXPROCS suffix gets one.
	ps, err = Command{Args: []string{"x {algo}"}, Shell: true}.Points(axes[:1])
	if err != nil || ps[0].Line != "BenchmarkCommand/cmd=x/algo=fast-4-1" || !slices.Equal(ps[0].Args, Shell("x fast-4")) {
		t.Errorf("got %s, %q, %v, want a suffix of 1", ps[0].Line, ps[0].Args, err)
	}
}

func TestRanges(t *testing.T) {
	for _, text := range []string{"t=4..1", "t=0..3", "t=1..999999", "t=1..3,2"} {
		if a, err := ParseAxis(text); err == nil {
			t.Errorf("%s: got %v, want an error", text, a)
		}
	}
	for largest, want := range map[int]string{0: "1", 1: "1", 2: "1,2", 6: "1,2,4,6", 8: "1,2,4,8"} {
		if got := strings.Join(Powers(largest), ","); got != want {
			t.Errorf("up to %d: got %s, want %s", largest, got, want)
		}
	}
}
