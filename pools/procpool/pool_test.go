package procpool

import (
	"slices"
	"testing"
	"time"
)

var transports = []Transport{Ring, Pipe, Goroutines}

func TestBasics(t *testing.T) {
	for _, tr := range transports {
		t.Run(tr.String(), func(t *testing.T) {
			t0 := time.Now()
			p := begin(t, Options{Workers: 2, Transport: tr})
			t.Log("start", time.Since(t0))
			if got, err := Call(t.Context(), p, square, 7); got != 49 || err != nil {
				t.Fatalf("Call = %v, %v; want 49", got, err)
			}
			for _, n := range []int{0, 1, 2, 3, 10, 1000, 100000} {
				for _, chunk := range []int{0, 1, 7} {
					in := make([]int, n)
					for i := range in {
						in[i] = i
					}
					out, err := Map(t.Context(), Tune(p, Tuning{Chunk: chunk}), square, in)
					if err != nil || len(out) != n {
						t.Fatalf("Map(%d) = %d results, %v", n, len(out), err)
					}
					for i, x := range out {
						if x != i*i {
							t.Fatalf("Map(%d)[%d] = %d, want %d", n, i, x, i*i)
						}
					}
				}
			}
			var got []int
			for x, err := range Ordered(t.Context(), p, square, slices.Values([]int{1, 2, 3})) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, x)
			}
			if !slices.Equal(got, []int{1, 4, 9}) {
				t.Errorf("Ordered = %v", got)
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
