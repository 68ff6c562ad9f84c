//go:build unix

package remote

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"
)

var kills = flag.Int("kills", 6, "how many workers the test of kill -9 kills under each queue")

// quickLease keeps tests of lost workers short.
const quickLease = 150 * time.Millisecond

// running starts Runs of n tasks, one after another, until stop is called, which
// returns how many ended. Each must give the right sum.
func running(t *testing.T, p interface {
	Run(context.Context, int, int) (uint64, error)
}, n int) (stop func() int) {
	t.Helper()
	quit, ended := make(chan struct{}), make(chan int)
	ctx := bounded(t)
	go func() {
		runs := 0
		defer func() { ended <- runs }()
		for {
			got, err := p.Run(ctx, 0, n)
			if err != nil || got != sumOf(n) {
				t.Errorf("Run %d = %d, %v, want %d", runs, got, err, sumOf(n))
				return
			}
			runs++
			select {
			case <-quit:
				return
			default:
			}
		}
	}()
	return func() int {
		close(quit)
		return <-ended
	}
}

// A worker that is killed in the middle of a Run loses nothing: its ranges come
// again, and count once. Another node takes its place.
func TestKilled(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Patience: limit, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 3, job("1ms"), Shape{Queue: queue, Prefetch: 2})
			if err != nil {
				t.Fatal(err)
			}
			stop := running(t, p, 100)
			rng, killed := rand.New(rand.NewPCG(1, 1)), map[int]bool{}
			for range *kills {
				time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
				if err := h.start(bounded(t), 1); err != nil { // it waits until a worker is missing
					t.Fatal(err)
				}
				var victims []Node // with or without work
				until(t, "a node is alive", func() bool {
					victims = slices.DeleteFunc(alive(h), func(n Node) bool { return killed[n.ID] })
					return len(victims) > 0
				})
				victim := victims[rng.IntN(len(victims))]
				killed[victim.ID] = true
				if err := syscall.Kill(victim.Pid, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				until(t, "the node is lost", func() bool {
					return !slices.ContainsFunc(alive(h), func(n Node) bool { return n.ID == victim.ID })
				})
			}
			if runs := stop(); runs == 0 {
				t.Error("no Run has ended")
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A worker that is stopped holds nobody for longer than a lease. When it goes on,
// what it answers late does not count twice, and it works again.
func TestStopped(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Patience: limit, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 2, job("1ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			pid := h.Nodes()[0].Pid
			for range 2 {
				stop := running(t, p, 60)
				if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
				until(t, "the node is lost", func() bool { return len(alive(h)) == 1 })
				stop()
				if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
				until(t, "the node is back", func() bool { return len(alive(h)) == 2 })
			}
			if got, err := p.Run(bounded(t), 0, 60); err != nil || got != sumOf(60) {
				t.Errorf("Run = %d, %v, want %d", got, err, sumOf(60))
			}
		})
	}
}

// kill kills all nodes, and waits until the hub knows.
func kill(t *testing.T, h *Hub) {
	t.Helper()
	for _, n := range alive(h) {
		if err := syscall.Kill(n.Pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "all nodes are lost", func() bool { return len(alive(h)) == 0 })
}

// When all workers are gone the Run goes on with one that joins late.
func TestJoinsLate(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Patience: limit, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 1, job("2ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			stop := running(t, p, 50)
			kill(t, h)
			if err := h.start(bounded(t), 1); err != nil {
				t.Fatal(err)
			}
			stop()
		})
	}
}

// When all workers are gone, and nobody joins, the Run ends with an error that says
// what to do.
func TestDeserted(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Patience: 2 * quickLease, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 1, job("2ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			kill(t, h)
			_, err = p.Run(bounded(t), 0, 50)
			if !contains(err, "no node has said that it works on one: start another node with bench -join") {
				t.Errorf("Run without workers: %v", err)
			}
		})
	}
}
