// Wrong on purpose: two atomic calls in place of one
// Fails: TestTogether
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
	for row := w; row < rows; row += n {
		list = append(list, row)
	}
	return list
}

// Dynamic returns a function that hands out the rows in order.
func Dynamic(rows int) func() (row int, ok bool) {
	var next atomic.Int64
	return func() (int, bool) {
		row := int(next.Load())
		next.Store(int64(row) + 1)
		return row, row < rows
	}
}
