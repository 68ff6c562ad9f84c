package remote

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// JoinOptions are the parameters of [Join]. The zero value of all but Server is
// the default.
type JoinOptions struct {
	Server Access
	// Ready is called when the coordinator has taken the node.
	Ready func(node int)
	// Again joins the next coordinator when one has ended, until ctx ends or an error
	// comes that would come again: a coordinator that refuses, a wrong token. It has no
	// effect if the URL of Server ends with /once.
	Again bool
	// JoinTime bounds how long Join waits for a coordinator; 0 is one minute. With
	// Again it then begins anew.
	JoinTime time.Duration
	// Say is told in a line what happens. nil tells nobody.
	Say func(line string)
}

// errQuit is the cause when the coordinator tells the node to leave.
var errQuit = errors.New("remote: the coordinator has ended")

// ErrRefused is wrapped by the error of Join if the coordinator does not take this
// program.
var ErrRefused = errors.New("the coordinator refuses this node")

// Join makes this process a node: it connects to the server, joins the
// coordinator there and runs tasks, until the coordinator ends or ctx does. Then
// it cancels what runs, waits for it, and returns nil.
func Join(ctx context.Context, program Program, o JoinOptions) error {
	if o.Say == nil {
		o.Say = func(string) {}
	}
	if o.JoinTime == 0 {
		o.JoinTime = time.Minute
	}
	o.Again = o.Again && !o.Server.once()
	said := ""
	for {
		joined := false
		once := o
		once.Ready = func(node int) {
			joined = true
			if o.Ready != nil {
				o.Ready(node)
			}
		}
		err := joinOnce(ctx, program, once)
		if ctx.Err() != nil {
			return nil
		}
		if !o.Again || err != nil && (errors.Is(err, ErrRefused) || lasting(err)) {
			return err
		}
		line := "waiting for a coordinator at " + o.Server.Redacted()
		switch {
		case errors.Is(err, nats.ErrNoServers):
			line += ": nothing listens there"
		case err != nil:
			line += ": " + err.Error()
		}
		if joined || line != said { // the same is not said every second
			o.Say(line)
			said = line
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// joinOnce is Join for one coordinator.
func joinOnce(ctx context.Context, program Program, o JoinOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	w := &worker{program: program, ctx: ctx, quit: cancel, hosts: map[int]*hosting{}}
	nc, session, err := o.Server.connect("amdahl node", nats.ReconnectHandler(func(*nats.Conn) { w.renewAll() }))
	if err != nil {
		return err
	}
	defer nc.Close()
	w.nc, w.session = nc, session
	in, err := w.hello(ctx, o.JoinTime)
	if err != nil {
		return err
	}
	if in.Refused != "" {
		return fmt.Errorf("remote: %w: %s", ErrRefused, shown(in.Refused, maxText))
	}
	if !validHub(in.Hub) {
		return fmt.Errorf("remote: the coordinator's answer cannot be read: it is called %q", cut(in.Hub, maxLine))
	}
	w.hub = in.Hub
	w.id, w.lease = in.Node, min(max(in.Lease, 10*time.Millisecond), time.Hour)
	if err := w.listen(); err != nil {
		return err
	}
	w.beat(false)
	o.Say(fmt.Sprintf("joined %s as node %d", o.Server.Redacted(), w.id))
	if o.Ready != nil {
		o.Ready(w.id)
	}
	w.serve(ctx)
	return nil
}

// hello asks the coordinator to take this node, until one answers.
func (w *worker) hello(ctx context.Context, within time.Duration) (welcome, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	me := encode(w.program.hello(rand.Text()))
	for {
		try, end := context.WithTimeout(ctx, 2*time.Second)
		m, err := w.nc.RequestWithContext(try, w.up("hello"), me)
		end()
		if err == nil {
			in, err := decode[welcome](m.Data)
			if err != nil {
				return in, fmt.Errorf("remote: the coordinator's answer cannot be read: %w", err)
			}
			return in, nil
		}
		select {
		case <-ctx.Done():
			return welcome{}, fmt.Errorf("remote: no coordinator answers in session %q: start the measuring there first", w.session)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
