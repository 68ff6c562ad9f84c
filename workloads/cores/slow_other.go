//go:build !linux && !darwin

package cores

import (
	"errors"
	"time"
)

// ThreadTime is not to be had on this system.
func ThreadTime() (time.Duration, error) { return 0, errors.ErrUnsupported }
