package read

import (
	"strings"
	"testing"
)

// Tables of efficiencies and speedups are not taken for times, by the names of their columns, their
// title or the name of the file; sizes that climb are said.
func TestKindsOfTables(t *testing.T) {
	const fractions = "size/threads,1.0,2.0,4.0\n5,1.1,0.9,0.76\n9,2.0,1.95,1.85\n"
	for _, tt := range []struct{ name, file, text, want, said string }{
		{"efficiencies by the columns", "a.csv", "size,efficiency_core1,efficiency_core2,efficiency_core4\n5,1.0,0.90909091,0.76923077\n9,1.0,0.90909091,0.76923077\n", "size=5 core strong: 1×1 2×1 4×1\nsize=9 core strong: 1×1 2×1 4×1\n", "the speedups are the numbers of workers times the numbers"},
		{"by the file", "efficiency.csv", "size,1.0,2.0,4.0\n5,1.0,0.90909091,0.76923077\n9,1.0,0.90909091,0.76923077\n", "size=5 threads strong: 1×1 2×1 4×1\nsize=9 threads strong: 1×1 2×1 4×1\n", "as the name of the file says"},
		{"speedups by the file", "my_speedup.csv", "size,core1,core2,core4\n5,1.0,1.81818182,3.07692308\n9,1.0,1.81818182,3.07692308\n", "size=5 core strong: 1×1 2×1 4×1\nsize=9 core strong: 1×1 2×1 4×1\n", "the numbers are of a speedup (as the name of the file says)"},
		{"by the title", "a.md", "## Speedup\n\n| size | 1 core | 2 cores | 4 cores |\n|---|---|---|---|\n| 5 | 1.0 | 1.81818182 | 3.07692308 |\n| 9 | 1.0 | 1.81818182 | 3.07692308 |\n", "size=5 core strong: 1×1 2×1 4×1\nsize=9 core strong: 1×1 2×1 4×1\n", "as the title says"},
		{"sizes that climb", "a.csv", "nodes,problem_size,time\n1,100,1000\n2,400,550\n4,1600,325\n", "a.csv nodes strong: 1×1 2×1 4×1\n", "levels do different work"},
		{"a size that stays", "a.csv", "nodes,problem_size,time\n1,100,1000\n2,100,550\n", "a.csv nodes strong: 1×1 2×1\n", ""},
	} {
		paths := write(t, tt.file, tt.text)
		s, err := Files(paths, nil, Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := sketch(s); got != tt.want || !strings.Contains(notes(s.Notes), tt.said) {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, s.Notes, tt.want)
		}
		for _, c := range s.Curves {
			followsAmdahl(t, c)
		}
	}
	_, err := read(t, "threads,time,time\n1,10,20\n2,5.5,11\n", Options{})
	if want := "amdahl fit --time '#2', or amdahl fit --time '#3', or amdahl fit --time '#2,#3' for all"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("one name twice, and half as much: got %v", err)
	}
	_, err = read(t, "size,1 core,2 cores,4 cores\n5,1.0,0.9,0.8\n9,1.0,0.95,0.9\n", Options{})
	if want := "the numbers are all 1 in the first of the columns"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("shares of something: got %v", err)
	}
	_, err = read(t, "5,1,0.9\n5,2,0.5\n9,1,1.9\n9,2,1.1\n", Options{})
	if want := "columns 1 and 2 have whole numbers: which one counts the workers? amdahl fit -x 1 --time 3, or amdahl fit -x 2 --time 3"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("no header: got %v", err)
	}
	s, err := read(t, fractions, Options{X: "threads", Time: []string{"cells"}})
	if err != nil || len(s.Curves) != 2 || len(s.Curves[0].Points) != 3 {
		t.Errorf("numbers of workers written as fractions: got %v, %v", s, err)
	}
}
