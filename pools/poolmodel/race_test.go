//go:build race

package poolmodel

// checks is how many sequences are run on each transport: the race detector makes every process
// several times as slow.
const checks = "8"
