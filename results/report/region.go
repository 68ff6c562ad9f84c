package report

import (
	"fmt"
	"io"

	"amdahl/results/words"
)

// A Region is the answer to what a run would take if one of its regions took another time.
// Times are in seconds; Low and High are the ends of what it would take.
type Region struct {
	Run       string
	Region    string
	Times     float64 // what its time is multiplied by
	Count     int     // how often it was entered
	Recorded  float64
	Inside    float64 // time of all goroutines in it
	Low, High float64
}

// RegionAsked prints the answer in sentences.
func RegionAsked(w io.Writer, r Region, o Options) error {
	p := newPrinter(w, o)
	p.line(p.style(bold, words.Clean(r.Run)))
	p.hanging("", fmt.Sprintf("Recorded: %s, of which the region %s was entered %s and took %s of all goroutines' time.",
		words.EvenSeconds(r.Recorded), words.Clean(r.Region), words.Count(r.Count, "time"), words.EvenSeconds(r.Inside)))
	would := words.EvenSeconds(r.High)
	if words.EvenSeconds(r.Low) != would {
		would = words.EvenSeconds(r.Low) + " to " + would
	}
	gain := words.Share(1 - r.High/r.Recorded)
	if low := words.Share(1 - r.Low/r.Recorded); low != gain {
		gain += " to " + low
	}
	verb := "less"
	if r.High > r.Recorded {
		gain, verb = words.Share(r.High/r.Recorded-1), "more"
	}
	p.hanging("", fmt.Sprintf("If the region took %s times as long, the run would take %s: %s %s.", words.Number(r.Times), would, gain, verb))
	p.hanging("", "The goroutines do the same in the same order, which need not hold where they race for a lock. The ends of the range are the two assumptions about the time until goroutines get a processor: that it stays, and that there is none.")
	return p.flush()
}

// RegionJSON prints the same as data.
func RegionJSON(w io.Writer, r Region) error {
	return encode(w, struct {
		Version  int     `json:"version"`
		Run      string  `json:"run"`
		Region   string  `json:"region"`
		Times    float64 `json:"times"`
		Count    int     `json:"count"`
		Recorded float64 `json:"recorded"` // seconds, as all times
		Inside   float64 `json:"inside"`
		Low      float64 `json:"low"`
		High     float64 `json:"high"`
	}{1, r.Run, r.Region, r.Times, r.Count, r.Recorded, r.Inside, r.Low, r.High})
}
