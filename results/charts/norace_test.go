//go:build !race

package charts

// sweptPart is the part of the sweep over figures, sizes and letters that is drawn, 1 of so
// many: all of it.
const sweptPart = 1

// drawnDPI is the resolution of PNGs that tests draw and decode where they ask for none: the
// usual one.
const drawnDPI = 0
