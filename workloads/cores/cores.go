// Package cores says what the compute part of a task runs on.
//
// A workload marks its compute with [Cores.Compute]; everything outside it
// is waiting. The model decides what a section of compute may use: real
// processors, one interpreter lock, or slow processors of which a small
// machine has many.
package cores

import "context"

// Cores is what the compute of one process runs on. Compute may be called
// from many goroutines at once. Whoever opened the Cores closes it, after
// the last Compute has returned.
type Cores interface {
	// Compute runs f, which must not wait for anything, on one core. It
	// returns an error, without having run f, only if ctx ends before a core
	// is free.
	Compute(ctx context.Context, f func()) error

	// Yield is called inside of f, about every millisecond, with the ctx of
	// its Compute: here another
	// section may take over for a while. A section that never calls it keeps
	// its core until it ends.
	Yield(ctx context.Context)

	Close() error
}

// A Model is one entry of [All]: a name for cores=, and how to open it.
type Model struct {
	Name string // as in cores=real
	Doc  string // one line

	// Slowdown is how many times slower than a real processor each core is;
	// 0 where cores are real.
	Slowdown int
	// One says that all sections of a process exclude each other.
	One bool

	// Count is how many cores there are, where the model says so; 0 leaves it to
	// whoever opens them.
	Count int
	// Speed is how many base cores n cores are worth, where some are faster than
	// 1/Slowdown of a real processor; nil is n.
	Speed func(n int) float64

	// Open makes cores of which n compute at a time; 0 sets no bound. Where
	// more want to, they take turns in the order in which they came.
	Open func(n int) (Cores, error)
}

// All lists the models. To add one, write one file and one line here.
var All = []Model{Real, GIL, Slow, Big, Chip}

// Real runs compute at once on the processors of the machine. Without a
// bound it adds one call through an interface to a section and never returns
// an error.
var Real = Model{
	Name: "real",
	Doc:  "the processors of the machine, as they are",
	Open: func(n int) (Cores, error) { return bound(n, realCores{}), nil },
}

type realCores struct{}

func (realCores) Compute(_ context.Context, f func()) error { f(); return nil }
func (realCores) Yield(context.Context)                     {}
func (realCores) Close() error                              { return nil }

// bound lets n sections of c run at a time, first come, first served; 0 is c
// itself.
func bound(n int, c Cores) Cores {
	if n <= 0 {
		return c
	}
	return &bounded{c, make(chan struct{}, n)}
}

type bounded struct {
	Cores
	turns chan struct{} // holds one element a running section; waiters are served in order
}

func (b *bounded) Compute(ctx context.Context, f func()) error {
	select {
	case b.turns <- struct{}{}:
	default:
		select {
		case b.turns <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer func() { <-b.turns }()
	return b.Cores.Compute(ctx, f)
}
