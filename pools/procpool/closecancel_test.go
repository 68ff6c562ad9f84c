package procpool

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestCloseCancelCall: a Call that has an idle worker to itself is not taken
// back by CloseCancel, so that it returns, and CloseCancel with it.
func TestCloseCancelCall(t *testing.T) {
	for _, tr := range everywhere {
		t.Run(tr.String(), func(t *testing.T) {
			t.Parallel()
			n := 50
			if tr != Goroutines {
				n = fewer(n, 5)
			}
			for range n {
				p := begin(t, tr, Options{Workers: 1})
				ctx, cancel := context.WithTimeout(t.Context(), 2*enough)
				called := make(chan error, 1)
				go func() {
					for {
						if _, err := Call(ctx, p, nothing, 1); err != nil {
							called <- err
							return
						}
					}
				}()
				time.Sleep(200 * time.Microsecond)
				closed := make(chan error, 1)
				go func() { closed <- p.CloseCancel() }()
				for _, c := range []struct {
					name string
					done chan error
				}{{"Call", called}, {"CloseCancel", closed}} {
					select {
					case err := <-c.done:
						if err != nil && !errors.Is(err, ErrClosed) && !errors.Is(err, ErrCancelled) {
							t.Errorf("%s: %v", c.name, err)
						}
					case <-time.After(3 * enough):
						t.Fatalf("%s has not returned", c.name)
					}
				}
				cancel()
			}
		})
	}
}
