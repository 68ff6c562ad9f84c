//go:build !linux && !darwin

package timeline

import "time"

func monotonic() int64 { return time.Now().UnixNano() }
