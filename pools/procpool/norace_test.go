//go:build !race

package procpool

const raceEnabled = false

func fewer(n, _ int) int { return n }
