package procpool

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// defaultGrace is how long a child may take to obey.
const defaultGrace = 5 * time.Second

// StartHelper starts a child of this program in a helper role, waits until it
// is ready, and returns the line that it said then. ctx bounds the start only.
//
// The caller calls stop, which asks the helper to end, kills it if that takes
// more than five seconds, and waits until it is gone. The error of stop says
// that the helper had died before, or did not end well; a second call gives
// the same. The helper ends with this process in any case.
func StartHelper(ctx context.Context, role, arg string) (ready string, stop func() error, err error) {
	return startHelper(ctx, role, arg, defaultGrace)
}

func startHelper(ctx context.Context, role, arg string, grace time.Duration) (ready string, stop func() error, err error) {
	if err := mayStart(role, true); err != nil {
		return "", nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return "", nil, fmt.Errorf("procpool: starting a helper: %w", err)
	}
	t := newThread()
	p, err := fork(t, role)
	if err == nil {
		ready, err = p.open(ctx, arg)
	}
	if err != nil {
		close(t)
		return "", nil, err
	}
	return ready, sync.OnceValue(func() error {
		defer close(t)
		return p.stop(grace)
	}), nil
}
