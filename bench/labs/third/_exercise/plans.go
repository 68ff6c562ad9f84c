// Package third divides the rows of a picture among workers.
package third

// Static returns the rows of worker w, 0 to n-1: a block of neighbouring rows, from
// w*rows/n to (w+1)*rows/n - 1.
func Static(rows, n, w int) []int {
	// Your code here.
	return nil
}

// Cyclic returns the rows of worker w, 0 to n-1: w, w+n, w+2n …
func Cyclic(rows, n, w int) []int {
	// Your code here.
	return nil
}

// Dynamic returns a function that hands out the rows 0 to rows-1 in order, each once,
// and then says that there is none left. Many workers call it at the same time.
func Dynamic(rows int) func() (row int, ok bool) {
	// Your code here.
	return func() (int, bool) { return 0, false }
}
