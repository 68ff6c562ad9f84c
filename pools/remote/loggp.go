package remote

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A LogGP is the cost of messages between the coordinator and a node, over the
// server:
//
//	L  latency: the time a message is on its way, without o at both ends
//	o  overhead: the time that a process spends on a message
//	g  gap: the least time between messages of one sender, one after another
//	G  gap per byte: the same for each byte of a long message
//
// A round trip of short messages takes 2L + 4o, and a message of n bytes takes
// (n−1)G more than one of a byte.
//
// Source: A. Alexandrov, M. F. Ionescu, K. E. Schauser, C. Scheiman, LogGP:
// incorporating long messages into the LogP model, SPAA 1995.
type LogGP struct {
	L, O, Gap time.Duration
	PerByte   float64       // G, in ns
	RTT       time.Duration // the median round trip of one byte
}

// String writes the parameters as a configuration line has them.
func (m LogGP) String() string {
	return fmt.Sprintf("L=%s o=%s g=%s G=%.3gns/B rtt=%s", short(m.L), short(m.O), short(m.Gap), m.PerByte, short(m.RTT))
}

// short is a time with three digits.
func short(d time.Duration) string {
	if d <= 0 {
		return "0s"
	}
	unit := time.Duration(math.Pow(10, math.Floor(math.Log10(float64(d)))-2))
	return d.Round(max(1, unit)).String()
}

// mostMeasured is how many nodes of a pool are measured: they are alike, or the first
// ones tell enough.
const mostMeasured = 2

// What is measured: this many round trips of a byte, messages in a row, and sizes of
// long messages, up to what the server takes. A size is left out where the one before it
// took too long.
const (
	trips      = 15
	rowLength  = 500
	longEnough = 250 * time.Millisecond
)

var probeSizes = []int{1 << 10, 32 << 10, maxProbe}

// Measure measures the messages between the coordinator and the first two nodes of the
// pool, and returns what it is for the one with the longer round trip. It is called while no Run is under way.
func (h *Hub) Measure(ctx context.Context, p *Pool) (LogGP, error) {
	var worst LogGP
	for i, id := range p.members() {
		if i == mostMeasured {
			break
		}
		m, err := h.measure(ctx, id)
		if err != nil {
			return LogGP{}, err
		}
		if m.RTT > worst.RTT {
			worst = m
		}
	}
	return worst, nil
}

// trip is the time of one round trip with so many bytes to the node and one back.
func (h *Hub) trip(ctx context.Context, node, bytes int) (time.Duration, error) {
	data := make([]byte, bytes)
	data[0] = probeByte
	ctx, cancel := context.WithTimeout(ctx, h.o.Patience)
	defer cancel()
	begin := time.Now()
	_, err := h.nc.RequestWithContext(ctx, h.down(node), data)
	if err != nil {
		return 0, fmt.Errorf("remote: measuring the link to node %d: %w", node, err)
	}
	return time.Since(begin), nil
}

func (h *Hub) measure(ctx context.Context, node int) (m LogGP, err error) {
	var all []time.Duration
	for i := range trips + 1 {
		d, err := h.trip(ctx, node, 1)
		if err != nil {
			return m, err
		}
		if i > 0 { // the first one wakes everybody
			all = append(all, d)
		}
	}
	m.RTT = median(all)

	// A row of messages, of which the last is answered. What the sender spends on
	// one is its overhead; what one more adds to the whole is the gap.
	data := []byte{probeByte, 0, 0, 0}
	begin := time.Now()
	for range rowLength {
		if err := h.nc.Publish(h.down(node), data); err != nil {
			return m, fmt.Errorf("remote: measuring the link to node %d: %w", node, err)
		}
	}
	sent := time.Since(begin)
	if _, err := h.trip(ctx, node, len(data)); err != nil {
		return m, err
	}
	whole := time.Since(begin)
	m.O = sent / rowLength
	m.Gap = max(m.O, (whole-m.RTT)/rowLength)
	m.L = max(0, m.RTT/2-2*m.O)

	for _, size := range probeSizes {
		size = min(size, int(h.nc.MaxPayload())) // a server that exists may take less
		var long []time.Duration
		for range 3 {
			d, err := h.trip(ctx, node, size)
			if err != nil {
				return m, err
			}
			long = append(long, d)
		}
		m.PerByte = max(0, float64(median(long)-m.RTT)/float64(size-1))
		if median(long) > longEnough {
			break
		}
	}
	return m, nil
}

// median is the middle one, the lower of two; 0 of none.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	s := slices.Clone(all)
	slices.Sort(s)
	return s[(len(s)-1)/2]
}

// replaceHost is the URL with another host and port.
func replaceHost(server, addr string) string {
	scheme, rest, _ := strings.Cut(server, "://")
	user, _, found := strings.Cut(rest, "@")
	if found {
		return scheme + "://" + user + "@" + addr
	}
	return scheme + "://" + addr
}

// hostOf is the host and port of a URL.
func hostOf(server string) string {
	_, rest, _ := strings.Cut(server, "://")
	if _, host, ok := strings.Cut(rest, "@"); ok {
		rest = host
	}
	host, _, _ := strings.Cut(rest, "/")
	if u := (&url.URL{Host: host}); u.Port() == "" { // an IPv6 address has colons too
		host = net.JoinHostPort(u.Hostname(), "4222")
	}
	return host
}
