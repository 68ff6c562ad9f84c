// Package server is the work of the lab "Wait or compute": a server on two slow
// processors, whose requests wait for a database, compute, or both.
//
// Waiting and computing both sleep, so they take the same time on every machine; but of
// those that compute only two run at a time.
package server

import (
	"math/rand/v2"
	"time"
)

const (
	Processors = 2
	Requests   = 48 // in one measurement
)

// Kinds of requests.
const (
	Wait    = "wait"    // they wait for a database, and compute a little
	Compute = "compute" // they compute
)

// A Server handles requests that all take alike. Use [Of].
type Server struct {
	Wait, Compute time.Duration // of one request
	processors    chan struct{}
}

// Of returns the server of a seed for a kind of requests: those that wait take 3 to 6 ms
// for it, and compute 0.6 to 1 ms; those that compute take 1.2 to 2 ms.
func Of(seed uint64, kind string) *Server {
	rng := rand.New(rand.NewPCG(seed, 2))
	between := func(low, high time.Duration) time.Duration {
		return low + time.Duration(rng.Int64N(int64(high-low)))
	}
	s := &Server{processors: make(chan struct{}, Processors)}
	wait, little, much := between(3e6, 6e6), between(6e5, 1e6), between(12e5, 2e6)
	if kind == Wait {
		s.Wait, s.Compute = wait, little
	} else {
		s.Compute = much
	}
	return s
}

// Handle handles one request: it waits, then it computes as soon as one of the processors
// is free. Any number of goroutines may call it at the same time.
func (s *Server) Handle(int) {
	if s.Wait > 0 {
		time.Sleep(s.Wait)
	}
	s.processors <- struct{}{}
	time.Sleep(s.Compute)
	<-s.processors
}

// Serial is what all requests take one after the other.
func (s *Server) Serial() time.Duration { return Requests * (s.Wait + s.Compute) }

// Least is what all requests take at least with n workers: the processors have to
// compute all of them, and a worker has to handle its share one after the other.
func (s *Server) Least(n int) time.Duration {
	n = max(n, 1)
	share := time.Duration((Requests+n-1)/n) * (s.Wait + s.Compute)
	return max(share, s.Wait+Requests*s.Compute/Processors)
}
