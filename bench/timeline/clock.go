package timeline

import "time"

// Now is the time in ns on a clock that only goes forward. On Linux and macOS
// it is CLOCK_MONOTONIC, the same in every process of the machine, read at the
// cost of time.Since. On other systems processes agree as well as the wall
// clock did when each of them started.
func Now() int64 { return offset + int64(time.Since(start)) }

var (
	start  = time.Now()
	offset = calibrate()
)

// calibrate is the machine's clock at start. Of several readings the one that
// took least counts: the process may lose its processor within any.
func calibrate() int64 {
	var at int64
	least := time.Duration(1<<63 - 1)
	for range 16 {
		before := time.Since(start)
		m := monotonic()
		if took := time.Since(start) - before; took < least {
			least, at = took, m-int64(before+took/2)
		}
	}
	return at
}
