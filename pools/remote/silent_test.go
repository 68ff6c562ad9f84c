package remote

import (
	"crypto/rand"
	"errors"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/time/rate"

	"amdahl/pools"
)

// stays lets the intruder join as a node that gives signs of life until the end of the
// test, and does nothing else. It returns the number of the node.
func (x *intruder) stays(h *Hub, every time.Duration) int {
	x.t.Helper()
	m, err := x.Request(h.up("hello"), encode(sleeping.hello(rand.Text())), limit)
	if err != nil {
		x.t.Fatal(err)
	}
	in, err := decode[welcome](m.Data)
	if err != nil || in.Refused != "" {
		x.t.Fatalf("the intruder is refused: %v, %s", err, in.Refused)
	}
	sign := encode(beat{Node: in.Node})
	x.send(h.up("beat"), sign)
	var wg sync.WaitGroup
	end := make(chan struct{})
	wg.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-end:
				return
			case <-tick.C:
				_ = x.Publish(h.up("beat"), sign)
			}
		}
	})
	x.t.Cleanup(func() { close(end); wg.Wait() })
	until(x.t, "the node is there", func() bool {
		for _, n := range h.Nodes() {
			if n.ID == in.Node {
				return !n.Lost
			}
		}
		return false
	})
	return in.Node
}

// A node gives signs of life and answers no order, or some: whoever waits for it gets an
// error that names the node and says what to do.
func TestSilentNode(t *testing.T) {
	const join, patience = 100 * time.Millisecond, 150 * time.Millisecond
	h := newHub(t, sleeping, Options{Lease: 50 * time.Millisecond, JoinTime: join, Patience: patience, Say: func(string) {}})
	x := intrude(t, h)
	id := x.stays(h, 10*time.Millisecond)
	sub := x.listens(h.down(id), func(*nats.Msg) {})
	if _, err := h.Open(bounded(t), 1, job("1ms"), Shape{}); !contains(err, "node 1: open: it has not answered within 100ms: end the program there") {
		t.Errorf("Open: %v", err)
	}
	_ = sub.Unsubscribe()
	right := report{Check: 3, Checked: true}
	sub = x.listens(h.down(id), func(m *nats.Msg) {
		if o, err := decode[order](m.Data); err == nil && o.Op == opOpen {
			_ = m.Respond(encode(right))
		}
	})
	p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Usage(bounded(t)); !contains(err, "node 1: usage: it has not answered within 150ms") {
		t.Errorf("Usage: %v", err)
	}
	if _, err := p.Run(bounded(t), 0, 10); !contains(err, "no node has said that it works on one") {
		t.Errorf("Run: %v", err)
	}
	if err := p.Close(); !contains(err, "node 1: close: it has not answered within 150ms") {
		t.Errorf("Close: %v", err)
	}
	if _, err := h.js.Stream(bounded(t), h.stream(p.id)); !errors.Is(err, jetstream.ErrStreamNotFound) {
		t.Errorf("the work queue is left: %v", err)
	}
	_ = sub.Unsubscribe()
}

// A node is gone whenever an order comes, and comes back each time: Open ends with an error.
func TestComesAndGoes(t *testing.T) {
	h := newHub(t, sleeping, Options{JoinTime: 30 * time.Millisecond, Say: func(string) {}})
	x := intrude(t, h)
	x.stays(h, time.Millisecond) // it listens to nothing
	p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
	if err == nil {
		_ = p.Close()
	}
	if !errors.Is(err, errLost) && !contains(err, "have joined within") {
		t.Errorf("Open: %v, want that the node is lost", err)
	}
}

// Somebody says again and again that a node has left, while the one that could take its
// place answers nothing: neither goroutines nor lines pile up, and the Run goes on.
func TestManyLeave(t *testing.T) {
	var mu sync.Mutex
	lines := 0
	h := newHub(t, sleeping, Options{Patience: time.Second, Say: func(string) { mu.Lock(); lines++; mu.Unlock() }})
	here(t, h, sleeping)
	p, err := h.Open(bounded(t), 1, job("3ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	x := intrude(t, h)
	x.listens(h.down(x.stays(h, 100*time.Millisecond)), func(*nats.Msg) {})
	run := begin(t, p, 200)
	run.unanswered(199)
	before := runtime.NumGoroutine()
	most := before
	for range 300 {
		x.send(h.up("beat"), encode(beat{Node: 1, Leaving: true}))
		x.send(h.up("beat"), encode(beat{Node: 1}))
		time.Sleep(time.Millisecond) // or the Run does not see each of them
		most = max(most, runtime.NumGoroutine())
	}
	if most > before+50 {
		t.Errorf("%d goroutines, %d before", most, before)
	}
	mu.Lock()
	if lines > mostLines+20 {
		t.Errorf("%d lines, want about %d at most", lines, mostLines)
	}
	mu.Unlock()
	run.right()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// What is left out is said with the next line.
func TestSparing(t *testing.T) {
	var lines []string
	say := sparing(rate.NewLimiter(rate.Every(20*time.Millisecond), 3), func(line string) { lines = append(lines, line) })
	for range 10 {
		say("x")
	}
	until(t, "a line is said again", func() bool { say("y"); return lines[len(lines)-1] == "y" })
	if len(lines) < 5 || strings.Join(lines[:3], "") != "xxx" || !strings.HasSuffix(lines[3], " lines about nodes are left out") {
		t.Errorf("got %q", lines)
	}
}

// The text of a failure is shown without characters that act on a terminal, whether it is
// that of a task, of a panic, of an order or of a refusal.
func TestTextOfFailures(t *testing.T) {
	const odd, want = "no\x1b[2J\x07 room\n\ton it\u202e", "no?[2J? room\n\ton it?"
	for kind, ok := range map[string]func(error) bool{
		"error": func(err error) bool { return err.Error() == "task 2: "+want },
		"panic": func(err error) bool {
			p, is := errors.AsType[*pools.PanicError](err)
			return is && p.Value == want && string(p.Stack) == want
		},
	} {
		h, r := detached(4)
		h.onAnswer(encode(answer{Node: 1, Pool: 1, Run: 1, ID: 2, Fail: &failure{Task: 2, Kind: kind, Text: odd, Stack: []byte(odd)}}))
		if r.err == nil || !ok(r.err) {
			t.Errorf("%s: %q", kind, r.err)
		}
	}
	h := newHub(t, sleeping, Options{})
	x := intrude(t, h)
	id := x.stays(h, 100*time.Millisecond)
	x.listens(h.down(id), func(m *nats.Msg) { _ = m.Respond(encode(report{Err: odd})) })
	if _, err := h.order(bounded(t), id, order{Op: opOpen}); !contains(err, "open: "+want) {
		t.Errorf("an order: %q", err)
	}
	if got := shown(strings.Repeat("é", 10), 5); got != "éé\ufffd" {
		t.Errorf("cut text is %q", got)
	}
}

// A spec that cannot reach a node as it is is refused at once: one of which JSON makes too
// long a message, and one that is no text.
func TestSpecsThatCannotTravel(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	here(t, h, sleeping)
	for spec, want := range map[string]string{
		strings.Repeat("<", maxSpec):    "the Spec has 393218 bytes as JSON: at most 261120 are sent",
		strings.Repeat("\x01", maxSpec): "bytes as JSON",
		"dir=\xff":                      `the Spec "dir=\xff" is not UTF-8`,
	} {
		if p, err := h.Open(bounded(t), 1, job(spec), Shape{}); !contains(err, want) {
			t.Errorf("%.10q: Open: %v, want %s", spec, err, want)
			if err == nil {
				_ = p.Close()
			}
		}
	}
	longest := order{Op: opOpen, Spec: strings.Repeat("<", (maxMessage-maxOrder-2)/6), Queue: QueueGroup, Pool: math.MaxInt, Run: math.MaxUint64, Workers: math.MaxInt, Prefetch: math.MaxInt}
	if n := len(encode(longest)); n > maxMessage {
		t.Errorf("the longest order has %d bytes", n)
	}
}
