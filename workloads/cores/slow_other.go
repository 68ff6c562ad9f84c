//go:build !linux && !darwin

package cores

import (
	"errors"
	"time"
)

func threadTime() (time.Duration, error) { return 0, errors.ErrUnsupported }

func preciseSleep(d time.Duration) { time.Sleep(d) }
