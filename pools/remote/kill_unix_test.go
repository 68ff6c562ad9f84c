//go:build unix

package remote

import (
	"context"
	"flag"
	"math/rand/v2"
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
			h := newHub(t, sleeping, Options{Lease: quickLease, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 3, job("1ms"), Shape{Queue: queue, Prefetch: 2})
			if err != nil {
				t.Fatal(err)
			}
			stop := running(t, p, 100)
			rng := rand.New(rand.NewPCG(1, 1))
			for range *kills {
				time.Sleep(time.Duration(rng.IntN(20)) * time.Millisecond)
				if err := h.start(bounded(t), 1); err != nil { // it waits until a worker is missing
					t.Fatal(err)
				}
				alive := alive(h)
				if err := syscall.Kill(alive[rng.IntN(len(alive)-1)].Pid, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				until(t, "the node is lost", func() bool { return len(aliveOf(h)) < len(alive) })
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

func alive(h *Hub) []Node { return aliveOf(h) }

func aliveOf(h *Hub) (all []Node) {
	for _, n := range h.Nodes() {
		if !n.Lost {
			all = append(all, n)
		}
	}
	return all
}

// A worker that is stopped holds nobody for longer than a lease. When it goes on,
// what it answers late does not count twice, and it works again.
func TestStopped(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Start: startSleeping, Say: func(string) {}})
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
				until(t, "the node is lost", func() bool { return len(aliveOf(h)) == 1 })
				stop()
				if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
				until(t, "the node is back", func() bool { return len(aliveOf(h)) == 2 })
			}
			if got, err := p.Run(bounded(t), 0, 60); err != nil || got != sumOf(60) {
				t.Errorf("Run = %d, %v, want %d", got, err, sumOf(60))
			}
		})
	}
}

// When all workers are gone the Run waits for another one, and with nobody ends with
// an error that says what to do.
func TestDeserted(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickLease, Patience: 600 * time.Millisecond, Start: startSleeping, Say: func(string) {}})
			p, err := h.Open(bounded(t), 1, job("2ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			kill := func() {
				for _, n := range aliveOf(h) {
					if err := syscall.Kill(n.Pid, syscall.SIGKILL); err != nil {
						t.Fatal(err)
					}
				}
			}
			stop := running(t, p, 50)
			kill()
			until(t, "the node is lost", func() bool { return len(aliveOf(h)) == 0 })
			if err := h.start(bounded(t), 1); err != nil {
				t.Fatal(err)
			}
			stop()
			kill()
			_, err = p.Run(bounded(t), 0, 50)
			if err == nil || !contains(err, "no node has said that it works on one: start another node with bench -join") {
				t.Errorf("Run without workers: %v", err)
			}
		})
	}
}
