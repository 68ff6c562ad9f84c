//go:build linux && !race

package procpool

const raceEnabled = false
