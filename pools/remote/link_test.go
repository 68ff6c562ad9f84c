package remote

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"amdahl/pools"
)

func TestParseLink(t *testing.T) {
	for _, tt := range []struct{ text, name string }{
		{"", ""},
		{"rtt=2ms", "2ms"},
		{"rtt=20ms,bw=100Mbit,loss=0.1%", "20ms+100Mbit+0.1%"},
		{"bw=1.5Gbit", "1.5Gbit"},
		{"rtt=150µs,bw=64kbit", "150µs+64kbit"},
		{"loss=2%", "2%"},
	} {
		l, err := ParseLink(tt.text)
		if err != nil || l.String() != tt.name || l.Text() != tt.text {
			t.Errorf("%q: got %q, %q, %v, want %q", tt.text, l, l.Text(), err, tt.name)
		}
	}
	for text, want := range map[string]string{
		"rtt=2":      "a time from 100µs to 10s",
		"rtt=1us":    "a time from 100µs",
		"rtt=1h":     "a time from",
		"bw=100":     "kbit, Mbit or Gbit",
		"bw=0Mbit":   "from 10kbit",
		"bw=NaNMbit": "from 10kbit",
		"loss=0.1":   "0% to 50%",
		"loss=60%":   "0% to 50%",
		"jitter=1ms": `"jitter=1ms": want rtt=, bw= or loss=`,
		"rtt=2ms,":   "want rtt=, bw= or loss=",

		"rtt=1ms,bw=1Mbit,rtt=2ms": "rtt=2ms: want one rtt=",
	} {
		if _, err := ParseLink(text); !contains(err, want) || !contains(err, "as in rtt=2ms,bw=100Mbit,loss=0.1%") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// through sends bytes through a link to a server that sends them back, and returns what
// came and how long it took.
func through(t *testing.T, link Link, data []byte) ([]byte, time.Duration) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer l.Close()
	wg.Go(func() {
		if c, err := l.Accept(); err == nil {
			_, _ = io.Copy(c, c)
			c.Close()
		}
	})
	r, err := newRelay(link, l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	c, err := net.Dial("tcp", r.addr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	begin := time.Now()
	if _, err := c.Write(data); err != nil {
		t.Fatal(err)
	}
	back := make([]byte, len(data))
	if _, err := io.ReadFull(c, back); err != nil {
		t.Fatal(err)
	}
	return back, time.Since(begin)
}

// A link changes no byte, and is never faster than it is to be.
func TestLink(t *testing.T) {
	for _, tt := range []struct {
		link  Link
		bytes int
		least time.Duration
	}{
		{Link{RTT: 3 * time.Millisecond}, 1, 3 * time.Millisecond},
		{Link{RTT: time.Millisecond, Bits: 8e6}, 20_000, time.Millisecond + 20*time.Millisecond},
		{Link{Loss: 0.5}, 20_000, 200 * time.Millisecond}, // of 14 packets one is lost
	} {
		data := bytes.Repeat([]byte("amdahl"), tt.bytes/6+1)[:tt.bytes]
		got, took := through(t, tt.link, data)
		if !bytes.Equal(got, data) || took < tt.least {
			t.Errorf("%s: %d bytes took %v, the same bytes %v: want at least %v", tt.link, tt.bytes, took, bytes.Equal(got, data), tt.least)
		}
	}
}

// The lateness of a link follows the median of the newest round trips, from 0 to a quarter of
// the round trip that it is to have.
func TestLateness(t *testing.T) {
	c, err := newLateness(Link{RTT: 3 * time.Millisecond, Loss: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	c.close()
	if got := c.now(); got < 0 || got > 3*time.Millisecond/4 || len(c.found) == 0 {
		t.Errorf("measured: got %v of %v", got, c.found)
	}
	c = &lateness{link: Link{RTT: 2 * time.Millisecond, Bits: 8e6}} // a byte takes 1 µs
	for _, tt := range []struct{ trip, want time.Duration }{
		{2202 * time.Microsecond, 100 * time.Microsecond},
		{2502 * time.Microsecond, 100 * time.Microsecond}, // the lower one of two
		{2302 * time.Microsecond, 150 * time.Microsecond},
		{time.Second, 150 * time.Microsecond},
	} {
		if c.took(tt.trip); c.now() != tt.want {
			t.Errorf("after %v: got %v, want %v", tt.trip, c.now(), tt.want)
		}
	}
	for range probesKept {
		c.took(time.Second)
	}
	if c.now() != 500*time.Microsecond {
		t.Errorf("of very late ones: got %v, want a quarter of 2ms", c.now())
	}
	for range probesKept {
		c.took(0)
	}
	if c.now() != 0 || (*lateness)(nil).now() != 0 {
		t.Errorf("of early ones: got %v, want 0", c.now())
	}
	if none, err := newLateness(Link{Bits: 1e6}); none != nil || err != nil {
		t.Errorf("without a round trip: got %v, %v, want none", none, err)
	}
}

// Workers behind a link in a process of its own give the right sum, and the link is
// measured with its round trip.
func TestBehindLink(t *testing.T) {
	link := Link{RTT: 5 * time.Millisecond}
	h := newHub(t, sleeping, Options{Link: link, Helper: pools.StartHelper, Start: startSleeping})
	p, err := h.Open(bounded(t), 2, job("1ms"), Shape{Prefetch: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if got, err := p.Run(bounded(t), 0, 20); err != nil || got != sumOf(20) {
		t.Errorf("Run = %d, %v, want %d", got, err, sumOf(20))
	}
	m, err := h.Measure(bounded(t), p)
	if err != nil || m.RTT < 4*time.Millisecond || m.L <= 0 || m.O <= 0 || m.Gap < m.O || m.PerByte < 0 {
		t.Errorf("Measure = %v, %v, want a round trip of 5ms", m, err)
	}
	slow := m
	slow.RTT = 50 * time.Millisecond
	if err := h.CheckLink(bounded(t), slow); !errors.Is(err, ErrLink) || !contains(err, "round trip of 50ms, and was to have 5ms") {
		t.Errorf("CheckLink: %v, want a refusal", err)
	}
}

// A link that is cut in the middle of a Run loses nothing.
func TestCut(t *testing.T) {
	for _, queue := range Queues {
		t.Run("queue="+queue, func(t *testing.T) {
			h := newHub(t, sleeping, Options{Lease: 300 * time.Millisecond, Patience: limit, Link: Link{RTT: time.Millisecond}, Say: func(string) {}})
			here(t, h, sleeping)
			here(t, h, sleeping)
			p, err := h.Open(bounded(t), 2, job("1ms"), Shape{Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			sum := make(chan uint64, 1)
			go func() {
				got, err := p.Run(bounded(t), 0, 100)
				if err != nil {
					t.Errorf("Run: %v", err)
				}
				sum <- got
			}()
			for range 3 {
				time.Sleep(10 * time.Millisecond)
				h.relay.cut()
			}
			if got := <-sum; got != sumOf(100) {
				t.Errorf("Run = %d, want %d", got, sumOf(100))
			}
		})
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 1: "1ns", 1234: "1.23µs", 98765: "98.8µs", 20_012_345: "20ms", 1_234_567_890: "1.23s"} {
		if got := short(d); got != want {
			t.Errorf("short(%d) = %s, want %s", d, got, want)
		}
	}
}
