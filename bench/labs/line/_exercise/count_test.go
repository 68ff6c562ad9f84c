package line_test

import (
	"fmt"
	"testing"
	"unsafe"

	line "lab"
	"lab/cache"
)

// record notes why a test failed, for a grader. It is nil in go test.
var record func(cause, text string)

// fail ends the test. The cause is one word for the grader.
func fail(t *testing.T, cause, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	if record != nil {
		record(cause, text)
	}
	t.Fatal(text)
}

// A plan is a way of counting: the program of the processors, and where they leave their
// counts.
type plan struct {
	name    string
	program func(p *cache.Processor)
	own     bool // a counter for each processor, not one for all
	apart   int  // how far the counters are from each other
}

var (
	shared     = plan{"Shared", line.Shared, false, 1}
	neighbours = plan{"Neighbours", line.Neighbours, true, 1}
	apart      = plan{"Apart", line.Apart, true, cache.PerLine}
	local      = plan{"Local", line.Local, false, 1}
)

// sum adds up counters as Total should.
func sum(p *cache.Processor, n, apart int) int {
	all := 0
	for w := range n {
		all += p.Read(w * apart)
	}
	return all
}

// counted runs a plan on n processors, and checks that each item was looked at once and that the
// counters hold what they should.
func counted(t *testing.T, pl plan, seed uint64, items, n int) cache.Result {
	t.Helper()
	m := cache.Of(seed, items)
	counters := 1
	if pl.own {
		counters = n
	}
	r := m.Run(n, pl.program, func(p *cache.Processor) int { return sum(p, counters, pl.apart) })
	what := fmt.Sprintf("%s, n = %d, %d items", pl.name, n, items)
	all := 0
	for _, c := range r.Counters {
		all += c
	}
	switch {
	case r.Endless:
		fail(t, "endless", "%s: it does not end.", what)
	case r.Stray > 0:
		fail(t, "stray", "%s: it uses a counter or an item that does not exist.", what)
	case r.Looks != items:
		fail(t, "lost", "%s: %d items were looked at. Range over p.Items().", what, r.Looks)
	case r.Twice > 0:
		fail(t, "twice", "%s: some items were looked at more than once. Call p.Match once for each.", what)
	case r.Foreign > 0:
		fail(t, "foreign", "%s: %d items were looked at by a processor whose they are not. Range over p.Items().", what, r.Foreign)
	case r.Total != m.Matches() && all == m.Matches():
		fail(t, "place", "%s: the counts are not where they should be: the right counters hold %d of %d.", what, r.Total, all)
	case r.Total < m.Matches():
		fail(t, "count", "%s: %d items match, and %d were counted.%s", what, m.Matches(), r.Total, lost(r, pl))
	case r.Total > m.Matches():
		fail(t, "count", "%s: %d items match, and %d were counted.", what, m.Matches(), r.Total)
	}
	return r
}

// lost explains a count that is too small.
func lost(r cache.Result, pl plan) string {
	if !pl.own && r.Atomics == 0 && r.Accesses > 1 {
		return " Add is not atomic: what two processors add at the same time is lost."
	}
	return ""
}

func TestShared(t *testing.T) {
	for _, n := range []int{1, 4} {
		r := counted(t, shared, 1, 200, n)
		if uses := r.Accesses - 1; uses != r.Atomics || uses != r.Total {
			fail(t, "uses", "Shared, n = %d: %d items match, and the counter was used %d times, %d of them by AtomicAdd. Use it once for each match, by AtomicAdd.", n, r.Total, uses, r.Atomics)
		}
	}
}

// plain checks that each match is counted by one Add.
func plain(t *testing.T, name string, r cache.Result, n int) {
	t.Helper()
	if r.Atomics > 0 {
		fail(t, "atomic", "%s, n = %d: it used AtomicAdd, which is slower. Nobody else uses this counter: Add is right.", name, n)
	}
	if uses := r.Accesses - n; uses != r.Total {
		fail(t, "uses", "%s, n = %d: %d items match, and counters were used %d times. Use one once for each match.", name, n, r.Total, uses)
	}
}

func TestNeighbours(t *testing.T) {
	for _, n := range []int{1, 4} {
		plain(t, "Neighbours", counted(t, neighbours, 2, 200, n), n)
	}
}

func TestApart(t *testing.T) {
	for _, n := range []int{1, 4} {
		r := counted(t, apart, 3, 200, n)
		plain(t, "Apart", r, n)
		// Each line moves to its processor, and at the end to the one that adds up.
		if want := 2*n - 1; r.Moves != want {
			fail(t, "moves", "Apart, n = %d: lines moved %d times, and should move %d times: once to their processor, and once to the one that adds up.", n, r.Moves, want)
		}
	}
}

func TestLocal(t *testing.T) {
	for _, n := range []int{1, 4} {
		r := counted(t, local, 4, 200, n)
		if uses := r.Accesses - 1; uses > n {
			fail(t, "uses", "Local, n = %d: memory was used %d times. Each processor uses it once, at its end.", n, uses)
		}
	}
}

func TestSlot(t *testing.T) {
	if size := unsafe.Sizeof(line.Slot{}); size != 64 {
		fail(t, "size", "A Slot has %d bytes, and should have 64: an int64 has 8, and an array of bytes may take the rest.", size)
	}
}
