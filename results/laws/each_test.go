package laws

import (
	"context"
	"errors"
	"testing"

	"amdahl/results"
)

func TestAnalyzeEach(t *testing.T) {
	var curves []*results.Curve
	for i := range 9 {
		if i%3 == 2 {
			curves = append(curves, measured(uint64(i), 1, 0.1, 4))
		} else {
			curves = append(curves, measured(uint64(i), 1, 0.1, 1, 2, 4))
		}
	}
	as, errs := AnalyzeEach(t.Context(), curves, Options{})
	for i, c := range curves {
		if i%3 == 2 {
			if !errors.Is(errs[i], ErrOneLevel) {
				t.Errorf("curve %d: got %v, want ErrOneLevel", i, errs[i])
			}
		} else if errs[i] != nil || as[i].Curve != c {
			t.Errorf("curve %d: got %v and another curve's analysis", i, errs[i])
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, errs := AnalyzeEach(ctx, curves, Options{}); !errors.Is(errors.Join(errs...), context.Canceled) {
		t.Errorf("got %v, want context.Canceled", errs)
	}
}
