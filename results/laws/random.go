package laws

import (
	"amdahl/results"
	"amdahl/results/words"
)

// Random is the law of tasks that are sent to workers by chance: each worker has
// a queue, as many tasks are under way as there are workers, and when one ends
// the next is sent to a random queue.
//
//	T(n) = T(1)·(2n − 1)/n²
//	S(n) = n²/(2n − 1): about half of n for large n
//
// It has no parameter but T(1). It holds for tasks whose lengths are distributed
// exponentially, in the long run: n queues with n customers are a closed
// network with a product form, in which a server is busy for n/(2n − 1) of the
// time. The start and the end of a job are not in it, so a job needs some
// hundred tasks for each worker. With tasks of equal length more workers are
// busy (60 % of 16).
//
// Sources: W. J. Gordon, G. F. Newell, Closed queuing systems with exponential
// servers, Operations Research 15(2), 1967; J. P. Buzen, Computational
// algorithms for closed queueing networks, CACM 16(9), 1973.
var Random = &Law{
	Name:    "random",
	Title:   "Random dispatch",
	Formula: "T(n) = T(1)·(2n − 1)/n²",
	Doc:     "tasks of exponential length are sent to random queues, of which there is one a worker",
	Source:  "Gordon & Newell, Operations Research 1967",
	Kind:    results.Strong,
	Levels:  4,
	Base: func(n float64) float64 {
		if n < 1 {
			return 1 / n // a load below one worker: nobody is in the way
		}
		return (2*n - 1) / (n * n)
	},
	Says: func(f *Fit, a *Analysis) Finding {
		n := a.last()
		return finding("random", "It is as fast as tasks that are sent to workers by chance (n²/(2n − 1)): while some have several waiting, others idle, and %s do the work of %s. One shared queue, or a look at two queues before sending, keeps more of them busy.",
			words.Workers(n), words.Number(f.Speedup(n)))
	},
}
