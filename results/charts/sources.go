package charts

import (
	"cmp"
	"slices"

	"amdahl/results"
)

// A filling says where points come from, in every figure. What is measured on the
// processors as they are is full, on slow cores half full, over an emulated network
// half full and larger. A simulated point
// mostly stands where a measured one does, so it is a frame around it. What is
// worked out from a law is open.
type filling struct {
	full, half bool
	size       float64 // of the outline, over that of a full marker
}

// fillings tell the sources of points apart.
var fillings = map[results.Source]filling{
	results.Real:      {full: true, size: 1},
	results.Slow:      {half: true, size: 1},
	results.Emulated:  {half: true, size: 1.5},
	results.Simulated: {size: 1.75},
	results.Model:     {size: 1},
}

// sourceTexts say in a legend what the markers mean.
var sourceTexts = map[results.Source]string{
	results.Real:      "measured on the processors as they are",
	results.Slow:      "measured on slow cores",
	results.Emulated:  "measured over an emulated network",
	results.Simulated: "simulated",
	results.Model:     "worked out from a law",
}

// Note says what points of a source cannot show; "" for real ones.
func Note(s results.Source) string {
	switch s {
	case results.Slow:
		return "Slow cores show the serial part, imbalance, locks, queues and the overlap of waiting; they cannot show caches, memory bandwidth, SMT or turbo."
	case results.Emulated:
		return "An emulated network has the round trip, the bandwidth and the stalls that were put in; all workers are on one machine and share its processors."
	case results.Simulated:
		return "Simulated times are worked out from the times of single tasks: they hold what the simulator was told, and nothing else of a machine."
	case results.Model:
		return "The points of a model are worked out from its law: nothing was measured."
	}
	return ""
}

// source is the source as it is drawn: the zero value is real.
func source(s results.Source) results.Source {
	if _, ok := fillings[s]; !ok {
		return results.Real
	}
	return s
}

// sourcesOf are the sources of all points of the panels, in their order.
func sourcesOf(panels ...Panel) []results.Source {
	var found []results.Source
	for _, p := range panels {
		for _, s := range p.Points {
			if at := source(s.Source); len(s.At) > 0 && !slices.Contains(found, at) {
				found = append(found, at)
			}
		}
	}
	slices.SortFunc(found, bySource)
	return found
}

// bySource is the order of results.Sources.
func bySource(a, b results.Source) int {
	return cmp.Compare(slices.Index(results.Sources, source(a)), slices.Index(results.Sources, source(b)))
}

// notesOf is what a caption says of points of the sources.
func notesOf(sources ...results.Source) []string {
	var notes []string
	for _, s := range sources {
		notes = append(notes, Note(s))
	}
	return known(notes...)
}

// explain gives the entries of a legend that say which filling is which, and
// what the caption says of them. There are none where all points are real.
func explain(found []results.Source) (entries []Entry, notes []string) {
	if len(found) == 0 || len(found) == 1 && found[0] == results.Real {
		return nil, nil
	}
	for _, s := range found {
		entries = append(entries, Entry{Text: sourceTexts[s], Marker: true, Source: s})
	}
	return entries, notesOf(found...)
}
