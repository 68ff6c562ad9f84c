package workloads

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"runtime"
	"testing"
)

func TestHashIsSHA256(t *testing.T) {
	for _, size := range []int{1, 55, 64, 4096, hashPiece, hashPiece + 1} {
		message := make([]byte, 8+size)
		s := newStream(5, shared)
		s.fill(message[8:])
		job := open(t, Hash, Options{Size: size, Seed: 5})
		for _, i := range []int{0, 1, 1 << 20} {
			binary.LittleEndian.PutUint64(message, uint64(i))
			hash := sha256.Sum256(message)
			if got, want := do(t, job, i), binary.BigEndian.Uint64(hash[:8]); got != want {
				t.Errorf("size %d, task %d: sum %#x, want %#x", size, i, got, want)
			}
		}
	}
}

// The product by its definition, element by element, in the same order of
// additions: the bits must agree.
func TestMatrixIsTheProduct(t *testing.T) {
	for _, n := range []int{1, 2, 7, 64} {
		const seed, i = 3, 11
		a, b := make([]float64, n*n), make([]float64, n*n)
		own, all := newStream(seed, i), newStream(seed, shared)
		fillFloats(&own, a)
		fillFloats(&all, b)
		var d digest
		for row := range n {
			for column := range n {
				var x float64
				for k := range n {
					x += float64(a[row*n+k] * b[k*n+column])
				}
				d.word(math.Float64bits(x))
			}
		}
		if got, want := do(t, open(t, Matrix, Options{Size: n, Seed: seed}), i), uint64(d); got != want {
			t.Errorf("%d rows: sum %#x, want %#x", n, got, want)
		}
	}
}

func TestMultiplyRow(t *testing.T) {
	c := []float64{9, 9}
	multiplyRow(c, []float64{2, 3}, []float64{1, 10, 100, 1000})
	if c[0] != 302 || c[1] != 3020 {
		t.Errorf("(2 3)·(1 10; 100 1000) = %v, want [302 3020]", c)
	}
}

// Garbage would make the collector part of what is measured. A task makes a
// closure or two; what it works on is kept for the next.
func TestComputeMakesLittleGarbage(t *testing.T) {
	const tasks, most = 200, 700
	for _, w := range []Workload{Hash, Matrix} {
		job := open(t, w, Options{Size: min(w.Size, 4096)})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range tasks {
			do(t, job, i)
		}
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / tasks; got > most {
			t.Errorf("%s: %d bytes of garbage a task, want at most %d", w.Name, got, most)
		}
	}
}
