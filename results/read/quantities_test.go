package read

import (
	"fmt"
	"strings"
	"testing"
)

// Rows of a wide table are quantities of one series only if each says one, and
// none says it twice; else they are series, whatever words are in their names.
func TestWideRows(t *testing.T) {
	for _, tt := range []struct{ rows, want string }{
		{"benchmark,1,2,4\nruntime,10,5.2,2.8\ncompiler,20,11,7\n", "runtime compiler"},
		{"q,1,2,4\nsort time,10,5.2,2.8\nhash time,20,11,7\n", "sort time hash time"},
		{"program,1,2,4\nrate limiter,3,2.5,2.2\nsort,20,11,7\n", "rate limiter sort"},
		{"quantity,1,2,4\ntime (s),10,5.2,2.8\nspeedup,1,1.9,3.5\nefficiency,1,.95,.9\n", "<stdin>"},
	} {
		s, err := read(t, tt.rows, Options{})
		if err != nil {
			t.Fatalf("%q: %v", tt.rows, err)
		}
		var names []string
		for _, c := range s.Curves {
			names = append(names, c.Name.String())
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%q: got series %q, want %q", tt.rows, got, tt.want)
		}
	}
}

// Cells of rates and speedups are compared by their units.
func TestRateUnits(t *testing.T) {
	for _, cells := range [][2]string{
		{"980 MB/s", "1.96 GB/s"}, {"512 KiB/s", "1 MiB/s"}, {"980K ops/s", "1.96M ops/s"}, {"600 ops/min", "20 ops/s"}, {"100", "200"},
	} {
		s, err := read(t, fmt.Sprintf("threads,throughput\n1,%s\n2,%s\n", cells[0], cells[1]), Options{})
		if err != nil {
			t.Fatalf("%q: %v", cells, err)
		}
		p := s.Curves[0].Points
		if ratio := p[0].Samples[0].Time / p[1].Samples[0].Time; ratio < 1.999 || ratio > 2.001 {
			t.Errorf("%q: the second is %g times as fast, want 2", cells, ratio)
		}
	}
	s, err := read(t, "threads,speedup\n1,100%\n2,190%\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Curves[0].Points[0].Samples[0].Time; got != 1 {
		t.Errorf("a speedup of 100%%: got a time of %g, want 1", got)
	}
}
