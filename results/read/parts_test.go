package read

import (
	"strings"
	"testing"
)

// Two tables in one file are told apart, whatever stands between them.
func TestTwoTables(t *testing.T) {
	const first, second = "1,1000\n2,550\n", "1,2000\n2,1100\n"
	for _, tt := range []struct{ name, text, want string }{
		{"a blank line and the header", "threads,time\n" + first + "\nthreads,time\n" + second, "<stdin>/1 threads strong: 1×1 2×1\n<stdin>/2 threads strong: 1×1 2×1\n"},
		{"a blank line", "threads,time\n" + first + "\n" + second, "<stdin>/1 threads strong: 1×1 2×1\n<stdin>/2 threads strong: 1×1 2×1\n"},
		{"blank cells", "threads,time,\n1,1000,\n2,550,\n,,\n1,2000,\n2,1100,\n", "<stdin>/1 threads strong: 1×1 2×1\n<stdin>/2 threads strong: 1×1 2×1\n"},
		{"the header", "threads,time\n" + first + "threads,time\n" + second, "<stdin>/1 threads strong: 1×1 2×1\n<stdin>/2 threads strong: 1×1 2×1\n"},
		{"another header", "threads,time\n" + first + "threads,elapsed_ms\n1,2000\n2,1100\n", "<stdin>/1 threads strong: 1×1 2×1\n<stdin>/2 threads strong: 1×1 2×1\n"},
		{"another x", "threads,time\n" + first + "\ncores,seconds\n" + second, "<stdin> threads strong: 1×1 2×1\n<stdin> cores strong: 1×1 2×1\n"},
		{"titles", "before\nthreads,time\n" + first + "after\nthreads,time\n" + second, "<stdin>/before threads strong: 1×1 2×1\n<stdin>/after threads strong: 1×1 2×1\n"},
		{"titles below the header", "threads,time\nbefore\n" + first + "after\n" + second, "<stdin>/before threads strong: 1×1 2×1\n<stdin>/after threads strong: 1×1 2×1\n"},
		{"comments", "# before\nthreads time\n1 1000\n2 550\n\n# after\n1 2000\n2 1100\n", "<stdin>/before threads strong: 1×1 2×1\n<stdin>/after threads strong: 1×1 2×1\n"},
		{"repeats with numbers", "threads,time\nrun 1\n" + first + "run 2\n" + first, "<stdin> threads strong: 1×2 2×2\n"},
		{"a blank line behind each row", "threads,time\n\n1,1000\n\n2,550\n\n4,325\n", "<stdin> threads strong: 1×1 2×1 4×1\n"},
		{"a blank line behind each level", "threads,time\n1,1000\n1,1000\n\n2,550\n2,550\n", "<stdin> threads strong: 1×2 2×2\n"},
		{"speedups below times", "threads,time\n" + first + "\nthreads,speedup\n1,1\n2,1.81818182\n", "<stdin> threads strong: 1×1 2×1\n<stdin> threads strong: 1×1 2×1\n"},
		{"other numbers below", "threads,time\n" + first + "\nhost,cores\na,8\nb,16\n", "<stdin> threads strong: 1×1 2×1\n"},
	} {
		s, err := read(t, tt.text, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || len(s.Problems) > 0 {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, s.Problems, tt.want)
		}
		if got, want := strings.Contains(notes(s.Notes), "told apart: if they are repeats of one measurement: amdahl fit --join"), strings.Contains(tt.want, "/"); got != want {
			t.Errorf("%s: got notes %q", tt.name, notes(s.Notes))
		}
		for _, c := range s.Curves {
			followsAmdahl(t, c)
		}
	}
	_, err := read(t, "threads,time\n1,12,5\n2,6,9\n", Options{})
	if want := `<stdin>:1: the header has 2 names ("threads", "time"), and the rows have 3 cells: if the second comma of a row is a decimal point: sed 's/,/;/' FILE | amdahl fit`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a narrow header: got %v, want %s", err, want)
	}
	s, err := read(t, "threads,time\n"+first+"\n"+first, Options{Join: true})
	if err != nil || sketch(s) != "<stdin> threads strong: 1×2 2×2\n" {
		t.Errorf("joined: got %q, %v", sketch(s), err)
	}
}

// Parts are told apart behind the rows that are held at once as well.
func TestPartsOfLongTables(t *testing.T) {
	rows := strings.Repeat("1,1000\n2,550\n", headRows)
	for _, between := range []string{"\n", "threads,time\n", "after\n"} {
		s, err := read(t, "threads,time\n"+rows+between+"1,2000\n2,1100\n", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Curves) != 2 || len(s.Curves[1].Points[0].Samples) != 1 || s.Curves[1].Points[0].Samples[0].Time != 2000 {
			t.Errorf("%q: got %q", between, sketch(s))
		}
	}
	s, err := read(t, "threads,time\n"+rows+"cores,seconds\n1,2000\n2,1100\n", Options{})
	if err != nil || len(s.Curves) != 2 || s.Curves[1].X != "cores" {
		t.Errorf("got %v, %v, want a second table", s, err)
	}
}
