package pooltest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// A referee sees the tasks begin and end, whatever process they are in, and
// holds them until they are let go.
type referee struct {
	addr    string
	arrived chan int
	open    chan struct{} // closed: all may go

	mu            sync.Mutex
	running, peak int
	seen          map[int]int
	gates         map[int]chan struct{} // closed: that one may go
}

func newReferee(t *testing.T, tasks int) *referee {
	t.Helper()
	dir, err := os.MkdirTemp("", "referee") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	r := &referee{addr: filepath.Join(dir, "s"), arrived: make(chan int, tasks), open: make(chan struct{}), seen: map[int]int{}, gates: map[int]chan struct{}{}}
	l, err := net.Listen("unix", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { r.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		wg.Wait()
		os.RemoveAll(dir)
	})
	return r
}

func (r *referee) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	var i int
	if _, err := fmt.Fscanf(in, "%d\n", &i); err != nil {
		return
	}
	r.mu.Lock()
	r.running++
	r.peak = max(r.peak, r.running)
	r.seen[i]++
	gate := r.gate(i)
	r.mu.Unlock()
	r.arrived <- i

	ended := make(chan struct{}) // the task said so, or is gone
	go func() {
		in.ReadString('\n')
		close(ended)
	}()
	select {
	case <-r.open:
	case <-gate:
	case <-ended:
	}
	fmt.Fprintln(c, "go") // it may not listen any more
	<-ended
	r.mu.Lock()
	r.running--
	r.mu.Unlock()
	fmt.Fprintln(c, "ok")
}

// gate is the gate of one task. The caller holds mu.
func (r *referee) gate(i int) chan struct{} {
	if r.gates[i] == nil {
		r.gates[i] = make(chan struct{})
	}
	return r.gates[i]
}

// let lets one task go.
func (r *referee) let(i int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.gate(i))
}

// wait waits until n tasks have arrived and returns them.
func (r *referee) wait(t *testing.T, n int) []int {
	t.Helper()
	var tasks []int
	timeout := time.After(limit)
	for range n {
		select {
		case i := <-r.arrived:
			tasks = append(tasks, i)
		case <-timeout:
			t.Fatalf("%d tasks have begun, want %d", len(tasks), n)
		}
	}
	return tasks
}

// meet tells the referee that task i has begun, and waits until it may go.
// leave says that it ends; when leave returns, the referee knows.
func meet(ctx context.Context, addr string, i int) (leave func(), err error) {
	c, err := new(net.Dialer).DialContext(ctx, "unix", addr)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(c)
	leave = func() {
		fmt.Fprintln(c, "end")
		for line, err := "", error(nil); line != "ok\n" && err == nil; {
			line, err = in.ReadString('\n')
		}
		c.Close()
	}
	unwatch := context.AfterFunc(ctx, func() { c.SetReadDeadline(time.Unix(1, 0)) })
	fmt.Fprintln(c, i)
	if _, err := in.ReadString('\n'); err != nil || !unwatch() {
		c.SetReadDeadline(time.Time{})
		leave()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	return leave, nil
}
