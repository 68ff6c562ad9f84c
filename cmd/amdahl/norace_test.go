//go:build !race

package main

// reported chooses the series of the stored full run that TestComputedOnce makes a report of,
// which are leastReported at least: all of them.
const (
	reported      = ""
	leastReported = 50
)
