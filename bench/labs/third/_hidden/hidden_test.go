package third_test

import (
	"sync"
	"testing"

	third "lab"
)

func TestUneven(t *testing.T) {
	for _, c := range []struct{ rows, n int }{{7, 3}, {2, 5}, {120, 7}, {1, 1}, {0, 4}, {100, 8}} {
		for w := range c.n {
			var block, every []int
			for row := w * c.rows / c.n; row < (w+1)*c.rows/c.n; row++ {
				block = append(block, row)
			}
			for row := w; row < c.rows; row += c.n {
				every = append(every, row)
			}
			same(t, "Static", third.Static, c.rows, c.n, w, block)
			same(t, "Cyclic", third.Cyclic, c.rows, c.n, w, every)
		}
	}
}

func TestTogether(t *testing.T) {
	const rows, workers = 400, 8
	next := third.Dynamic(rows)
	lists := make([][]int, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for len(lists[w]) <= rows { // a function that never ends is noticed, too
				row, ok := next()
				if !ok {
					return
				}
				lists[w] = append(lists[w], row)
			}
		})
	}
	wg.Wait()
	times := map[int]int{}
	for _, l := range lists {
		for _, row := range l {
			times[row]++
		}
	}
	for row := range rows {
		switch times[row] {
		case 1:
		case 0:
			fail(t, "lost", "8 workers asked for %d rows at the same time, and some row was handed out to nobody.", rows)
		default:
			fail(t, "twice", "8 workers asked for %d rows at the same time, and some row was handed out more than once.", rows)
		}
	}
}
