package gotrace

import (
	"fmt"
	"strings"

	"golang.org/x/exp/trace"
)

// names are what goroutines are called: the outermost function of their stacks
// that is the program's own. "sync.(*WaitGroup).Go.func1" names nothing, and a
// goroutine's stack is there only when it blocks, so the names are learned
// before the trace is written.
type names struct {
	of     map[trace.GoID]name
	stacks map[trace.Stack]name // what was found in them
}

// A name is a function; own says that it is the program's.
type name struct {
	function string
	own      bool
}

// learn takes the stacks of an event.
func (n names) learn(e trace.Event) {
	if id := e.Goroutine(); id != trace.NoGoroutine {
		n.see(id, e.Stack())
	}
	if e.Kind() == trace.EventStateTransition {
		if st := e.StateTransition(); st.Resource.Kind == trace.ResourceGoroutine {
			n.see(st.Resource.Goroutine(), st.Stack)
		}
	}
}

func (n names) see(id trace.GoID, s trace.Stack) {
	if s == trace.NoStack || n.of[id].own {
		return
	}
	last, seen := n.stacks[s]
	if !seen {
		for f := range s.Frames() { // the innermost first
			if own := ownFunction(f.Func); own || !last.own {
				last = name{f.Func, own}
			}
		}
		n.stacks[s] = last
	}
	if last.function != "" {
		n.of[id] = last
	}
}

// ownFunction reports whether a function is the program's own, and not one of the
// packages that start goroutines for others.
func ownFunction(name string) bool {
	for _, prefix := range []string{"runtime.", "runtime/", "sync.", "internal/", "testing.", "golang.org/x/sync/errgroup."} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	return name != ""
}

// goroutine is the number and the name of a goroutine: "g12 main.work".
func (n names) goroutine(id trace.GoID) string {
	if f := n.of[id].function; f != "" {
		return fmt.Sprintf("g%d %s", id, f)
	}
	return fmt.Sprintf("g%d", id)
}

func newNames() names { return names{map[trace.GoID]name{}, map[trace.Stack]name{}} }
