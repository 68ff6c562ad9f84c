package read

import (
	"amdahl/results"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rounds is text of one curve with a canary around each round and a sentinel
// at its end; level 1 of round r takes 100+r ns, its sentinel 2 % more.
func rounds(n int, tail string) string {
	var b strings.Builder
	for r := 1; r <= n; r++ {
		one := float64(100 + r)
		fmt.Fprintf(&b, `round: %d
canary: true
BenchmarkCanary 1 50 ns/op
canary:
BenchmarkA/workers=2 1 60 ns/op 7 B/op
BenchmarkA/workers=1 1 %g ns/op %d tries/op
sentinel: true
BenchmarkA/workers=1 1 %g ns/op
sentinel:
canary: true
BenchmarkCanary 1 51 ns/op
canary:
`, r, one, r, 1.02*one)
	}
	return b.String() + tail
}

func TestRounds(t *testing.T) {
	s, err := read(t, rounds(8, ""), Options{})
	if err != nil || len(s.Problems) > 0 {
		t.Fatal(err, s.Problems)
	}
	if got, want := sketch(s), "A workers strong: 1×8 2×8\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(s.Canaries) != 16 || s.Canaries[3].Time != 51e-9 || s.Canaries[3].Round != 2 {
		t.Errorf("got canaries %v, want 16, the fourth of round 2", s.Canaries)
	}
	if s.Config != nil {
		t.Errorf("got configuration %v, want none", s.Config)
	}
	c := s.Curves[0]
	if len(c.Sentinels) != 8 || c.Sentinels[1].Round != 2 || c.Sentinels[1].Workers != 1 {
		t.Errorf("got sentinels %+v, want 8 of workers=1", c.Sentinels)
	}
	d := c.Drift(0)
	if want := math.Log(1.02); d == nil || d.Rounds != 8 || math.Abs(d.Value-want) > 1e-9 || d.Low > want+1e-9 || d.High < want-1e-9 || d.High-d.Low > 1e-9 {
		t.Errorf("got drift %+v, want %g in 8 rounds", d, want)
	}
	if few, err := read(t, rounds(3, ""), Options{}); err != nil || !math.IsInf(few.Curves[0].Drift(0).High, 1) {
		t.Errorf("three rounds: got %+v, %v, want no bound", few.Curves[0].Drift(0), err)
	}
}

// Only a round with both a sentinel and a sample of its level counts.
func TestDriftPairs(t *testing.T) {
	at := func(time float64, round int) results.Sample { return results.Sample{Time: time, Round: round} }
	points := []results.Point{{Workers: 1, Samples: []results.Sample{at(1, 1), at(4, 1), at(2, 2), at(9, 3), at(7, 0)}}, {Workers: 4, Samples: []results.Sample{at(5, 1), at(5, 4)}}}
	for _, tt := range []struct {
		name      string
		sentinels []results.Sentinel
		want      float64 // e to it
		rounds    int     // 0 is no drift
	}{
		{"none", nil, 0, 0},
		{"no such round", []results.Sentinel{{Workers: 1, Sample: at(1, 7)}, {Workers: 1, Sample: at(1, 0)}}, 0, 0},
		{"no such level", []results.Sentinel{{Workers: 2, Sample: at(1, 1)}}, 0, 0},
		{"several samples and sentinels", []results.Sentinel{{Workers: 1, Sample: at(3, 1)}, {Workers: 1, Sample: at(12, 1)}}, 3, 1},
		{"two rounds", []results.Sentinel{{Workers: 1, Sample: at(4, 1)}, {Workers: 1, Sample: at(4, 2)}, {Workers: 1, Sample: at(1, 9)}}, 2, 2},
		{"another level", []results.Sentinel{{Workers: 4, Sample: at(10, 4)}}, 2, 1},
	} {
		d := (&results.Curve{Points: points, Sentinels: tt.sentinels}).Drift(0)
		if tt.rounds == 0 {
			if d != nil {
				t.Errorf("%s: got %+v, want none", tt.name, d)
			}
		} else if d == nil || d.Rounds != tt.rounds || math.Abs(math.Exp(d.Value)-tt.want) > 1e-12 {
			t.Errorf("%s: got %+v, want ln %g in %d rounds", tt.name, d, tt.want, tt.rounds)
		}
	}
}

func TestSpoilt(t *testing.T) {
	const other = "pkg: other\nround: 3\nBenchmarkB 1 5 ns/op\n"
	tests := []struct {
		name, tail string
		want       string // sketch
		spoilt     results.Spoilt
		warning    string
	}{
		{"none", "", "A workers strong: 1×8 2×8\n", results.Spoilt{}, ""},
		{"two", "spoilt-rounds: 7,3\n", "A workers strong: 1×6 2×6\n", results.Spoilt{Samples: 4, Rounds: 2}, "2 of 8 rounds were left out: the processors were slower meanwhile (rounds 3, 7)"},
		{"one, and one that is not there", "spoilt-rounds: 9, 2\n", "A workers strong: 1×7 2×7\n", results.Spoilt{Samples: 2, Rounds: 1}, "1 of 8 rounds was left out: the processors were slower meanwhile (round 2)"},
		{"the last holds", "spoilt-rounds: 1,2,3\nspoilt-rounds: 4\r\n", "A workers strong: 1×7 2×7\n", results.Spoilt{Samples: 2, Rounds: 1}, "1 of 8 rounds was left out: the processors were slower meanwhile (round 4)"},
		{"taken back", "spoilt-rounds: 1\nspoilt-rounds:\n", "A workers strong: 1×8 2×8\n", results.Spoilt{}, ""},
		{"two curves", "spoilt-rounds: 8,3\n" + other, "A workers strong: 1×6 2×6\nother.B gomaxprocs strong: 1×1\n", results.Spoilt{Samples: 4, Rounds: 2}, "2 of 8 rounds were left out: the processors were slower meanwhile (rounds 3, 8)"},
	}
	for _, tt := range tests {
		s, err := read(t, rounds(8, tt.tail), Options{})
		if err != nil {
			t.Fatal(err)
		}
		said := fmt.Sprint(errors.Join(s.Curves[0].Warnings...))
		if s.Curves[0].Warnings == nil {
			said = ""
		}
		if got := sketch(s); got != tt.want || s.Spoilt != tt.spoilt || said != tt.warning || len(s.Canaries) != 16 {
			t.Errorf("%s: got %q, %+v, %q, want %q, %+v, %q", tt.name, got, s.Spoilt, said, tt.want, tt.spoilt, tt.warning)
		}
		if got, want := len(s.Curves[0].Sentinels), len(s.Curves[0].Points[0].Samples); got != want {
			t.Errorf("%s: got %d sentinels, want %d", tt.name, got, want)
		}
		if len(s.Problems) > 0 {
			t.Errorf("%s: problems %v", tt.name, s.Problems)
		}
	}
}

// What belongs to a sample goes with it, and what does not stays. Samples that are
// left out are kept apart, and know where in their round they were measured.
func TestSpoiltExtra(t *testing.T) {
	const text = `round: 1
BenchmarkA/workers=1 1 10 ns/op 1 tasks/op 1 x/op
BenchmarkA/workers=1 1 10 ns/op 1 tasks/op
BenchmarkA/workers=2 1 10 ns/op 4 y/op
round: 2
BenchmarkA/workers=1 1 20 ns/op 2 tasks/op 2 x/op
round: 3
BenchmarkA/workers=1 1 30 ns/op 3 tasks/op 3 x/op
`
	// at makes samples of 10 ns from their rounds and their orders: "1.1 1.2".
	at := func(where string) (all []results.Sample) {
		for _, w := range strings.Fields(where) {
			s := results.Sample{Time: 1e-8}
			if _, err := fmt.Sscanf(w, "%d.%d", &s.Round, &s.Order); err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		return all
	}
	for _, tt := range []struct {
		spoilt string
		want   []results.Point
	}{
		{"1", []results.Point{{Workers: 1, Tasks: 2.5, Samples: at("2.1 3.1"), LeftOut: at("1.1 1.2"), Extra: map[string][]float64{"x/op": {2, 3}}}}},
		{"2", []results.Point{
			{Workers: 1, Tasks: 1, Samples: at("1.1 1.2 3.1"), LeftOut: at("2.1"), Extra: map[string][]float64{"x/op": {1, 3}}},
			{Workers: 2, Tasks: 1, Samples: at("1.3"), Extra: map[string][]float64{"y/op": {4}}},
		}},
		{"2,3", []results.Point{
			{Workers: 1, Tasks: 1, Samples: at("1.1 1.2"), LeftOut: at("2.1 3.1"), Extra: map[string][]float64{"x/op": {1}}},
			{Workers: 2, Tasks: 1, Samples: at("1.3"), Extra: map[string][]float64{"y/op": {4}}},
		}},
	} {
		s, err := read(t, text+"spoilt-rounds: "+tt.spoilt+"\n", Options{})
		if err != nil {
			t.Fatal(err)
		}
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
		if d := cmp.Diff(tt.want, s.Curves[0].Points, near); d != "" {
			t.Errorf("without %s (-want +got):\n%s", tt.spoilt, d)
		}
	}
}

// A curve of nothing but spoilt rounds shows its samples, sentinels and all, and
// says that none of them counts.
func TestAllSpoilt(t *testing.T) {
	const why = " left out: the processors were slower meanwhile "
	for _, tt := range []struct {
		n             int
		tail          string
		want, warning string
		kept          int
		tooFew        bool
	}{
		{8, "spoilt-rounds: 1,2,3,4,5,6,7,8\n", "A workers strong: 1×8 2×8\n", "8 of 8 rounds were" + why + "(rounds 1, 2, 3, 4, 5, 6, 7, 8)", 0, true},
		{1, "spoilt-rounds: 1\n", "A workers strong: 1×1 2×1\n", "1 of 1 rounds was" + why + "(round 1)", 0, true},
		{2, "spoilt-rounds: 1\n", "A workers strong: 1×1 2×1\n", "1 of 2 rounds was" + why + "(round 1)", 1, true},
		{4, "spoilt-rounds: 1\n", "A workers strong: 1×3 2×3\n", "1 of 4 rounds was" + why + "(round 1)", 3, false},
	} {
		s, err := read(t, rounds(tt.n, tt.tail), Options{})
		if err != nil || len(s.Problems) > 0 {
			t.Fatal(err, s.Problems)
		}
		c := s.Curves[0]
		if got := sketch(s); got != tt.want || len(c.Warnings) != 1 || c.Warnings[0].Error() != tt.warning || len(c.Sentinels) != len(c.Points[0].Samples) {
			t.Errorf("%d rounds, %q: got %q, %v, %d sentinels, want %q, %q", tt.n, tt.tail, got, c.Warnings, len(c.Sentinels), tt.want, tt.warning)
		}
		if c.Rounds.Total != tt.n || c.Rounds.Kept != tt.kept || c.Rounds.TooFew() != tt.tooFew {
			t.Errorf("%d rounds, %q: got %+v, want %d kept, too few %v", tt.n, tt.tail, c.Rounds, tt.kept, tt.tooFew)
		}
		if left := tt.n - len(c.Points[0].Samples); s.Spoilt.Samples != 2*left || s.Spoilt.Rounds != tt.n-tt.kept {
			t.Errorf("%d rounds, %q: got %+v, want %d samples in %d rounds", tt.n, tt.tail, s.Spoilt, 2*left, tt.n-tt.kept)
		}
	}
}

// A file that has only spoilt rounds keeps them, whatever another file has: the
// two are told apart.
func TestAllSpoiltInOneFile(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		a, b, want   string
		warnA, warnB int
	}{
		{"spoilt-rounds: 1,2\n", "", "A/file=a.txt workers strong: 1×2 2×2\nA/file=b.txt workers strong: 1×3 2×3\n", 1, 0},
		{"spoilt-rounds: 1,2\n", "spoilt-rounds: 1,2,3\n", "A/file=a.txt workers strong: 1×2 2×2\nA/file=b.txt workers strong: 1×3 2×3\n", 1, 1},
		{"", "spoilt-rounds: 1,2\n", "A/file=a.txt workers strong: 1×2 2×2\nA/file=b.txt workers strong: 1×1 2×1\n", 0, 1},
	} {
		a, b := filepath.Join(dir, "a.txt"), filepath.Join(dir, "b.txt")
		for path, text := range map[string]string{a: rounds(2, tt.a), b: rounds(3, tt.b)} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Files([]string{a, b}, nil, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := sketch(s); got != tt.want || len(s.Curves[0].Warnings) != tt.warnA || len(s.Curves[1].Warnings) != tt.warnB {
			t.Errorf("%q and %q: got %q, %v, want %q", tt.a, tt.b, got, s.Curves[0].Warnings, tt.want)
		}
	}
}

// results.Spoilt rounds are those of their own file.
func TestSpoiltFiles(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, f := range []struct{ name, tail string }{{"a.txt", "spoilt-rounds: 3\n"}, {"b.txt", ""}} {
		path := filepath.Join(dir, f.name)
		if err := os.WriteFile(path, []byte(rounds(4, f.tail)), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	s, err := Files(paths, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("1 of 4 rounds was left out: the processors were slower meanwhile (round 3 of %s)", filepath.Join(dir, "a.txt"))
	if got := sketch(s); got != "A/file=a.txt workers strong: 1×3 2×3\nA/file=b.txt workers strong: 1×4 2×4\n" || s.Spoilt != (results.Spoilt{Samples: 2, Rounds: 1}) || s.Curves[0].Warnings[0].Error() != want || len(s.Curves[0].Sentinels) != 3 {
		t.Errorf("got %q, %+v, %v, want one round of a.txt left out", got, s.Spoilt, s.Curves[0].Warnings)
	}
}

func TestBadAsides(t *testing.T) {
	const good = "BenchmarkOK/workers=1 1 9 ns/op\n"
	for _, tt := range []struct{ text, want string }{
		{good + "spoilt-rounds: 3,x\n", `<stdin>:2: the line names no rounds: write whole numbers from 1 with commas between them, as in spoilt-rounds: 3,7: "spoilt-rounds: 3,x"`},
		{good + "spoilt-rounds: 0\n", `<stdin>:2: the line names no rounds`},
		{good + "spoilt-rounds: 1 2\n", `<stdin>:2: the line names no rounds`},
		{good + "sentinel: maybe\n" + good, `<stdin>:3: the configuration line "sentinel: maybe" above this line is wrong: write sentinel: true, and sentinel: where that ends`},
		{good + "canary: 2\nBenchmarkCanary 1 5 ns/op\n", `<stdin>:3: the configuration line "canary: 2" above this line is wrong`},
		{good + "canary: true\n" + good, `<stdin>:3: this stands under canary: true, which marks BenchmarkCanary only: write canary: where that ends: "BenchmarkOK/workers=1 1 9 ns/op"`},
		{good + "canary: true\nBenchmarkCanary 1 NaN ns/op\n", `<stdin>:3: the time is NaN`},
		{good + "sentinel: true\nBenchmarkA 1 5 ns/op\n", `<stdin>:3: A has no sample that counts: all are sentinels`},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Fatalf("%q: %v", tt.text, err)
		}
		if len(s.Problems) != 1 || !strings.HasPrefix(s.Problems[0].Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.text, s.Problems, tt.want)
		}
		if got, want := s.Curves[0].Name.String(), "OK"; got != want || len(s.Curves) != 1 {
			t.Errorf("%q: got %d curves, the first %s, want %s alone", tt.text, len(s.Curves), got, want)
		}
	}
	// Without the mark a benchmark of this name is like any other.
	s, err := read(t, "BenchmarkCanary 1 5 ns/op\ncanary: false\nBenchmarkCanary 1 5 ns/op\n", Options{})
	if err != nil || sketch(s) != "Canary gomaxprocs strong: 1×2\n" || s.Canaries != nil {
		t.Errorf("got %v, %v, want a curve of two samples", s, err)
	}
}
