package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// alone refuses a session that another coordinator has. Its request is the first of
// the connection, which starts what all requests share.
func (h *Hub) alone() error {
	m, err := h.nc.Request(h.up("who"), nil, 500*time.Millisecond)
	if err == nil {
		who, _ := decode[identity](m.Data)
		return fmt.Errorf("remote: %q is measuring in session %q of this server: give another session, as in nats://host:4222/mine", printable(who.Host), h.session)
	}
	if errors.Is(err, nats.ErrNoResponders) || errors.Is(err, nats.ErrTimeout) {
		return nil
	}
	return fmt.Errorf("remote: %w", err)
}

// sweep removes work queues that a coordinator of this session has left on the server,
// because it was killed. That it may not is no error.
func (h *Hub) sweep() {
	if h.server != nil && h.o.Dir == "" {
		return // it has just begun
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	names := h.js.StreamNames(ctx, jetstream.WithStreamListSubject(h.anyWork()))
	for name := range names.Name() {
		if strings.HasPrefix(name, "amdahl_"+h.session+"_") {
			_ = h.js.DeleteStream(ctx, name)
		}
	}
}
