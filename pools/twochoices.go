package pools

import "math/rand/v2"

// TwoChoices is [Random] with a look: the sender draws two different queues at
// random and takes the one with fewer tasks, the one
// that runs included; of equal ones the first drawn. Tasks of equal length at
// 16 workers then keep 76 % of them busy in the long run, and not 60 %.
//
// Sources: M. Mitzenmacher, The power of two choices in randomized load
// balancing, IEEE TPDS 12(10), 2001; N. D. Vvedenskaya, R. L. Dobrushin, F. I.
// Karpelevich, Problems of Information Transmission 32(1), 1996.
var TwoChoices = Strategy{
	Name:        "twochoices",
	Doc:         "as random, but to the shorter of two random queues",
	Concurrency: Workers,
	Chance:      true,
	Sweeps:      []string{"schedules"},
	Open:        openCrew("twochoices", push(shorterOfTwo, false)),
}

// TwoChoicesAll is [RandomAll] with a look: all tasks are sent before the first
// begins, each to the shorter of two random queues. The fullest queue has
//
//	m/n + ln ln n/ln 2 + O(1)
//
// of m tasks in n queues with high probability, however large m is.
//
// Sources: Y. Azar, A. Broder, A. Karlin, E. Upfal, Balanced allocations, SIAM
// J. Computing 29(1), 1999; for m > n, P. Berenbrink et al., SIAM J. Computing
// 35(6), 2006.
var TwoChoicesAll = Strategy{
	Name:        "twochoicesall",
	Doc:         "as randomall, but each to the shorter of two random queues",
	Concurrency: Workers,
	Chance:      true,
	Sweeps:      []string{"schedules"},
	Open:        openCrew("twochoicesall", push(shorterOfTwo, true)),
}

// shorterOfTwo draws two different queues, if there are two, and picks the
// shorter one.
func shorterOfTwo(rng *rand.Rand, load []int) int {
	n := len(load)
	if n == 1 {
		return 0
	}
	a := rng.IntN(n)
	if b := (a + 1 + rng.IntN(n-1)) % n; load[b] < load[a] {
		return b
	}
	return a
}
