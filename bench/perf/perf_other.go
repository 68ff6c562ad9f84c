//go:build !linux

package perf

import "runtime"

// Counters count this process's instructions and cycles. On this system there
// are none.
type Counters struct{}

// Open returns an [*Error]: hardware counters are read on Linux only.
func Open() (*Counters, error) { return nil, unsupported() }

// Read returns the error of [Open].
func (c *Counters) Read() (Reading, error) { return Reading{}, unsupported() }

// Close does nothing.
func (c *Counters) Close() error { return nil }

func unsupported() error {
	return &Error{Reason: "hardware counters are read on Linux only, and this is " + runtime.GOOS}
}
