package critical

import (
	"cmp"
	"strings"

	"golang.org/x/exp/trace"
)

// A stop is where a goroutine stops to run, or the end of the trace if it still runs then.
type stop struct {
	g     trace.GoID // 0 if there is none
	named bool       // what the goroutine is for is known
	began int64      // to run
	at    int64
}

// after reports whether s is after other: later, or at the same time by a goroutine that
// began to run later. A goroutine of which no stack is known may be one of the runtime, so
// that it is before all others.
func (s stop) after(other stop) bool {
	named := func(s stop) int {
		if s.named {
			return 1
		}
		return 0
	}
	return s.g != 0 && cmp.Or(named(s)-named(other), cmp.Compare(s.at, other.at), cmp.Compare(s.began, other.began), cmp.Compare(s.g, other.g)) > 0
}

// last is where the last goroutine of the program stops to run.
func (f *Finder) last() stop {
	last := f.ended
	for _, g := range f.gs {
		s := g.stopped
		if g.runs {
			s = stop{g: g.id, began: g.pending.run, at: f.now}
		}
		s.named = g.name != 0
		if !g.system && s.after(last) {
			last = s
		}
	}
	return last
}

// name finds out by a stack whether a goroutine belongs to the runtime.
func (p *replay) name(g *replayed, stack int32) {
	if stack != 0 && !g.named {
		g.named, g.system = true, ofRuntime(p.tables.Word(p.roots.of(stack)))
	}
}

// last is the goroutine of the program that stops to run last, nil if there is none.
func (p *replay) last() *replayed {
	last := p.ended
	for _, g := range p.gs {
		if g == nil {
			continue
		}
		if g.runs {
			g.stopped = stop{g: g.id, began: g.began, at: p.now}
		}
		g.stopped.named = g.named
		last = lastOf(last, g)
	}
	return last
}

// lastOf is the goroutine of the program that stops later, nil if neither is one that has run.
func lastOf(a, b *replayed) *replayed {
	switch {
	case b.system, a == nil && b.stopped.g == 0, a != nil && !b.stopped.after(a.stopped):
		return a
	}
	return b
}

// ofRuntime reports whether a goroutine whose outermost function is this one belongs to the
// runtime or to its tracer, such as a worker of the garbage collector. The main goroutine
// and those that C calls are the program's, though the runtime starts them.
func ofRuntime(function string) bool {
	switch {
	case function == "runtime.main", strings.HasPrefix(function, "runtime.cgocallback"):
		return false
	}
	return strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "runtime/")
}
