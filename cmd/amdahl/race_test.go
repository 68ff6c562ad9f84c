//go:build race

package main

// reported chooses the series of the stored full run that TestComputedOnce makes a report of,
// which are leastReported at least: some workloads, strong and weak. The race detector makes
// the drawing of figures several times as slow; of all series it is done without it.
const (
	reported      = "workload=hash,matrix,http"
	leastReported = 20
)
