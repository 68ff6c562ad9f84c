package results

// A Source says where the times of a curve come from. Points of different
// sources are never one series: slow cores show what real ones would do only
// in part, and a model shows nothing that was not put into it.
type Source string

const (
	// Real is measured on the processors of the machine, also where an
	// interpreter lock lets only one of them compute. It is the source of a
	// name without cores=, or with another value than those below.
	Real Source = "real"
	// Slow is measured on slow cores, each a share of a real processor:
	// cores=slow32.
	Slow Source = "slow"
	// Emulated is measured over an emulated network, on whatever cores: link=20ms.
	// It shows the round trip, the bandwidth and the stalls that were put in, and no
	// second machine.
	Emulated Source = "emulated"
	// Simulated comes from a simulator: cores=simulated.
	Simulated Source = "simulated"
	// Model is worked out from a law: cores=model.
	Model Source = "model"
)

// Sources lists them all, from the most to the least measured.
var Sources = []Source{Real, Slow, Emulated, Simulated, Model}
