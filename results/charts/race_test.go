//go:build race

package charts

// sweptPart is the part of the sweep over figures, sizes and letters that is drawn, 1 of so
// many. The race detector makes drawing several times as slow; the whole sweep runs without
// it.
const sweptPart = 7

// drawnDPI is the resolution of PNGs that tests draw and decode where they ask for none. With
// half the usual one there are a quarter as many pixels, by the same code.
const drawnDPI = dpi / 2
