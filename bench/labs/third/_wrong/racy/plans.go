// Wrong on purpose: the counter is read and written without a lock
// Fails: TestTogether
package third

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
	next := 0
	return func() (int, bool) {
		row := next
		next++
		return row, row < rows
	}
}
