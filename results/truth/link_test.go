package truth

import (
	"math"
	"testing"

	"amdahl/bench/contract"
	"amdahl/results"
)

// overNetwork adds a round trip to every operation of a curve, and notes it as a metric.
func overNetwork(c *results.Curve, trip float64) *results.Curve {
	for i := range c.Points {
		p := &c.Points[i]
		p.Extra = map[string][]float64{}
		for k := range p.Samples {
			p.Samples[k].Time += trip / p.Tasks
			p.Extra[contract.InSeconds(contract.UnitRTT)] = append(p.Extra[contract.InSeconds(contract.UnitRTT)], trip)
		}
	}
	return c
}

// One round trip of every operation looks like a serial part. It is known, and the
// planted one comes back; without the metric it does not.
func TestCheckTakesRoundTripOff(t *testing.T) {
	const trip, tasks = 0.1, 640 // T(1) is 3.2 ms · 640, about 20 round trips
	p := Planted{Serial: 0.1}
	c := overNetwork(planted("Strong/strategy=remote/link=100ms/serial=0.1/cores=slow32", p, tasks, 0.005, 0, 8), trip)
	f := check(t, c)
	if f.Verdict != Holds || math.Abs(f.RoundTrip-trip) > 1e-12 {
		t.Errorf("found %.4f, verdict %s (%s), round trip %g, want it to hold without %g s", f.Found.Value, f.Verdict, f.Why, f.RoundTrip, trip)
	}
	if c.Points[0].Samples[0].Time < 3.2e-3*0.9 {
		t.Error("the curve itself was changed")
	}
	for i := range c.Points {
		c.Points[i].Extra = nil
	}
	if f := check(t, c); f.Verdict != Wrong || f.RoundTrip != 0 || f.Found.Value < 0.13 {
		t.Errorf("without the metric: found %.4f, verdict %s, round trip %g, want a wrong one above 0.13", f.Found.Value, f.Verdict, f.RoundTrip)
	}
}

// A metric that cannot be true takes nothing off.
func TestRoundTripThatCannotBe(t *testing.T) {
	p := Planted{Serial: 0.1}
	for _, trip := range []float64{1e9, -1} {
		c := planted("Strong/serial=0.1/cores=slow32", p, 640, 0.005, 0, 8)
		for i := range c.Points {
			c.Points[i].Extra = map[string][]float64{contract.InSeconds(contract.UnitRTT): {trip}}
		}
		if f := check(t, c); f.RoundTrip != 0 || f.Verdict != Holds {
			t.Errorf("a round trip of %g s: %g taken off, verdict %s", trip, f.RoundTrip, f.Verdict)
		}
	}
}
