package replay

import (
	"context"
	"strings"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// A core of speed 4 does four tasks while one of speed 1 does one; waiting takes as
// long on both, and the serial tasks have the fast one.
func TestSpeeds(t *testing.T) {
	s := time.Second
	for _, tt := range []struct {
		name string
		job  Job
		m    Machine
		want time.Duration
	}{
		{"five tasks", Equal(0, 5, Phase{Compute, 4 * s}), Machine{Workers: 2, Speeds: []float64{4, 1}}, 4 * s},
		{"serial tasks", Equal(3, 0, Phase{Compute, 4 * s}), Machine{Workers: 2, Speeds: []float64{1, 4}}, 3 * s},
		{"serial tasks, by word", Equal(3, 0, Phase{Compute, 4 * s}), Machine{Workers: 2, Speeds: []float64{1, 1}, SerialSpeed: 2}, 6 * s},
		{"waiting", Equal(1, 2, Phase{Wait, 4 * s}), Machine{Workers: 2, Speeds: []float64{4, 4}}, 8 * s},
		{"locked", Equal(0, 2, Phase{Locked, 4 * s}), Machine{Workers: 2, Speeds: []float64{4, 1}}, 5 * s},
	} {
		out := run(t, tt.job, tt.m)
		if out.Time != tt.want || out.Parts.Sum() != time.Duration(out.Workers)*out.Time {
			t.Errorf("%s: %v with parts %v, want %v", tt.name, out.Time, out.Parts, tt.want)
		}
	}
	out := run(t, Equal(0, 8, Phase{Compute, s}), Machine{Workers: 2, Speeds: []float64{2, 2}})
	if out.Time != 2*s || out.Parts[contract.Useful] != 4*s {
		t.Errorf("twice as fast: %v, useful %v, want 2s and 4s", out.Time, out.Parts[contract.Useful])
	}
}

func TestBadSpeeds(t *testing.T) {
	for _, m := range []Machine{
		{Workers: 2, Speeds: []float64{1}}, {Speeds: []float64{1}}, {Workers: 1, Speeds: []float64{0}}, {Workers: 1, Speeds: []float64{-1}},
		{Workers: 1, Speeds: []float64{1e9}}, {Workers: 1, Cores: 1, Speeds: []float64{1}}, {SerialSpeed: 2}, {Workers: 1, Speeds: []float64{1}, SerialSpeed: -1},
	} {
		if _, err := Run(context.Background(), Equal(0, 1, Phase{Compute, 1}), m); err == nil || !strings.Contains(err.Error(), "speed") && !strings.Contains(err.Error(), "Speeds") {
			t.Errorf("%+v: %v, want an error about speeds", m, err)
		}
	}
	if _, err := Bound(Equal(0, 1, Phase{Compute, 1}), Machine{Workers: 1, Speeds: []float64{1}}); err == nil {
		t.Error("bounds of a machine with speeds: no error")
	}
}
