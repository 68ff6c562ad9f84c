package remote

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"amdahl/pools"
)

// A node of another build, catalogue or protocol is refused by name, with both
// versions.
func TestRefused(t *testing.T) {
	lines := make(chan string, 10)
	h := newHub(t, sleeping, Options{Say: func(line string) { lines <- line }})
	for _, tt := range []struct {
		name string
		edit func(*Program)
		want []string
	}{
		{"build", func(p *Program) { p.Build = "other" }, []string{`coordinator is "test"`, `node "other"`}},
		{"catalogue", func(p *Program) { p.Catalogue = "books" }, []string{`catalogue "sleep"`, `node "books"`}},
	} {
		p := sleeping
		tt.edit(&p)
		_, ended := here(t, h, p)
		err := <-ended
		for _, want := range tt.want {
			if !errors.Is(err, ErrRefused) || !contains(err, want) {
				t.Errorf("%s: %v, want %s", tt.name, err, want)
			}
		}
	}
	old := sleeping.hello("t")
	old.Version = Version + 1
	if why := sleeping.refuses(old); !strings.Contains(why, "protocol version 1 and the node 2") {
		t.Errorf("another version: %q", why)
	}
	if len(h.Nodes()) != 0 || len(lines) != 2 {
		t.Errorf("nodes %v, %d lines, want none and two", h.Nodes(), len(lines))
	}
}

// Only who has the token joins.
func TestToken(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	if !strings.Contains(h.URL(), "@127.0.0.1:") {
		t.Errorf("the server listens at %s, want loopback", h.URL())
	}
	for _, url := range []string{
		strings.Replace(h.URL(), h.server.token, "guess", 1),
		"nats://" + h.server.addr(),
	} {
		err := Join(bounded(t), sleeping, JoinOptions{Server: Access{URL: url}})
		if !contains(err, "copy the whole URL") || strings.Contains(err.Error(), "guess") {
			t.Errorf("%v, want an error that says what to do and shows no token", err)
		}
	}
}

// A spec that is not of the catalogue is refused, and the node goes on.
func TestForeignSpec(t *testing.T) {
	h := newHub(t, program, Options{})
	here(t, h, program)
	if _, err := h.Open(bounded(t), 1, job("rm -rf"), Shape{}); !contains(err, "not of the catalogue") {
		t.Errorf("Open: %v, want a refusal", err)
	}
	if _, err := h.Open(bounded(t), 1, job(strings.Repeat("x", maxSpec+1)), Shape{}); !contains(err, "at most 65536 are sent") {
		t.Errorf("Open: %v, want a refusal", err)
	}
	p, err := h.Open(bounded(t), 1, job("{}"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// A node whose task 0 gives another number is not taken.
func TestOtherNumbers(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	other := sleeping
	other.Check = func(context.Context, string) (uint64, error) { return 7, nil }
	here(t, h, other)
	if _, err := h.Open(bounded(t), 1, job("1ms"), Shape{}); !contains(err, "task 0 gives 0x7 there and 0x3 here") {
		t.Errorf("Open: %v", err)
	}
}

// A node whose place was given to another while it was lost leaves, instead of giving signs
// of life to nobody.
func TestForgotten(t *testing.T) {
	h := newHub(t, sleeping, Options{Lease: 100 * time.Millisecond})
	_, ended := here(t, h, sleeping)
	h.mu.Lock()
	delete(h.nodes, 1)
	h.mu.Unlock()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("Join: %v", err)
		}
	case <-time.After(limit):
		t.Fatal("the node stays")
	}
}

// A node that joins while Open waits is taken, and one that never comes is asked
// for.
func TestWaits(t *testing.T) {
	asked := make(chan string, 10)
	h := newHub(t, sleeping, Options{Say: func(line string) { asked <- line }, JoinTime: limit})
	end := make(chan error, 1)
	go func() {
		p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
		if err == nil {
			err = p.Close()
		}
		end <- err
	}()
	if line := <-asked; !strings.Contains(line, "0 of 1 nodes have joined") || !strings.Contains(line, "bench -join "+h.URL()) {
		t.Errorf("got %q", line)
	}
	here(t, h, sleeping)
	if err := <-end; err != nil {
		t.Error(err)
	}
	h.o.JoinTime = 20 * time.Millisecond
	if _, err := h.Open(bounded(t), 2, job("1ms"), Shape{}); !contains(err, "1 of 2 nodes have joined within 20ms: start the others") {
		t.Errorf("Open: %v", err)
	}
}

// A node that leaves gives back what it holds at once, and another one goes on.
func TestLeaves(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: 300 * time.Millisecond, Patience: limit})
			leave, ended := here(t, h, sleeping)
			p, err := h.Open(bounded(t), 1, job("1ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			here(t, h, sleeping)
			run := begin(t, p, 200)
			run.unanswered(199)
			leave()
			if err := <-ended; err != nil {
				t.Errorf("Join: %v", err)
			}
			run.right()
		})
	}
}

// The server dies and comes back, with work queues in memory and in files: nothing is
// lost or counted twice.
func TestServerRestarts(t *testing.T) {
	for _, queue := range Queues {
		for _, files := range []bool{false, true} {
			if files && queue != Pull {
				continue // they keep nothing in the server
			}
			name := "queue=" + queue
			if files {
				name += "/files"
			}
			t.Run(name, func(t *testing.T) {
				h := newHub(t, sleeping, Options{Files: files, Lease: 300 * time.Millisecond, Patience: limit, Say: func(string) {}})
				here(t, h, sleeping)
				here(t, h, sleeping)
				p, err := h.Open(bounded(t), 2, job("2ms"), Shape{Queue: queue})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				run := begin(t, p, 150)
				run.unanswered(149)
				h.server.stop()
				if err := h.server.start(); err != nil {
					t.Fatal(err)
				}
				run.right()
				rightNow(t, p, 20)
			})
		}
	}
}

// A slow worker holds the range that it runs, and not the rest: the others do all of it
// meanwhile. (A queue group leaves its share with it, which is the lesson.)
func TestSlow(t *testing.T) {
	for _, queue := range []string{Pull, Request} {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{})
			slow, begun, release := sleeping, make(chan int, 1), make(chan struct{})
			slow.Open = func(context.Context, string) (pools.Task, error) { return &stuck{begun: begun, release: release}, nil }
			here(t, h, slow)
			here(t, h, sleeping)
			p, err := h.Open(bounded(t), 2, job("100us"), Shape{Queue: queue, Chunk: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			run := begin(t, p, 100)
			<-begun
			run.unanswered(1)
			select {
			case i := <-begun:
				t.Errorf("the slow worker has another task, %d", i)
			default:
			}
			close(release)
			run.right()
		})
	}
}

// stuck is a task that ends when it is released.
type stuck struct {
	sleep
	begun   chan int
	release chan struct{}
}

func (s *stuck) Do(ctx context.Context, i int) (uint64, error) {
	s.begun <- i
	select {
	case <-s.release:
		return uint64(i)*uint64(i) + 1, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
