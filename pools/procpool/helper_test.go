//go:build unix

package procpool

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestHelper(t *testing.T) {
	checkLeft(t)
	ready, stop, err := startHelper(bounded(t), "echo", "the call", limit)
	if want := "I heard the call"; ready != want || err != nil {
		t.Fatalf("StartHelper = %q, %v, want %q", ready, err, want)
	}
	for range 2 {
		if err := stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
}

func TestHelperRefuses(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		ctx  context.Context
		role string
		want string
	}{
		{nil, "cook", `no role "cook"`},
		{nil, Tasks, `role "tasks" is for a pool: use Start`},
		{nil, "loser", "lost it"},
		{nil, "quitter", "it ended before it was ready"},
		{cancelled, "echo", "context canceled"},
	}
	for _, tt := range tests {
		checkLeft(t)
		if tt.ctx == nil {
			tt.ctx = bounded(t)
		}
		if _, stop, err := StartHelper(tt.ctx, tt.role, "it"); stop != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("StartHelper(%q): %v, want %q", tt.role, err, tt.want)
		}
	}
}

func TestHelperEndsBadly(t *testing.T) {
	tests := []struct {
		role  string
		grace time.Duration
		want  string
	}{
		{"late", limit, "could not tidy up"},
		{"stubborn", 20 * time.Millisecond, "did not exit within 20ms: killed"},
	}
	for _, tt := range tests {
		checkLeft(t)
		_, stop, err := startHelper(bounded(t), tt.role, "", tt.grace)
		if err != nil {
			t.Fatal(err)
		}
		if err := stop(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("stop of %s: %v, want %q", tt.role, err, tt.want)
		}
	}
}
