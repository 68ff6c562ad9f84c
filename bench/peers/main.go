// Command peers measures the process pool and the in-process strategies
// beside other people's pools, Python's, and the floors below all of them. It
// prints Go benchmark text; each round runs every case once, in an order of
// its own, so that a drift of the machine touches all alike. Goals are
// medians of ratios within a round, on standard error.
//
//	go run . -rounds 12 > peers.txt
//	go run . -run 'op=call/' -rounds 6
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"time"

	"amdahl/pools"
	"amdahl/pools/remote"
)

// A peer is one case: an operation on one kind of pool.
type peer struct {
	op, strategy string
	workers      int
	tasks        int // in one operation
	bytes        int // sent in one operation

	// open makes a function that runs n operations and says how long they
	// took, and one that ends what it started.
	open func(ctx context.Context, p peer) (run func(n int) (time.Duration, error), stop func(), err error)
}

func (p peer) name() string {
	procs := ""
	if n := runtime.GOMAXPROCS(0); n > 1 {
		procs = fmt.Sprintf("-%d", n)
	}
	return fmt.Sprintf("BenchmarkPeers/op=%s/strategy=%s/workers=%d%s", p.op, p.strategy, p.workers, procs)
}

// all lists the peers. To add one, write one file and one line here.
func all() []peer {
	var out []peer
	for _, list := range [][]peer{floors(), procpools(), pythons(), rpcs(), plugins(), inProcess(), queues(), natsCalls()} {
		out = append(out, list...)
	}
	return out
}

func main() {
	pools.ServeIfWorker(append(remote.Roles(emptyProgram), emptyRole)...)
	serveChild()
	os.Exit(run())
}

func run() int {
	rounds := flag.Int("rounds", 6, "how often each case is measured; 6 give a 95% interval")
	only := flag.String("run", "", "measure only the cases whose name matches this regular expression")
	target := flag.Duration("time", 100*time.Millisecond, "about how long to measure each case in a round")
	flag.Parse()
	match, err := regexp.Compile(*only)
	if err != nil || *rounds < 1 || flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "peers: usage: peers [-rounds N] [-time D] [-run REGEXP]: %v\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	fmt.Printf("goos: %s\ngoarch: %s\npkg: amdahl/bench/peers\ncpu-count: %d\ngo: %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	if v := pythonVersion(); v != "" {
		fmt.Printf("python: %s\n", v)
	}

	var cases []*measured
	for _, p := range all() {
		if match.MatchString(p.name()) {
			cases = append(cases, &measured{peer: p})
		}
	}
	status := 0
	for round := 1; round <= *rounds && ctx.Err() == nil; round++ {
		fmt.Printf("round: %d\n", round)
		for _, i := range rand.Perm(len(cases)) {
			if ctx.Err() != nil {
				break
			}
			c := cases[i]
			if err := c.sample(ctx, *target); err != nil {
				fmt.Fprintf(os.Stderr, "peers: %s: %v\n", c.name(), err)
				status = 1
			}
		}
	}
	goals(cases)
	if err := postgresStarted.stop(); err != nil {
		fmt.Fprintf(os.Stderr, "peers: %v\n", err)
		status = 1
	}
	return status
}

// measured is a peer with its samples.
type measured struct {
	peer
	n       int // operations in a sample, found in the first round
	broken  bool
	samples []float64 // ns per operation, one a round
}

// sample opens the peer, warms it up, measures once, prints the line, and
// closes the peer again: no other pool is open while one is measured. The
// first time it finds out how many operations fit into the time.
func (c *measured) sample(ctx context.Context, target time.Duration) (err error) {
	if c.broken {
		return nil
	}
	defer func() { c.broken = err != nil }()
	run, stop, err := c.open(ctx, c.peer)
	if err != nil {
		return err
	}
	defer stop()
	if c.n == 0 {
		for c.n = 1; ; {
			d, err := run(c.n)
			if err != nil {
				return err
			}
			if d >= target/2 {
				break
			}
			c.n = max(c.n+1, min(100*c.n, int(float64(c.n)*float64(target)/float64(d+1))))
		}
	} else if _, err := run(max(1, c.n/4)); err != nil {
		return err
	}
	d, err := run(c.n)
	if err != nil {
		return err
	}
	ns := float64(d.Nanoseconds()) / float64(c.n)
	c.samples = append(c.samples, ns)
	speed := ""
	if c.bytes > 0 {
		speed = fmt.Sprintf("\t%.2f MB/s", float64(c.bytes)/ns*1e3)
	}
	_, err = fmt.Printf("%s\t%d\t%.1f ns/op\t%d tasks/op%s\n", c.name(), c.n, ns, c.tasks, speed)
	return err
}

// timed measures n operations in this process.
func timed(n int, op func(i int) error) (time.Duration, error) {
	t := time.Now()
	for i := range n {
		if err := op(i); err != nil {
			return 0, err
		}
	}
	return time.Since(t), nil
}
