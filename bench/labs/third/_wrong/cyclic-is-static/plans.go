// Wrong on purpose: cyclic gives blocks
// Fails: TestCyclic
package third

import "sync/atomic"

// Static returns the rows of worker w: a block of neighbouring rows.
func Static(rows, n, w int) []int {
	var list []int
	for row := w * rows / n; row < (w+1)*rows/n; row++ {
		list = append(list, row)
	}
	return list
}

// Cyclic returns the rows of worker w: every nth row.
func Cyclic(rows, n, w int) []int {
	var list []int
	for row := w * rows / n; row < (w+1)*rows/n; row++ {
		list = append(list, row)
	}
	return list
}

// Dynamic returns a function that hands out the rows in order.
func Dynamic(rows int) func() (row int, ok bool) {
	var next atomic.Int64
	return func() (int, bool) {
		row := int(next.Add(1)) - 1
		return row, row < rows
	}
}
