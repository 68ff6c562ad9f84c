package gotrace

import (
	"fmt"
	"strings"

	"golang.org/x/exp/trace"

	"amdahl/bench/transitions"
)

// names are what goroutines are called: the outermost function of their stacks
// that does not merely start goroutines for others. "sync.(*WaitGroup).Go.func1"
// tells nothing, and what it calls is on the goroutine's stack only later, when
// it blocks, so the names are learned before anything is written.
type names struct {
	tables *transitions.Tables
	stacks []name   // what was found in them, by number
	live   []called // by slot
	ended  []called // goroutines that have ended, as long as the window has something of them
	gone   int      // of ended, that the window has forgotten
	known  map[trace.GoID]int32
}

// A name is a function; final says that no other stack can give a better one. A
// function of the runtime or of package sync gives way to the program's: a benchmark's
// goroutine collects garbage before the benchmark begins.
type name struct {
	function    int32 // the word; 0 if there is none
	final, seen bool
}

// A called goroutine has a name.
type called struct {
	id trace.GoID
	name
}

func newNames(t *transitions.Tables) *names { return &names{tables: t} }

// learn takes the stacks of an event.
func (n *names) learn(e *transitions.Event) {
	if e.By != nil {
		n.see(e.By, e.ByStack)
	}
	if e.Kind != transitions.Change {
		return
	}
	n.see(e.G, e.Stack)
	if e.To == trace.GoNotExist {
		n.ended = append(n.ended, n.live[e.G.Slot])
	}
}

// forget forgets the first goroutine that has ended.
func (n *names) forget() {
	if n.gone++; n.gone > 4096 && n.gone > len(n.ended)/2 {
		n.ended = append(n.ended[:0], n.ended[n.gone:]...)
		n.gone = 0
	}
}

func (n *names) see(g *transitions.Goroutine, stack int32) {
	n.live = reach(n.live, g.Slot)
	at := &n.live[g.Slot]
	if at.id != g.ID {
		*at = called{id: g.ID}
	}
	if stack == 0 || at.final {
		return
	}
	n.stacks = reach(n.stacks, int(stack))
	found := &n.stacks[stack]
	if !found.seen {
		*found = n.outermost(stack)
	}
	if found.function != 0 {
		at.name = *found
	}
}

// outermost is the name that a stack gives.
func (n *names) outermost(stack int32) name {
	found := name{seen: true}
	started := true
	for _, f := range n.tables.Frames(stack) { // the innermost first
		if starts := launcher(f.Function); !starts || started {
			found.function, found.final, started = n.tables.Number(f.Function), !starts && !supports(f.Function), starts
		}
	}
	return found
}

// reach is a list that has an element i.
func reach[T any](list []T, i int) []T {
	if i < len(list) {
		return list
	}
	return append(list, make([]T, i+1-len(list))...)
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
	for _, prefix := range []string{"runtime.", "runtime/", "sync.", "internal/", "os.", "syscall."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// settle ends the learning: [names.goroutine] is valid after it.
func (n *names) settle() {
	n.known = map[trace.GoID]int32{}
	for _, list := range [][]called{n.ended[n.gone:], n.live} {
		for _, c := range list {
			if c.function != 0 {
				n.known[c.id] = c.function
			}
		}
	}
}

// goroutine is the number and the name of a goroutine: "g12 main.work".
func (n *names) goroutine(id trace.GoID) string {
	if f := n.known[id]; f != 0 {
		return fmt.Sprintf("g%d %s", id, n.tables.Word(f))
	}
	return fmt.Sprintf("g%d", id)
}
