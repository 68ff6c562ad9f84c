package perf

import (
	"errors"
	"strings"
	"testing"
)

// Open gives counters, or an error with one line that says why not.
func TestOpen(t *testing.T) {
	c, err := Open()
	if err == nil {
		r, err := c.Read()
		if err != nil || r.Instructions == 0 || r.Cycles == 0 || !(r.Running > 0 && r.Running <= 1) {
			t.Errorf("got %+v, %v, want counts", r, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, ErrUnsupported) {
		t.Fatalf("got %v, want an *Error that wraps ErrUnsupported", err)
	}
	if e.Reason == "" || strings.Contains(e.Reason, "\n") || err.Error() != "perf: "+e.Reason {
		t.Errorf("got %q of reason %q, want one line", err, e.Reason)
	}
}
