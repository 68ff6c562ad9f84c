package gotrace

import (
	"slices"
	"strconv"
	"time"

	"amdahl/bench/contract"
)

// seen takes note of a processor of Go.
func (t *translation) seen(id int32) {
	if id < 0 {
		return
	}
	t.procs = reach(t.procs, int(id))
	if p := &t.procs[id]; !p.seen {
		p.seen = true
		if t.begun {
			t.row(id)
		}
	}
}

// row makes the track of a processor.
func (t *translation) row(id int32) {
	t.procs[id].track = t.w.Thread(t.processors, "P"+strconv.Itoa(int(id)), int(id)+1)
}

// track is that of a processor; the zero Track of none.
func (t *translation) track(id int32) contract.Track {
	if id < 0 {
		return contract.Track{}
	}
	return t.procs[id].track
}

// at is the time now, since the first event that is kept.
func (t *translation) at() time.Duration { return time.Duration(t.now - t.base) }

// open begins a slice.
func (t *translation) open(to contract.Track, cat, name string) {
	if t.begun && to.TID != 0 {
		t.w.Event(contract.Event{Phase: contract.Begin, Name: name, Cat: cat, At: t.at(), Track: to})
	}
}

// shut ends the innermost slice.
func (t *translation) shut(to contract.Track) {
	if t.begun && to.TID != 0 {
		t.w.Event(contract.Event{Phase: contract.End, At: t.at(), Track: to})
	}
}

func (t *translation) counter(name string, values map[string]any) {
	to := contract.Track{PID: t.processors, TID: t.processors}
	t.w.Event(contract.Event{Phase: contract.Counter, Name: name, At: t.at(), Track: to, Args: values})
}

func (t *translation) counts() {
	if t.begun {
		t.counter("goroutines", map[string]any{"running": t.running, "runnable": t.runnable})
	}
}

// lanes are the tracks of goroutines, which are handed out from the first on.
type lanes struct {
	most   int // how many there may be
	tracks []contract.Track
	unused []int // indices of tracks that are free, the first last
}

// noLane is the number of a goroutine that found no lane.
const noLane = -1

// lane hands out the first lane that is free, none if there are too many.
func (t *translation) lane() (number int, to contract.Track) {
	l := &t.lanes
	switch {
	case len(l.unused) > 0:
		last := len(l.unused) - 1
		number, l.unused = l.unused[last], l.unused[:last]
		return number, l.tracks[number]
	case len(l.tracks) == l.most:
		t.laneless++
		return noLane, contract.Track{}
	}
	n := len(l.tracks) + 1
	to = t.w.Thread(t.goroutines, "lane "+strconv.Itoa(n), n)
	l.tracks = append(l.tracks, to)
	return n - 1, to
}

// free takes a lane back.
func (l *lanes) free(number int) {
	if number != noLane {
		at, _ := slices.BinarySearchFunc(l.unused, number, func(a, b int) int { return b - a })
		l.unused = slices.Insert(l.unused, at, number)
	}
}
