package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

// detached is a hub without a server, with a node and a pool that has a Run of ranges
// of one task each: what handlers of messages need.
func detached(tasks int) (*Hub, *run) {
	o := Options{Lease: time.Second}.complete()
	h := &Hub{program: sleeping, o: o, nodes: map[int]*node{}, tokens: map[string]int{}, pools: map[int]*Pool{}, changed: make(chan struct{})}
	h.session = "test"
	h.onHello(encode(sleeping.hello("token")), func(welcome) {})
	h.onBeat(encode(beat{Node: 1}))
	p := &Pool{hub: h, id: 1, workers: 2, lanes: map[int]int{1: 2}, usage: map[int]report{}}
	h.pools[1] = p
	r := p.begin(0, tasks)
	return h, r
}

// Whatever nodes send, the coordinator does not panic, counts no range twice, and ends
// a run only when all ranges have answered or one has failed; and an honest answer
// counts after all of that.
func FuzzMessages(f *testing.F) {
	a := answer{Node: 1, Pool: 1, Run: 1, ID: 2, Sum: 9, Busy: 5}
	f.Add(0, string(encode(a)))
	f.Add(0, `{"Node":1,"Pool":1,"Run":1,"ID":-1}`)
	f.Add(0, `{"Node":1,"Pool":1,"Run":1,"ID":3,"Busy":-9223372036854775808}`)
	f.Add(0, `{"Node":1,"Pool":1,"Run":1,"ID":0,"Fail":{"Task":99999,"Kind":"panic","Stack":"AAAA"}}`)
	f.Add(0, `{"Node":1,"Pool":1,"Run":18446744073709551615,"ID":1e99}`)
	f.Add(1, string(encode(beat{Node: 1, Held: []held{{1, 1, 0}, {1, 1, -5}}})))
	f.Add(1, `{"Node":1,"Leaving":true}`)
	f.Add(1, `{"Node":1,"Pools":[1,2,-3]}`)
	f.Add(2, string(encode(sleeping.hello("other"))))
	f.Add(2, `{"Version":1,"Build":"test","Catalogue":"sleep","Machine":[`+strings.Repeat(`"x",`, 200)+`"y"]}`)
	f.Add(2, `{"Version":1,"Build":"`+strings.Repeat("b", 5000)+`"}`)
	f.Add(3, "[[[[")
	f.Fuzz(func(t *testing.T, kind int, text string) {
		h, r := detached(4)
		before := h.nodes[1].Node
		for range 3 { // what is sent again counts once
			switch kind & 3 {
			case 0:
				h.onAnswer([]byte(text))
			case 1:
				h.onBeat([]byte(text))
			case 2:
				h.onHello([]byte(text), func(w welcome) {
					if len(w.Refused) > 4*maxLine+200 {
						t.Errorf("a refusal of %d bytes", len(w.Refused))
					}
				})
			default:
				h.onAnswer([]byte(text))
				h.onBeat([]byte(text))
				h.onHello([]byte(text), func(welcome) {})
			}
		}
		answered := 0
		for _, s := range r.ranges {
			if s.answered {
				answered++
			}
		}
		if answered > 1 || r.left != 4-answered || r.left < 4 && r.err != nil {
			t.Fatalf("one message answered %d ranges, %d are left, error %v", answered, r.left, r.err)
		}
		select {
		case <-r.end:
			if r.err == nil || len(r.err.Error()) > maxText+maxStack+1000 {
				t.Fatalf("the run ended early with %v", r.err)
			}
			return
		default:
		}
		if n := h.nodes[1]; n == nil || n.Host != before.Host || n.Pid != before.Pid {
			t.Fatal("the node is another one")
		}
		for id := range r.ranges {
			h.onAnswer(encode(answer{Node: 1, Pool: 1, Run: 1, ID: id, Sum: 1}))
		}
		select {
		case <-r.end:
		default:
			t.Fatalf("honest answers did not end the run: %d are left", r.left)
		}
	})
}

// However many nodes say hello, the hub keeps a bounded number, and an honest one gets
// in when others are lost.
func TestFloodOfHellos(t *testing.T) {
	h, _ := detached(1)
	refused := 0
	for i := range maxNodes + 100 {
		h.onBeat(encode(beat{Node: i + 1})) // those before are there
		h.onHello(encode(sleeping.hello(fmt.Sprint(i))), func(w welcome) {
			if w.Refused != "" {
				refused++
			}
		})
	}
	if len(h.nodes) != maxNodes || len(h.tokens) != maxNodes || refused != 101 {
		t.Errorf("%d nodes, %d tokens, %d refused, want %d, %d, 101", len(h.nodes), len(h.tokens), refused, maxNodes, maxNodes)
	}
	h.nodes[7].Lost = true
	h.onHello(encode(sleeping.hello("honest")), func(w welcome) {
		if w.Refused != "" {
			t.Errorf("the honest node is refused: %s", w.Refused)
		}
	})
}

// A node that has the token can only ask for work and report: it can neither give
// orders nor touch streams.
func TestNodeMayNot(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	here(t, h, sleeping)
	p, err := h.Open(bounded(t), 1, job("1ms"), Shape{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	x := intrude(t, h)
	for _, subject := range []string{
		h.everyNode(), h.down(1), h.work(1), "$JS.API.STREAM.DELETE." + h.stream(1), "$JS.API.STREAM.PURGE." + h.stream(1),
		"$JS.API.CONSUMER.DELETE." + h.stream(1) + "." + consumerName, "$JS.API.STREAM.CREATE.mine",
	} {
		x.send(subject, encode(order{Op: opQuit}))
		x.refused("write to " + subject)
	}
	rightNow(t, p, 10)
}

// A hostile node takes work and does not do it, acknowledges what others have, floods the
// coordinator with answers, and sends rubbish. An honest node does the work; the Run ends
// with the right sum.
func TestHostile(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: quickest, Patience: limit, Say: func(string) {}})
			here(t, h, sleeping)
			p, err := h.Open(bounded(t), 1, job("1ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			nc := intrude(t, h)
			ctx, cancel := context.WithCancel(bounded(t))
			ended := make(chan struct{})
			defer func() { cancel(); <-ended }()
			_, _ = nc.Subscribe("_INBOX.thief", func(m *nats.Msg) { // what it is given, it acknowledges or keeps
				if len(m.Data)%2 == 0 {
					_ = m.Respond([]byte("+ACK"))
				}
			})
			_, _ = nc.QueueSubscribe(h.work(1), "workers", func(*nats.Msg) {})
			go func() {
				defer close(ended)
				for i := 0; i < 40 && ctx.Err() == nil; i++ {
					_ = nc.PublishRequest(h.next(1), "_INBOX.thief", []byte("2"))
					_ = nc.Publish(h.up("beat"), []byte(`{"Node":1,"Held":null}`))
					_ = nc.Publish(h.answers(1), []byte(`{"Node":1,"Pool":1,"Run":99,"ID":0,"Sum":1}`))
					_ = nc.Publish(h.answers(1), []byte("}{"))
					_ = nc.Publish(h.up("hello"), make([]byte, maxMessage+1))
					time.Sleep(time.Millisecond)
				}
				_ = nc.Flush()
				nc.Close() // a thief that stays can be outlasted only by Patience
			}()
			rightNow(t, p, 60)
		})
	}
}

// quickest is a lease for tests in which ranges are lost again and again.
const quickest = 100 * time.Millisecond

// A report that is no JSON, or says too much, is an error and no crash.
func TestBadReport(t *testing.T) {
	h := newHub(t, sleeping, Options{})
	x := intrude(t, h)
	many := report{Counters: map[string]int64{}}
	for i := range maxCounters + 1 {
		many.Counters[fmt.Sprint(i)] = 1
	}
	text, err := json.Marshal(many)
	if err != nil {
		t.Fatal(err)
	}
	h.onHello(encode(sleeping.hello("x")), func(welcome) {})
	h.onBeat(encode(beat{Node: 1}))
	for bad, want := range map[string]string{
		"{":                             "its report cannot be read",
		strings.Repeat(" ", maxMessage): "its report cannot be read",
		string(text):                    "it reports 65 counters",
		`{"Err":"no"}`:                  "node 1: open: no",
		`{}`:                            "task 0 gives 0x0 there",
	} {
		sub := x.listens(h.down(1), func(m *nats.Msg) { _ = m.Respond([]byte(bad)) })
		p := &Pool{hub: h, id: 1, spec: "1ms", workers: 1, lanes: map[int]int{}, check: new(uint64)}
		*p.check = 3
		if err := p.take(bounded(t), 1, 1); !contains(err, want) {
			t.Errorf("%.40q: %v, want %s", bad, err, want)
		}
		_ = sub.Unsubscribe()
	}
}
