package replay

import (
	"context"
	"testing"
	"time"

	"amdahl/bench/contract"
)

// decode makes a job and a machine of any bytes.
func decode(data []byte) (Job, Machine) {
	next := func(n int) int {
		if len(data) == 0 {
			return 0
		}
		v := int(data[0]) % n
		data = data[1:]
		return v
	}
	m := Machine{
		Workers:     next(9),
		Cores:       next(5),
		Quantum:     time.Duration(next(20)),
		Interpreter: next(4) == 1,
		Switch:      time.Duration(1 + next(20)),
		Processes:   next(2) == 1,
		Dispatch:    time.Duration(next(10)),
	}
	if chunk := next(6); m.Workers > 0 {
		m.Chunk = chunk
	}
	j := Equal(next(3), 0, Phase{Compute, time.Duration(next(30))}, Phase{Locked, 1})
	for len(data) > 0 && len(j.Tasks) < 60 {
		var task Task
		for range next(5) {
			kind := []Kind{Compute, Wait, Locked}[next(3)]
			task = append(task, Phase{kind, time.Duration(next(100))})
		}
		j.Tasks = append(j.Tasks, task)
	}
	return j, m
}

// Any job follows the rules, its time is within its bounds, and the same in
// another unit of time takes as long in that, or does not fit.
func FuzzRun(f *testing.F) {
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00\x01\x05\x01\x00\x09\x01\x02\x09"), uint8(3))
	f.Add([]byte("\x04\x02\x03\x00\x00\x00\x02\x02\x00\x00\x02\x00\x40\x02\x10\x03\x00\x07\x01\x08\x02\x09\x01\x00\x50"), uint8(20))
	f.Add([]byte("\x08\x00\x00\x01\x07\x00\x01\x00\x00\x00\x02\x00\x40\x02\x10\x02\x00\x47\x02\x28\x01\x00\x50\x01\x02\x50"), uint8(62))
	f.Fuzz(func(t *testing.T, data []byte, shift uint8) {
		j, m := decode(data)
		if len(j.Serial)+len(j.Tasks) == 0 {
			j = Equal(0, 1)
		}
		small := hold(t, j, m)
		one := bound(t, j, m)
		shift %= 63
		fits := true
		scale := func(d time.Duration) time.Duration {
			fits = fits && d<<shift>>shift == d
			return d << shift
		}
		chunks := (len(j.Tasks) + max(1, m.Chunk) - 1) / max(1, m.Chunk)
		scale(max(one.Work+time.Duration(chunks)*m.Dispatch, small.Parts.Sum()))
		sumFits := fits
		fits = true
		m.Quantum, m.Switch, m.Dispatch = scale(m.Quantum), scale(m.Switch), scale(m.Dispatch)
		j = j.each(func(p Phase) Phase { return Phase{p.Kind, scale(p.Time)} })
		if !fits {
			return
		}
		big, err := Run(context.Background(), j, m)
		if (err == nil) != sumFits {
			t.Fatalf("scaled by 2^%d: %v, want that it fits: %t: job %+v on machine %+v", shift, err, sumFits, j, m)
		}
		if err == nil && (big.Time != small.Time<<shift || big.Parts[contract.Imbalance] != small.Parts[contract.Imbalance]<<shift) {
			t.Errorf("scaled by 2^%d: T = %v, want %v·2^%d: job %+v on machine %+v", shift, big.Time, small.Time, shift, j, m)
		}
	})
}
