package cores

import (
	"sync/atomic"
	"testing"
)

func TestFind(t *testing.T) {
	for _, m := range All {
		if got, err := Find(m.Name); err != nil || got.Name != m.Name || got.Doc == "" {
			t.Errorf("Find(%q) = %q (%q), %v, want itself with a Doc", m.Name, got.Name, got.Doc, err)
		}
	}
	want := `cores: unknown model "abacus": want one of real`
	if _, err := Find("abacus"); err == nil || err.Error() != want {
		t.Errorf("Find(abacus) = %v, want %s", err, want)
	}
}

func TestComputeRunsEachSectionOnce(t *testing.T) {
	for _, m := range All {
		t.Run(m.Name, func(t *testing.T) {
			c, err := m.Open()
			if err != nil {
				t.Fatal(err)
			}
			const sections = 100
			var ran atomic.Int64
			done := make(chan error, sections)
			for range sections {
				go func() { done <- c.Compute(t.Context(), func() { ran.Add(1) }) }()
			}
			for range sections {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			if got := ran.Load(); got != sections {
				t.Errorf("%d sections ran, want %d", got, sections)
			}
			if err := c.Close(); err != nil {
				t.Error("Close:", err)
			}
		})
	}
}

// BenchmarkCompute is an empty section of compute, without cores and on each
// model. The difference is what the model costs.
func BenchmarkCompute(b *testing.B) {
	empty := func() {}
	b.Run("cores=none", func(b *testing.B) {
		for b.Loop() {
			empty()
		}
	})
	for _, m := range All {
		b.Run("cores="+m.Name, func(b *testing.B) {
			c, err := m.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			for b.Loop() {
				if err := c.Compute(b.Context(), empty); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
