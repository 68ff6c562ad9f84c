//go:build race

package charts

// sweptPart is the part of the sweep over figures, sizes and letters that is drawn, 1 of so
// many. The race detector makes drawing several times as slow; the whole sweep runs without
// it.
const sweptPart = 7
