package remote

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// A gate is a proxy that holds all bytes while it is shut.
type gate struct {
	l    net.Listener
	mu   sync.Mutex
	open chan struct{} // closed while the gate is open
}

func newGate(t *testing.T, target string) *gate {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{l: l, open: make(chan struct{})}
	close(g.open)
	var wg sync.WaitGroup
	t.Cleanup(func() { l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", target)
			if err != nil {
				in.Close()
				continue
			}
			for _, way := range [2][2]net.Conn{{in, out}, {out, in}} {
				wg.Go(func() { g.pass(way[0], way[1]) })
			}
		}
	})
	return g
}

func (g *gate) pass(from, to net.Conn) {
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		g.mu.Lock()
		open := g.open
		g.mu.Unlock()
		<-open
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err == io.EOF || err != nil {
			return
		}
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = make(chan struct{})
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.open)
}

// The network holds all bytes of a node until it counts as lost, and then delivers them:
// no task is lost or counted twice, whether another node is there or not.
func TestHeldBytes(t *testing.T) {
	for _, queue := range Queues {
		for _, others := range []int{0, 1} {
			t.Run("queue="+queue+"/others="+string(rune('0'+others)), func(t *testing.T) {
				leavesNoGoroutine(t)
				s := outside(t, nil)
				lines := make(chan string, 1000)
				h := hubAt(t, Options{Server: Access{URL: s.ClientURL()}, Lease: 200 * time.Millisecond, Say: func(line string) { lines <- line }})
				g := newGate(t, s.Addr().String())
				joins(t, Access{URL: replaceHost(s.ClientURL(), g.l.Addr().String()) + "/main"})
				for range others {
					joins(t, Access{URL: h.URL()})
				}
				p, err := h.Open(bounded(t), 1+others, job("2ms"), Shape{Queue: queue})
				if err != nil {
					t.Fatal(err)
				}
				defer p.Close()
				run := begin(t, p, 150)
				run.unanswered(149)
				g.shut()
				for line := ""; !strings.Contains(line, "node 1 ") || !strings.Contains(line, "is lost"); {
					select {
					case line = <-lines:
					case <-time.After(limit):
						t.Fatal("the node never counts as lost")
					}
				}
				g.release()
				run.right()
			})
		}
	}
}
