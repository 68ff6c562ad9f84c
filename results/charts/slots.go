package charts

import (
	"slices"
	"strings"

	"amdahl/bench/contract"
	"amdahl/results"
	"amdahl/results/laws"
)

// An Ink is a slot of the table of colours and markers: it says which colour and
// which marker a series has, always together. 0 is the neutral ink (black) with
// a circle, -1 to -5 are the neutral ink with the other markers. 1 to 42 are the
// pairs of seven colours and six markers, each pair once; then they repeat.
type Ink int

// A Marker is the shape of points. The filling of a marker is another matter: it
// says where a point comes from, see [results.Source].
type Marker string

const (
	Circle       Marker = "circle"
	Square       Marker = "square"
	Triangle     Marker = "triangle"
	Diamond      Marker = "diamond"
	TriangleDown Marker = "triangle-down"
	Cross        Marker = "cross"
)

// Markers are the shapes, in the order of the inks.
var Markers = []Marker{Circle, Square, Triangle, Diamond, TriangleDown, Cross}

// pairs is the number of inks that are all different.
const pairs = 42 // the least common multiple of 7 colours and 6 markers

// Index is the index of the colour: 0 is the neutral one, 1 to 7 are the others
// in the order of [Ink.Colour].
func (i Ink) Index() int {
	if i <= 0 {
		return 0
	}
	return 1 + int(i-1)%colours
}

// Colour is the name of the colour, which is also that of its CSS variable, see
// [Variables]: "ink", "blue", "vermilion", "green", "purple", "orange", "sky" or
// "wine".
func (i Ink) Colour() string { return palette[i.Index()].name }

// Marker is the shape of the points.
func (i Ink) Marker() Marker {
	if i <= 0 {
		return Markers[int(-i)%len(Markers)]
	}
	return Markers[int(i-1)%len(Markers)]
}

// with is the ink of the same colour with another marker; i itself if there is no such
// marker.
func (i Ink) with(m Marker) Ink {
	at := slices.Index(Markers, m)
	switch {
	case at < 0:
		return i
	case i <= 0:
		return Ink(-at)
	}
	for j := Ink(1); j <= pairs; j++ {
		if j.Index() == i.Index() && j.Marker() == m {
			return j
		}
	}
	return i
}

// String is the colour and the marker: "blue circle".
func (i Ink) String() string { return i.Colour() + " " + string(i.Marker()) }

// strategySlots are the inks of strategies by name, the same in every figure of
// every page, whatever other series are there. A strategy that is not listed
// gets the first ink that is free. The floors of a machine and plain loops are
// neutral: they are what the others are compared with.
var strategySlots = map[string]Ink{
	"serial": 0, "floor-pipe": -1, "floor-shm": -2, "floor-copy": -3, "floor-atomic": -4, "python-serial": -5,

	"fixed": 1, "process": 2, "spawn": 3, "eventloop": 4,
	"python-threads": 5, "python-pool": 6, "python-asyncio": 7, "python-futures": 11, // see pythonNames
	"procpool-ring": 8, "procpool-pipe": 9, "procpool-goroutines": 10,
	"go-plugin": 12, "net-rpc": 14, "remote": 21,
	"ants": 13, "channel": 15, "conc": 16, "errgroup": 17, "go-statement": 18, "pond": 19, "workerpool": 20,
}

// pythonNames are other names of Python's strategies, by how they begin.
var pythonNames = map[string]string{
	"python-async": "python-asyncio", "python-thread": "python-threads",
	"python-process": "python-pool", "python-multiprocess": "python-pool",
}

// slotOf is the ink of a strategy that the table knows.
func slotOf(strategy string) (Ink, bool) {
	i, ok := strategySlots[strategy]
	if !ok {
		for begin, known := range pythonNames {
			if strings.HasPrefix(strategy, begin) {
				return strategySlots[known], true
			}
		}
	}
	return i, ok
}

// Slots are the inks of strategies. The zero value knows those of the table.
type Slots map[string]Ink

// SlotsOf gives every strategy of the series its ink: that of the table, or the
// first that no other has, in the order of the series. Figures with the same
// Slots show a strategy in the same colour and with the same marker.
func SlotsOf(series []results.Name) Slots {
	s := Slots{}
	taken := map[Ink]bool{}
	var others []string
	for _, n := range series {
		name := n.Value(contract.NameStrategy)
		if name == "" {
			continue
		}
		if i, ok := slotOf(name); ok {
			s[name], taken[i] = i, true
		} else if !slices.Contains(others, name) {
			others = append(others, name)
		}
	}
	for _, name := range others {
		i := firstFree(taken)
		s[name], taken[i] = i, true
	}
	return s
}

// SlotsOfAll is [SlotsOf] of the curves of analyses: those of all figures of a
// page. Analyses without a curve are left out.
func SlotsOfAll(as []*laws.Analysis) Slots {
	var names []results.Name
	for _, a := range as {
		if a != nil && a.Curve != nil {
			names = append(names, a.Curve.Name)
		}
	}
	return SlotsOf(names)
}

// Of is the ink of a strategy, and whether the slots or the table know it.
func (s Slots) Of(strategy string) (Ink, bool) {
	if i, ok := s[strategy]; ok {
		return i, true
	}
	return slotOf(strategy)
}

// firstFree is the first ink that is not taken.
func firstFree(taken map[Ink]bool) Ink {
	i := Ink(1)
	for taken[i] {
		i++
	}
	return i
}
