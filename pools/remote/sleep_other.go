//go:build !linux

package remote

import "time"

func sharpTimer() {}

func nanosleep(d time.Duration) { time.Sleep(d) }
