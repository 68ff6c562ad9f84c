//go:build !race

package charts

// sweptPart is the part of the sweep over figures, sizes and letters that is drawn, 1 of so
// many: all of it.
const sweptPart = 1
