//go:build !linux

package testing

// A whyCounters is what the hardware has counted so far: nothing here.
type whyCounters struct {
	value [2]float64
	known bool
}

const whyUserOnly = false

func (*whyCounters) prepare() {}
func (*whyCounters) read()    {}
