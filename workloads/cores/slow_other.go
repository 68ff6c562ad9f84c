//go:build !linux && !darwin

package cores

import (
	"errors"
	"sync/atomic"
	"time"
)

// ThreadTime is not to be had on this system.
func ThreadTime() (time.Duration, error) { return 0, errors.ErrUnsupported }

func preciseSleep(d time.Duration) { time.Sleep(d) }

// timesBlocked cannot be told here: it is never the same twice, so nothing is
// taken for preemption.
func timesBlocked() int64 { return unknown.Add(1) }

var unknown atomic.Int64
