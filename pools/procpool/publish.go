//go:build !amd64 && !386

package procpool

import "sync/atomic"

// publish stores a word after all that was stored before it, for another
// process that reads it.
func publish(word *uint32, v uint32) { atomic.StoreUint32(word, v) }
