package charts

import (
	"math"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// The columns of a lane have the cause that lasted longest in them, and the shares are
// those of what was recorded.
func TestTracks(t *testing.T) {
	o := handedOut(4, 12, false, 10*ms, 0) // 20 ms serial, then 3 tasks on each lane
	tracks, share := Tracks(o, 50)
	if len(tracks) != 4 || len(tracks[0].Causes) != 50 || tracks[0].Name != "1" {
		t.Fatalf("got %d lanes, %+v", len(tracks), tracks[0])
	}
	for lane, want := range map[int]contract.Cause{0: contract.Useful, 1: contract.Serial} {
		if got := tracks[lane].Causes[5]; got != want { // 5 to 6 of 50 ms
			t.Errorf("lane %d in the serial section: %q, want %q", lane, got, want)
		}
	}
	if got := tracks[2].Causes[25]; got != contract.Useful {
		t.Errorf("in the middle of a task: %q", got)
	}
	sum := 0.0
	for _, s := range share {
		sum += s
	}
	if math.Abs(sum-1) > 1e-9 || math.Abs(share[contract.Serial]-0.3) > 1e-9 { // 3 of 4 lanes for 20 of 50 ms
		t.Errorf("shares %v, sum %g", share, sum)
	}
	// One column has all of a lane, and many lanes are cut.
	one, _ := Tracks(handedOut(mostLanes+5, 200, false, 10*ms, time.Microsecond), 1)
	if len(one) != mostLanes || one[0].Causes[0] == "" {
		t.Errorf("%d lanes, first %q", len(one), one[0].Causes)
	}
	if tracks, _ := Tracks(&contract.Operation{Workers: 1, Time: ms}, 10); tracks != nil {
		t.Errorf("without a lane: %v", tracks)
	}
}
