package remote

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"amdahl/pools"
)

// The longest message of every kind fits into the limit, and one byte more than the
// limit is refused.
func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	wide := hello{Version: math.MaxInt, Build: long(maxLine), Catalogue: long(maxLine), Host: long(maxLine), System: long(maxLine), Pid: math.MaxInt, Procs: math.MaxInt, Token: long(maxLine)}
	for range maxLines {
		wide.Machine = append(wide.Machine, long(maxLine))
	}
	sign := beat{Node: math.MaxInt32}
	for range maxHeld {
		sign.Held = append(sign.Held, held{Pool: math.MaxInt32, Run: math.MaxUint64, ID: math.MaxInt32})
	}
	for range 100 {
		sign.Pools = append(sign.Pools, math.MaxInt32)
	}
	used := report{Err: long(maxText), CPU: math.MaxInt64, Counters: map[string]int64{}, Check: math.MaxUint64}
	for i := range maxCounters {
		used.Counters[strings.Repeat("x", maxUnit-2)+string(rune('a'+i/26))+string(rune('a'+i%26))] = math.MinInt64
	}
	failed := answer{Node: math.MaxInt32, Run: math.MaxUint64, Busy: math.MinInt64, Fail: &failure{Task: math.MaxInt, Kind: "panic", Text: long(maxText), Stack: []byte(long(maxStack))}}
	for name, m := range map[string]any{
		"hello": wide, "beat": sign, "report": used, "answer": failed,
		"order":   order{Op: opOpen, Spec: long(maxSpec), Queue: long(maxLine)},
		"welcome": welcome{Hub: long(64), Refused: long(4*maxLine + 200)},
		"work":    work{Pool: math.MaxInt, Run: math.MaxUint64, ID: math.MaxInt, Lo: math.MinInt, Hi: math.MaxInt},
	} {
		if n := len(encode(m)); n > maxMessage {
			t.Errorf("the longest %s has %d bytes, and at most %d are read", name, n, maxMessage)
		}
	}
	for _, text := range []string{long(maxText), "\x00" + long(maxText), strings.Repeat("\"", maxText), strings.Repeat("\x01", maxText)} {
		failed.Fail.Text = text
		if n := len(encode(failed)); n > maxMessage {
			t.Errorf("a failure with the text %.3q… has %d bytes", text, n)
		}
	}
	data := []byte(`{"Node":1}` + strings.Repeat(" ", maxMessage))
	if _, err := decode[beat](data[:maxMessage]); err != nil {
		t.Errorf("a message of the longest length: %v", err)
	}
	if _, err := decode[beat](data[:maxMessage+1]); !contains(err, "a message of 262145 bytes: at most 262144 are read") {
		t.Errorf("a longer one: %v", err)
	}
}

// A message that is longer than the server takes ends the connection of who sends it, and
// nothing else.
func TestTooLongForServer(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	here(t, h, sleeping)
	p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	x := intrude(t, h)
	for _, size := range []int{maxMessage + 1, 2 << 20} {
		x.send(h.answers(1), make([]byte, size))
	}
	if err := x.Publish(h.answers(1), make([]byte, 3<<20)); err != nats.ErrMaxPayload {
		t.Errorf("3 MiB: %v, want %v", err, nats.ErrMaxPayload)
	}
	rightNow(t, p, 10)
}

// The unit of a counter becomes that of a metric, for which the testing package panics if
// it has a space; that of a time would be taken for the time of the benchmark.
func TestUnitsOfNodes(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	x := intrude(t, h)
	h.onHello(encode(sleeping.hello("x")), func(welcome) {})
	h.onBeat(encode(beat{Node: 1}))
	reply := make(chan report, 1)
	x.listens(h.down(1), func(m *nats.Msg) { _ = m.Respond(encode(<-reply)) })
	for unit, ok := range map[string]bool{
		"slept-ns": true, "instructions": true, "moved-bytes": true,
		"": false, "a b": false, "a\tb": false, "ns": false, "allocs": false, "B": false, "a/op": false, strings.Repeat("x", maxUnit+1): false, "\x1b[2J": false,
	} {
		reply <- report{Counters: map[string]int64{unit: 1}}
		_, err := h.order(bounded(t), 1, order{Op: opUsage, Pool: 1})
		if ok && err != nil || !ok && !contains(err, "it reports a counter of") {
			t.Errorf("%q: %v, want it taken: %v", unit, err, ok)
		}
	}
}

// A node that has the token cannot listen to what the coordinator is told, and replies only
// to what it was asked.
func TestNodeMayNotListen(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	x := intrude(t, h)
	for _, subject := range []string{">", "_HUB.>", "_HUB." + h.hub + ".>", h.up("answer.*"), h.up("hello"), "$JS.>", "amdahl.other.down.>"} {
		x.listens(subject, func(*nats.Msg) {})
		x.refused("listen to " + subject)
	}
	for _, subject := range []string{"_HUB." + h.hub + ".x", "_INBOX.somebody.x"} {
		x.send(subject, []byte("{}"))
		x.refused("write to " + subject)
	}
}

// What a node says of itself is shown without characters that would act on a terminal.
func TestNamesOfNodes(t *testing.T) {
	lines := make(chan string, 10)
	h := newHub(t, sleeping, Options{Say: func(line string) { lines <- line }})
	odd := sleeping.hello("x")
	odd.Host, odd.System, odd.Machine = "my laptop\n\x1b[2J\u202e", "Ünix", []string{"cpu: \x07"}
	h.onHello(encode(odd), func(welcome) {})
	h.onBeat(encode(beat{Node: 1}))
	if line := <-lines; !strings.Contains(line, "my laptop??[2J?, Ünix") {
		t.Errorf("got %q", line)
	}
	odd.Build = "\x1b[2J" + strings.Repeat("b", 1000)
	h.onHello(encode(odd), func(welcome) {})
	if line := <-lines; strings.ContainsAny(line, "\x1b\n") || len(line) > 4*maxLine+200 {
		t.Errorf("got %q", line)
	}
	if got := h.Nodes()[0].Machine; len(got) != 1 || got[0] != "cpu: ?" {
		t.Errorf("machine %q", got)
	}
}

// FuzzOrders sends messages to a node: whatever comes, it does not panic, opens nothing
// that its catalogue has not, and can be ended.
func FuzzOrders(f *testing.F) {
	for kind := range 4 {
		f.Add(kind, string(encode(order{Op: opOpen, Pool: 2, Spec: "ok", Queue: Request, Workers: 3, Prefetch: 1})))
	}
	f.Add(0, string(encode(order{Op: opOpen, Pool: 1, Spec: "rm -rf /", Queue: Pull, Workers: 1})))
	f.Add(0, `{"Op":"open","Pool":-1,"Workers":-1,"Prefetch":99999999}`)
	f.Add(0, `{"Op":"stop","Pool":1,"Run":18446744073709551615}`)
	f.Add(0, `{"Op":"usage","Pool":1}`)
	f.Add(0, `{"Op":"renew","Pool":1}`)
	f.Add(0, `{"Op":"close","Pool":1}`)
	f.Add(0, `{"Op":"quit"}`)
	f.Add(0, `{"Op":"dance"}`)
	f.Add(0, `{"Pool":1,"Run":2,"ID":3,"Lo":-5,"Hi":9223372036854775807}`)
	f.Add(1, `{"Pool":1,"Run":1,"ID":0,"Lo":0,"Hi":4}`)
	f.Add(2, "")
	f.Add(3, `{"Hub":"../..","Node":-1,"Lease":-1}`)
	f.Fuzz(func(t *testing.T, kind int, text string) {
		ctx, quit := context.WithCancelCause(context.Background())
		defer quit(nil)
		p := Program{Open: func(_ context.Context, spec string) (pools.Task, error) {
			if spec != "ok" {
				return nil, context.Canceled
			}
			return &sleep{}, nil
		}}
		w := &worker{program: p, ctx: ctx, quit: quit, hosts: map[int]*hosting{}, id: 1, lease: time.Hour}
		_ = w.open(order{Op: opOpen, Pool: 1, Spec: "ok", Queue: Request, Workers: 2}) // without a connection it says so, and stays
		if w.host(1) == nil {
			t.Fatal("the pool is not open")
		}
		m := &nats.Msg{Data: []byte(text)}
		for range 2 {
			switch kind & 3 {
			case 0:
				w.onDown(m)
			case 1, 2:
				if h := w.host(1); h != nil {
					h.onWork(0, m, kind&3 == 2)
					h.keep()
				}
			default:
				if in, err := decode[welcome](m.Data); err == nil && validHub(in.Hub) && strings.ContainsAny(in.Hub, ".*> ") {
					t.Errorf("%q is taken for the name of a coordinator", in.Hub)
				}
				if who, err := decode[identity](m.Data); err == nil {
					_ = difference("x", time.Now(), who.Now, time.Now())
				}
			}
		}
		ended := make(chan struct{})
		go func() { defer close(ended); quit(nil); w.serve(ctx) }()
		select {
		case <-ended:
		case <-time.After(limit):
			t.Fatal("the node does not end")
		}
	})
}
