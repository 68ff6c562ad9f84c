package remote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// ErrLink is the error of an emulated link that is not as it is to be: other programs, or the
// machine below a virtual one, take the time that it is to keep.
var ErrLink = errors.New("the machine is too busy to emulate it")

// linkTries is how often a link is measured until it is as it is to be: another program
// that runs for a moment is no reason to refuse it.
const linkTries = 10

// MeasureLink is [Hub.Measure], and then compares an emulated link with what it is to be,
// several times if need be. It is called while no Run is under way.
func (h *Hub) MeasureLink(ctx context.Context, p *Pool) (m LogGP, err error) {
	for range linkTries {
		if m, err = h.Measure(ctx, p); err != nil {
			return m, err
		}
		if err = h.CheckLink(ctx, m); err == nil {
			break
		}
	}
	return m, err
}

// CheckLink compares the round trip that was measured with the one that the emulated
// link is to have. They may differ by a tenth, beside what the same messages take
// without the link. The error is [ErrLink], or that of measuring.
func (h *Hub) CheckLink(ctx context.Context, m LogGP) error {
	if h.o.Link.RTT == 0 {
		return nil
	}
	own, err := h.ownTrip(ctx)
	if err != nil {
		return fmt.Errorf("remote: measuring the way without the link: %w", err)
	}
	want := h.o.Link.RTT + 2*h.o.Link.takes(100)
	if off := m.RTT - want - own; off > want/10 || off < -want/10-own {
		return fmt.Errorf("remote: the emulated link has a round trip of %s, and was to have %s (and %s of its own): %w: close what else runs, or measure fewer nodes",
			short(m.RTT), short(want), short(own), ErrLink)
	}
	return nil
}

// ownTrip is the median round trip of a byte to another connection of this process: what
// a message to a node and back takes without the link, but for the node's process.
func (h *Hub) ownTrip(ctx context.Context) (time.Duration, error) {
	nc, _, err := h.access.connect("amdahl echo", h.options...)
	if err != nil {
		return 0, err
	}
	defer nc.Close()
	subject := nc.NewInbox()
	if _, err := nc.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond(m.Data) }); err != nil {
		return 0, err
	}
	if err := nc.Flush(); err != nil {
		return 0, err
	}
	var all []time.Duration
	for i := range trips + 1 {
		begin := time.Now()
		if _, err := h.nc.RequestWithContext(ctx, subject, []byte{probeByte}); err != nil {
			return 0, err
		}
		if i > 0 {
			all = append(all, time.Since(begin))
		}
	}
	return median(all), nil
}
