package results

import "strings"

// A Source says where the times of a curve come from. Points of different
// sources are never one series: slow cores show what real ones would do only
// in part, and a model shows nothing that was not put into it.
type Source string

const (
	// Real is measured on the processors of the machine, also where an
	// interpreter lock lets only one of them compute. It is the source of a
	// name without cores=, or with a value that is none of those below.
	Real Source = "real"
	// Slow is measured on slow cores, each a share of a real processor:
	// cores=slow32.
	Slow Source = "slow"
	// Simulated comes from a simulator: cores=simulated.
	Simulated Source = "simulated"
	// Model is worked out from a law: cores=model.
	Model Source = "model"
)

// Sources lists them all, from the most to the least measured.
var Sources = []Source{Real, Slow, Simulated, Model}

// Source says where the times of the curve come from, as the key cores= of
// its series tells.
func (c *Curve) Source() Source { return SourceOf(c.Series) }

// SourceOf is the source that a series' name tells.
func SourceOf(series string) Source {
	for part := range strings.SplitSeq(series, "/") {
		value, ok := strings.CutPrefix(part, "cores=")
		if !ok {
			continue
		}
		switch Source(value) {
		case Simulated, Model:
			return Source(value)
		}
		if k, ok := strings.CutPrefix(value, "slow"); ok && k != "" && strings.Trim(k, "0123456789") == "" {
			return Slow
		}
		return Real
	}
	return Real
}
