package cores

import "context"

// A State is what a task does at a moment. It is in one at a time.
type State uint8

const (
	Waiting   State = iota // for anything outside: a timer, a disk, a server
	Computing              // inside a section of compute
	Queued                 // it would compute, and waits for a core or the interpreter lock
	Locked                 // it waits for the planted lock
)

// A Probe is told of one task when it enters a state. Calls come from the
// goroutine that runs the task, or while it stands still.
type Probe interface {
	Enter(State)
}

// A WorkProbe is a [Probe] that is also told when the work of a section is
// done. A slow core then sleeps off its debt, still Computing and in the same
// thread.
type WorkProbe interface {
	Probe
	Worked()
}

type probeKey struct{}

// WithProbe is a ctx for one task, which [Watched] cores and a planted lock
// tell of its states. The task begins Waiting.
func WithProbe(ctx context.Context, p Probe) context.Context {
	return context.WithValue(ctx, probeKey{}, p)
}

// ProbeOf is the probe that ctx carries, or one that is told in vain.
func ProbeOf(ctx context.Context) Probe {
	if p, ok := ctx.Value(probeKey{}).(Probe); ok {
		return p
	}
	return deaf{}
}

type deaf struct{}

func (deaf) Enter(State) {}

// Watched is c, with the probe of each ctx told when its task begins to wait
// for a core, when it computes and when it no longer does. What a slow core
// sleeps off belongs to the section. It finds the probe once a section, in
// some nanoseconds; cores that are not watched pay nothing.
func Watched(c Cores) Cores { return watched{c} }

type watched struct{ Cores }

func (w watched) Compute(ctx context.Context, f func()) error {
	p := ProbeOf(ctx)
	p.Enter(Queued)
	defer p.Enter(Waiting)
	return w.Cores.Compute(ctx, func() {
		p.Enter(Computing)
		f()
		if w, ok := p.(WorkProbe); ok {
			w.Worked()
		}
	})
}

func (w watched) Yield(ctx context.Context) {
	p := ProbeOf(ctx)
	p.Enter(Queued)
	w.Cores.Yield(ctx)
	p.Enter(Computing)
}
