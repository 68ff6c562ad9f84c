//go:build race

package procpool

const raceEnabled = true

// fewer divides how often a test repeats what every repetition costs: the race detector makes
// processes several times as slow, and sees the same in a few.
func fewer(n, divisor int) int { return max(1, n/divisor) }
