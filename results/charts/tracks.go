package charts

import (
	"time"

	"amdahl/bench/contract"
	"amdahl/bench/contract/ledger"
)

// A Track is one lane of an operation as it was recorded, cut into columns of equal
// length, for a program that draws it itself.
type Track struct {
	Name   string
	Causes []contract.Cause // of each column, what lasted longest in it; "" where nothing did
}

// Tracks are the lanes of an operation, 64 at most, in so many columns. share is what
// each cause has of the time of all lanes that are shown. The caller gives an operation
// that is sound, as [trace.Read] does, and one column at least.
//
// [trace.Read]: https://pkg.go.dev/amdahl/results/trace#Read
func Tracks(o *contract.Operation, columns int) (tracks []Track, share map[contract.Cause]float64) {
	lanes := o.Lanes[:min(len(o.Lanes), mostLanes)]
	if len(lanes) == 0 || o.Time <= 0 {
		return nil, nil
	}
	names := &bars{}
	names.lanes(lanes)
	lasted := make([][]map[contract.Cause]time.Duration, len(lanes))
	for i, row := range names.rows {
		tracks = append(tracks, Track{Name: row.label, Causes: make([]contract.Cause, columns)})
		lasted[i] = make([]map[contract.Cause]time.Duration, columns)
	}
	share = map[contract.Cause]float64{}
	for _, s := range ledger.Slices(o) {
		if s.Lane >= len(lanes) {
			continue
		}
		share[s.Cause] += float64(s.To-s.From) / float64(o.Time) / float64(len(lanes))
		at := func(k int) time.Duration { return time.Duration(float64(o.Time) * float64(k) / float64(columns)) }
		first := int(float64(s.From) / float64(o.Time) * float64(columns))
		for k := max(first-1, 0); k < columns && at(k) < s.To; k++ {
			if d := min(s.To, at(k+1)) - max(s.From, at(k)); d > 0 {
				if lasted[s.Lane][k] == nil {
					lasted[s.Lane][k] = map[contract.Cause]time.Duration{}
				}
				lasted[s.Lane][k][s.Cause] += d
			}
		}
	}
	for i := range tracks {
		for k, all := range lasted[i] {
			most := (o.Time / time.Duration(columns)) / 2 // else it is mostly nothing
			for _, c := range contract.Causes {
				if d := all[c]; d > 0 && d >= most {
					tracks[i].Causes[k], most = c, d
				}
			}
		}
	}
	return tracks, share
}
