package remote

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Link is what a network between a node and the server would add to the loopback
// of this machine. It is emulated by a relay in user space, because not every
// kernel can do it (Linux's netem is a module that many lack). The zero value is
// no relay.
type Link struct {
	RTT  time.Duration // added to every round trip, half of it each way; at least 100 µs, 0 is none
	Bits float64       // bits per second each way; 0 is as fast as the machine
	Loss float64       // share of packets that are lost, from 0 to below 1
}

// packet is how many bytes of a connection one packet carries: an Ethernet frame
// without its headers.
const packet = 1448

// least is the shortest round trip that is emulated: less is lost in what it costs to
// wake a thread.
const leastRTT = 100 * time.Microsecond

// mostRTT is the longest.
const mostRTT = 10 * time.Second

// retransmission is how long a connection stalls for a lost packet: the least time
// after which TCP sends again. Source: RFC 6298, with the 200 ms that Linux has for
// its one second (TCP_RTO_MIN).
func (l Link) retransmission() time.Duration { return max(200*time.Millisecond, 2*l.RTT) }

// ParseLink reads rtt=2ms,bw=100Mbit,loss=0.1%. Each part can be left out; "" is no
// link.
func ParseLink(text string) (l Link, err error) {
	if text == "" {
		return l, nil
	}
	fail := func(part, want string) (Link, error) {
		return Link{}, fmt.Errorf("remote: link %q: %s: want %s, as in rtt=2ms,bw=100Mbit,loss=0.1%%", text, part, want)
	}
	given := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		key, value, _ := strings.Cut(part, "=")
		if given[key] {
			return fail(part, "one "+key+"=")
		}
		given[key] = true
		switch key {
		case "rtt":
			if l.RTT, err = time.ParseDuration(value); err != nil || l.RTT < leastRTT || l.RTT > mostRTT {
				return fail(part, fmt.Sprintf("a time from %v to %v", leastRTT, mostRTT))
			}
		case "bw":
			n, unit := value, 1.0
			for suffix, factor := range map[string]float64{"kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9} {
				if digits, ok := strings.CutSuffix(value, suffix); ok {
					n, unit = digits, factor
				}
			}
			if l.Bits, err = strconv.ParseFloat(n, 64); err != nil || unit == 1 || !(l.Bits*unit >= 1e4) || l.Bits*unit > 1e12 {
				return fail(part, "kbit, Mbit or Gbit a second, from 10kbit")
			}
			l.Bits *= unit
		case "loss":
			percent, ok := strings.CutSuffix(value, "%")
			if l.Loss, err = strconv.ParseFloat(percent, 64); err != nil || !ok || !(l.Loss >= 0 && l.Loss <= 50) {
				return fail(part, "0% to 50%")
			}
			l.Loss /= 100
		default:
			return fail(strconv.Quote(part), "rtt=, bw= or loss=")
		}
	}
	return l, nil
}

// String writes the link as a value in the name of a benchmark: 2ms+100Mbit+0.1%.
func (l Link) String() string {
	var parts []string
	if l.RTT > 0 {
		parts = append(parts, l.RTT.String())
	}
	if l.Bits > 0 {
		parts = append(parts, l.bandwidth())
	}
	if l.Loss > 0 {
		parts = append(parts, strconv.FormatFloat(math.Round(l.Loss*1e6)/1e4, 'g', -1, 64)+"%")
	}
	return strings.Join(parts, "+")
}

func (l Link) bandwidth() string {
	for _, u := range []struct {
		suffix string
		factor float64
	}{{"Gbit", 1e9}, {"Mbit", 1e6}} {
		if l.Bits >= u.factor {
			return strconv.FormatFloat(l.Bits/u.factor, 'g', -1, 64) + u.suffix
		}
	}
	return strconv.FormatFloat(l.Bits/1e3, 'g', -1, 64) + "kbit"
}

// Text writes the link as ParseLink reads it.
func (l Link) Text() string {
	var parts []string
	if l.RTT > 0 {
		parts = append(parts, "rtt="+l.RTT.String())
	}
	if l.Bits > 0 {
		parts = append(parts, "bw="+l.bandwidth())
	}
	if l.Loss > 0 {
		parts = append(parts, "loss="+strconv.FormatFloat(math.Round(l.Loss*1e6)/1e4, 'g', -1, 64)+"%")
	}
	return strings.Join(parts, ",")
}

// takes is how long a link is busy with n bytes.
func (l Link) takes(n int) time.Duration {
	if l.Bits == 0 {
		return 0
	}
	return time.Duration(float64(n) * 8 / l.Bits * 1e9)
}
