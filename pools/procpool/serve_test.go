package procpool

import "testing"

func TestCancelRun(t *testing.T) {
	c := &child{cancel: func() {}}
	steps := []struct {
		cancel, run uint64 // what the parent says
		want        bool   // the Run is cancelled
	}{
		{0, 1, false},
		{1, 1, true},
		{1, 2, false}, // late: that Run is over
		{3, 3, true},  // early: before the first task of the Run
		{3, 4, false},
		{4, 4, true},
	}
	for i, s := range steps {
		c.cancelRun(s.cancel)
		if got := c.runContext(s.run).Err() != nil; got != s.want {
			t.Errorf("step %d: Run %d cancelled: %v, want %v", i, s.run, got, s.want)
		}
	}
}
