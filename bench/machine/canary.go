package machine

import (
	"math/bits"
	"runtime"
	"time"
)

// A Reading is what one canary took.
type Reading struct {
	Wall time.Duration
	CPU  time.Duration // of the thread; 0 where the system does not tell
}

// canarySteps makes a canary take about 20 ms on a processor of 2025, and
// seldom more than 40 ms.
const canarySteps = 10_000_000

// Canary does a fixed piece of work in the calling goroutine and says what it
// took, about 20 ms. It computes in registers and touches no memory, so it
// sees who else uses the processor, its frequency and its sibling, and not
// who uses the caches. It keeps its goroutine on one thread meanwhile.
func Canary() Reading {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpu := threadTime()
	start := time.Now()
	sum := canary(canarySteps)
	r := Reading{Wall: time.Since(start), CPU: threadTime() - cpu}
	runtime.KeepAlive(sum)
	return r
}

// canary runs four xorshift generators side by side (Marsaglia 2003), which
// keep several units of a processor busy: a single chain would leave room for
// a sibling thread, and so not notice it.
func canary(steps int) uint64 {
	a, b, c, d := uint64(1), uint64(2), uint64(3), uint64(4)
	for range steps {
		a ^= a << 13
		b ^= b << 13
		c ^= c << 13
		d ^= d << 13
		a ^= a >> 7
		b ^= b >> 7
		c ^= c >> 7
		d ^= d >> 7
		a ^= a << 17
		b ^= b << 17
		c ^= c << 17
		d ^= d << 17
	}
	return a ^ bits.RotateLeft64(b, 16) ^ bits.RotateLeft64(c, 32) ^ bits.RotateLeft64(d, 48)
}
