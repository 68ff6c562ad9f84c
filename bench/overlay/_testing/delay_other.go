//go:build !linux

package testing

// A whyMachine is what the system has counted so far: nothing here.
type whyMachine struct {
	cpu, delay, busy, stolen, throttled float64
	known                               bool
}

func (*whyMachine) prepare()    {}
func (*whyMachine) process()    {}
func (*whyMachine) processors() {}
