//go:build !race

package read

// behindPart is the part of the formats that are read behind a log, 1 of so many: all of them.
const behindPart = 1
