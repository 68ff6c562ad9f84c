//go:build !linux && !darwin

package machine

import "time"

// threadTime is 0: these systems count a thread's time in ticks as long as a
// canary, or not at all.
func threadTime() time.Duration { return 0 }
