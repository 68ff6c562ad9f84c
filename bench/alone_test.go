package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/timeline"
	"amdahl/workloads/cores"
)

// stays is a job on nothing: a task says that it computes, and how often.
type stays struct{ runs map[int]int }

func (j *stays) Do(ctx context.Context, i int) (uint64, error) {
	if i == 7 {
		return 0, errors.New("seven")
	}
	j.runs[i]++
	p := cores.ProbeOf(ctx)
	p.Enter(cores.Computing)
	p.Enter(cores.Waiting)
	return 0, nil
}

func (*stays) Close() error { return nil }

func TestAlone(t *testing.T) {
	j := &stays{map[int]int{}}
	got, err := alone(t.Context(), j, 5)
	if want := map[int]int{0: 5, 1: 5, 2: 5, 3: 5, 4: 5}; err != nil || len(got) != 5 || !cmp.Equal(j.runs, want) {
		t.Errorf("got %d tasks, %v, which ran %v times, want 5, each 5 times", len(got), err, j.runs)
	}
	if _, err := alone(t.Context(), j, 8); err == nil || !strings.Contains(err.Error(), "task 7 by itself: seven") {
		t.Errorf("got %v, want that of task 7", err)
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		of   [][2]time.Duration // wall and CPU time
		want [2]time.Duration
	}{
		{[][2]time.Duration{{3, 2}}, [2]time.Duration{3, 2}},
		{[][2]time.Duration{{3, 2}, {1, 4}}, [2]time.Duration{1, 2}},
		{[][2]time.Duration{{9, 2}, {1, 8}, {3, 3}}, [2]time.Duration{3, 3}},
	} {
		var of []timeline.Compute
		for _, c := range tt.of {
			of = append(of, timeline.Compute{Wall: c[0], CPU: c[1]})
		}
		if got := median(of); got.Wall != tt.want[0] || got.CPU != tt.want[1] {
			t.Errorf("%v: got %v, want %v", tt.of, got, tt.want)
		}
	}
}
