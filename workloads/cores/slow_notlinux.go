//go:build !linux

package cores

import "time"

// preciseSleep sleeps. What it is late by is the core's credit.
func preciseSleep(d time.Duration) { time.Sleep(d) }

// timesBlocked cannot be told here, so nothing is taken for preemption.
func timesBlocked() int64 { return neverTheSame() }
