package gotrace

import (
	"container/heap"
	"slices"
	"strconv"

	"golang.org/x/exp/trace"
)

// A track is a thread of the array; the zero value is none.
type track struct{ pid, tid int }

// process makes a row of threads.
func (t *translation) process(name string) (pid int) {
	pid = t.w.id()
	t.meta(track{pid, pid}, "process_name", "name", name)
	t.meta(track{pid, pid}, "process_sort_index", "sort_index", pid)
	return pid
}

// track makes a thread.
func (t *translation) track(pid int, name string, sort int) track {
	to := track{pid, t.w.id()}
	t.meta(to, "thread_name", "name", name)
	t.meta(to, "thread_sort_index", "sort_index", sort)
	return to
}

func (t *translation) meta(to track, name, key string, value any) {
	t.w.event(event{Ph: "M", Name: name, track: to, Args: map[string]any{key: value}})
}

// proc is the track of a processor of Go.
func (t *translation) proc(id trace.ProcID) track {
	if id == trace.NoProc {
		return track{}
	}
	to, ok := t.procs[id]
	if !ok {
		to = t.track(t.processors, "P"+strconv.Itoa(int(id)), int(id)+1)
		t.procs[id] = to
	}
	return to
}

// at is the time now, in ns.
func (t *translation) at() int64 { return int64(t.now - t.base) }

// open begins a slice.
func (t *translation) open(to track, cat, name string) {
	if t.begun && to.tid != 0 {
		t.w.event(event{Ph: "B", Name: name, Cat: cat, TS: t.at(), track: to})
	}
}

// shut ends the innermost slice.
func (t *translation) shut(to track) {
	if t.begun && to.tid != 0 {
		t.w.event(event{Ph: "E", TS: t.at(), track: to})
	}
}

func (t *translation) counter(name string, values map[string]any) {
	if t.begun {
		t.w.event(event{Ph: "C", Name: name, TS: t.at(), track: track{t.processors, t.processors}, Args: values})
	}
}

func (t *translation) counts() {
	t.counter("goroutines", map[string]any{"running": t.running, "runnable": t.runnable})
}

// lane is the first free one, none if there are too many.
func (t *translation) lane() track {
	l := &t.lanes
	switch {
	case len(l.unused) > 0:
		return l.tracks[heap.Pop(&l.unused).(int)]
	case len(l.tracks) == l.most:
		t.laneless++
		return track{}
	}
	n := len(l.tracks) + 1
	to := t.track(t.goroutines, "lane "+strconv.Itoa(n), n)
	l.tracks = append(l.tracks, to)
	return to
}

// lanes are handed out from the first on.
type lanes struct {
	most   int
	tracks []track
	unused numbers
}

// free takes a lane back.
func (l *lanes) free(to track) {
	if i := slices.Index(l.tracks, to); i >= 0 {
		heap.Push(&l.unused, i)
	}
}

// numbers are a heap.
type numbers []int

func (h numbers) Len() int           { return len(h) }
func (h numbers) Less(i, j int) bool { return h[i] < h[j] }
func (h numbers) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *numbers) Push(x any)        { *h = append(*h, x.(int)) }
func (h *numbers) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
