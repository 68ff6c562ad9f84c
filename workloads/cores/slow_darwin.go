package cores

import "time"

// preciseSleep sleeps. What it is late by is the core's credit.
func preciseSleep(d time.Duration) { time.Sleep(d) }
