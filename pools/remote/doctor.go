package remote

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// identity is what a coordinator says of itself to who asks.
type identity struct {
	Host, Build, Catalogue string
	Version                int
	Now                    time.Time
}

func (p Program) identity() identity {
	h := p.hello("")
	return identity{Host: h.Host, Build: h.Build, Catalogue: h.Catalogue, Version: h.Version, Now: time.Now()}
}

// Examine writes what can be known of a NATS server before measuring over it: whether
// it can be reached, versions, JetStream, the round trip, the difference of the clocks, and
// whether a coordinator is there that would take this program. It returns an error if
// measuring could not work.
func Examine(ctx context.Context, program Program, a Access, w io.Writer) error {
	out := func(key, format string, args ...any) { fmt.Fprintf(w, "%-12s %s\n", key, fmt.Sprintf(format, args...)) }
	me := program.hello("")
	out("this program", "protocol version %d, %s, catalogue %s", me.Version, me.Build, me.Catalogue)
	begin := time.Now()
	denied := make(chan error, 1)
	nc, session, err := a.connect("amdahl doctor", nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		select {
		case denied <- err:
		default:
		}
	}))
	if err != nil {
		return err
	}
	defer nc.Close()
	out("reachable", "yes, in %s: %s", short(time.Since(begin)), a.Redacted())
	encrypted := "not encrypted"
	if nc.TLSRequired() {
		encrypted = "encrypted"
	}
	out("server", "nats-server %s, %s, messages to %d bytes", printable(nc.ConnectedServerVersion()), encrypted, nc.MaxPayload())
	if nc.MaxPayload() < maxMessage {
		return fmt.Errorf("remote: the server takes messages of up to %d bytes, and %d are needed: raise max_payload in its configuration", nc.MaxPayload(), maxMessage)
	}
	var trips []time.Duration
	for range 21 {
		d, err := nc.RTT()
		if err != nil {
			return fmt.Errorf("remote: the round trip: %w", err)
		}
		trips = append(trips, d)
	}
	out("round trip", "%s to the server and back, median of %d", short(median(trips)), len(trips))
	known := serverClock(ctx, nc, denied, out)
	return coordinatorAt(ctx, nc, program, session, known, out)
}

// answerTime is how long the server and the coordinator may take to answer. One that is not
// there is known at once.
const answerTime = 10 * time.Second

// serverClock writes whether there is JetStream, and by how much the server's clock is
// ahead. It needs a stream for that, which it removes. It reports whether the clock is known.
func serverClock(ctx context.Context, nc *nats.Conn, denied <-chan error, out func(key, format string, args ...any)) (known bool) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	ended := make(chan struct{})
	go func() { // nobody replies to what is not permitted
		defer close(ended)
		select {
		case <-denied:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(); <-ended }()
	js, err := jetstream.New(nc)
	if err != nil {
		out("jetstream", "no: %v", err)
		return false
	}
	name := "amdahl_doctor_" + rand.Text()
	s, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{name}, Storage: jetstream.MemoryStorage, MaxMsgs: 1})
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		out("jetstream", "no: -queue pull needs it: start the server with nats-server -js")
		return false
	case errors.Is(err, context.Canceled): // because it was denied
		out("jetstream", "not visible with these rights (a node needs no more)")
		return false
	case err != nil:
		out("jetstream", "not known: %v", err)
		return false
	}
	out("jetstream", "yes")
	before := time.Now()
	info, err := s.Info(ctx)
	after := time.Now()
	if known = err == nil && !info.TimeStamp.IsZero(); known {
		out("clocks", "%s", difference("the server's", before, info.TimeStamp, after))
	}
	_ = js.DeleteStream(ctx, name)
	return known
}

// difference says by how much a clock is ahead of this one. It was read between two
// times of this one.
func difference(whose string, before, there, after time.Time) string {
	half := after.Sub(before) / 2
	ahead := there.Sub(before.Add(half)).Round(time.Microsecond)
	word := "ahead"
	if ahead < 0 {
		ahead, word = -max(ahead, -math.MaxInt64), "behind" // Sub ends at 292 years
	}
	by := short(ahead)
	switch hours := ahead.Hours(); {
	case hours >= 48:
		by = fmt.Sprintf("%.0f days", hours/24)
	case hours >= 2:
		by = fmt.Sprintf("%.1f hours", hours)
	}
	return fmt.Sprintf("%s is %s %s, give or take %s", whose, by, word, short(half))
}

// coordinatorAt writes whether a coordinator is there, by how much its clock is ahead, and
// whether it would take this program. known says that a clock was compared before.
func coordinatorAt(ctx context.Context, nc *nats.Conn, program Program, session string, known bool, out func(key, format string, args ...any)) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	before := time.Now()
	m, err := nc.RequestWithContext(ctx, subjects{session: session}.up("who"), nil)
	after := time.Now()
	if err != nil {
		out("coordinator", "none in session %q", session)
		if !known {
			out("clocks", "not compared: a coordinator says its time, and JetStream")
		}
		return nil
	}
	who, err := decode[identity](m.Data)
	if err != nil {
		return fmt.Errorf("remote: the coordinator's answer cannot be read: %w", err)
	}
	out("coordinator", "%s in session %q, protocol version %d, %s", printable(who.Host), session, who.Version, printable(who.Build))
	out("clocks", "%s", difference("the coordinator's", before, who.Now, after))
	mine := program
	mine.Build, mine.Catalogue = who.Build, who.Catalogue
	me := program.hello("")
	if who.Version != Version {
		return fmt.Errorf("remote: the coordinator has protocol version %d and this program %d: use the same build on both", who.Version, Version)
	}
	if why := mine.refuses(me); why != "" {
		return fmt.Errorf("remote: the coordinator would refuse this program: %s", why)
	}
	out("build", "the same: %s", me.Build)
	return nil
}
