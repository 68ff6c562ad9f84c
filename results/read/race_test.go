//go:build race

package read

// behindPart is the part of the formats that are read behind a log, 1 of so many. The race
// detector makes reading slow, and there are no goroutines in it; all formats are read so
// without it.
const behindPart = 8
