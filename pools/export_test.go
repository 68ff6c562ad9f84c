package pools

import "math/rand/v2"

// choices are the rules of the strategies that leave queues to chance, and
// whether they send all tasks at the start.
var choices = map[string]struct {
	choose choice
	all    bool
}{
	"random": {anyQueue, false}, "randomall": {anyQueue, true}, "twochoices": {shorterOfTwo, false}, "twochoicesall": {shorterOfTwo, true},
}

// Sent lists the queues to which the first tasks of a Run go while none of them
// ends. run is the number of the Run of its pool, from 0.
func Sent(strategy string, workers, tasks int, seed uint64, run int) []int {
	c := choices[strategy]
	if c.choose == nil {
		panic("pools: no rule for " + strategy + ": add it to choices")
	}
	lanes := min(workers, tasks)
	rng, load := rand.New(rand.NewPCG(seed, uint64(run))), make([]int, lanes)
	var to []int
	for range map[bool]int{false: lanes, true: tasks}[c.all] {
		w := c.choose(rng, load)
		load[w]++
		to = append(to, w)
	}
	return to
}

// Together is how many tasks then run together.
func Together(strategy string, workers, tasks, run int) int {
	queues := map[int]bool{}
	for _, w := range Sent(strategy, workers, tasks, 1, run) {
		queues[w] = true
	}
	return len(queues)
}

// Block is block, for tests.
func Block(lo, hi, n, w int) (from, to int) { return block(lo, hi, n, w) }
