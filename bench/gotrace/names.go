package gotrace

import (
	"fmt"
	"strings"

	"golang.org/x/exp/trace"
)

// names are what goroutines are called: the outermost function of their stacks
// that does not merely start goroutines for others. "sync.(*WaitGroup).Go.func1"
// tells nothing, and what it calls is on the goroutine's stack only later, when
// it blocks, so the names are learned before the trace is written.
type names struct {
	of     map[trace.GoID]name
	stacks map[trace.Stack]name // what was found in them
}

// A name is a function; final says that no other stack can give a better one. A
// function of the runtime or of package sync gives way to the program's: a benchmark's
// goroutine collects garbage before the benchmark begins.
type name struct {
	function string
	final    bool
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
	if s == trace.NoStack || n.of[id].final {
		return
	}
	found, seen := n.stacks[s]
	if !seen {
		started := true
		for f := range s.Frames() { // the innermost first
			if starts := launcher(f.Func); !starts || started {
				found, started = name{f.Func, !starts && !supports(f.Func)}, starts
			}
		}
		n.stacks[s] = found
	}
	if found.function != "" {
		n.of[id] = found
	}
}

// launcher reports whether a function starts goroutines, or runs benchmarks, for
// others.
func launcher(name string) bool {
	for _, prefix := range []string{"runtime.main", "sync.(*WaitGroup).Go", "testing.", "golang.org/x/sync/errgroup."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == ""
}

// supports reports whether a function is of the packages that programs are built on.
func supports(name string) bool {
	for _, prefix := range []string{"runtime.", "runtime/", "sync.", "internal/"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// goroutine is the number and the name of a goroutine: "g12 main.work".
func (n names) goroutine(id trace.GoID) string {
	if f := n.of[id].function; f != "" {
		return fmt.Sprintf("g%d %s", id, f)
	}
	return fmt.Sprintf("g%d", id)
}

func newNames() names { return names{map[trace.GoID]name{}, map[trace.Stack]name{}} }
