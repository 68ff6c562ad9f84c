package child

import (
	"runtime"
	"sync"
	"time"
)

// A Launcher starts processes from one thread, kept for as long as they live:
// the kernel kills them when the thread that started them ends, not the
// process (golang.org/issue/27505).
type Launcher struct {
	mu    sync.Mutex
	calls chan func()
}

// stuckAfter is how long a fork may take before the child is suspected to be
// stopped. A child that is stopped between fork and exec keeps its parent in
// the kernel, with a lock that every other fork needs, and the next garbage
// collection waits for it for ever.
const stuckAfter = 20 * time.Millisecond

func (l *Launcher) do(f func() error) error {
	l.mu.Lock()
	calls := l.calls
	if calls == nil {
		calls = make(chan func())
		l.calls = calls
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for f := range calls {
				f()
			}
		}()
	}
	l.mu.Unlock()
	done := make(chan error, 1)
	calls <- func() {
		thread := threadID()
		var mu sync.Mutex
		ended := false
		var guard *time.Timer
		mu.Lock()
		guard = time.AfterFunc(stuckAfter, func() {
			mu.Lock()
			defer mu.Unlock()
			if !ended {
				resumeForked(thread)
				guard.Reset(stuckAfter)
			}
		})
		mu.Unlock()
		err := f()
		mu.Lock()
		ended = true
		mu.Unlock()
		guard.Stop()
		done <- err
	}
	return <-done
}

// Stop ends the thread.
func (l *Launcher) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls != nil {
		close(l.calls)
		l.calls = nil
	}
}
