package remote

import (
	"testing"

	"amdahl/pools"
	"amdahl/pools/pooltest"
)

// The contract of pools holds for every queue, on three nodes that have one worker or
// several.
func TestContract(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, program, Options{Start: StartLocal(pools.StartHelper)})
			if _, err := h.gather(bounded(t), 3); err != nil {
				t.Fatal(err)
			}
			pooltest.Contract(t, h.Strategy(Shape{Queue: queue, Nodes: 3}), func(_ string, workers, n, _ int) (least, most int) {
				return 1, min(workers, n) // NATS sends by chance
			})
		})
	}
}

// Ranges that a node holds beyond its workers are not begun, and do not break the
// contract.
func TestContractWithPrefetch(t *testing.T) {
	for _, queue := range []string{Pull, Request} {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, program, Options{Start: StartLocal(pools.StartHelper)})
			if _, err := h.gather(bounded(t), 2); err != nil {
				t.Fatal(err)
			}
			pooltest.Contract(t, h.Strategy(Shape{Queue: queue, Prefetch: 4, Nodes: 2}), nil)
		})
	}
}
