package line_test

import (
	"testing"

	line "lab"
	"lab/cache"
)

func TestTotal(t *testing.T) {
	for _, c := range []struct{ n, apart int }{{1, 1}, {5, 1}, {16, 1}, {3, 8}, {16, 8}, {0, 8}} {
		m := cache.Of(5, 0)
		fill := func(p *cache.Processor) {
			p.Add(p.ID*max(c.apart, 1), 10+p.ID)
			if p.ID == 0 {
				p.Add(20*8, 1000) // a counter that is not asked for
			}
		}
		want := 0
		for w := range c.n {
			want += 10 + w
		}
		r := m.Run(max(c.n, 1), fill, func(p *cache.Processor) int { return line.Total(p, c.n, c.apart) })
		if r.Endless || r.Stray > 0 || r.Total != want {
			fail(t, "total", "Total of %d counters that are %d apart is %d, and should be %d.", c.n, c.apart, r.Total, want)
		}
	}
}

func TestManyProcessors(t *testing.T) {
	for _, c := range []struct{ items, n int }{{0, 1}, {1, 3}, {5, 16}, {333, 7}, {400, 16}} {
		for _, pl := range []plan{local, apart, neighbours, shared} {
			counted(t, pl, 6, c.items, c.n)
		}
		if r := counted(t, apart, 6, c.items, c.n); r.Moves > 2*c.n {
			fail(t, "moves", "Apart, n = %d, %d items: lines moved %d times, and should move at most %d times.", c.n, c.items, r.Moves, 2*c.n)
		}
	}
}
