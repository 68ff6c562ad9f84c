package workloads

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// Hash computes: task i is the SHA-256 of i (8 bytes, little-endian) followed
// by a buffer of Size bytes that all tasks share and only read. Its number is
// the first 8 bytes of the hash, big-endian. Where lengths are skewed, a short
// task hashes the end of the buffer, a long one the start of it again and again
// before.
//
// A task of the default size takes 100 to 200 µs on a processor with
// instructions for SHA-256. It touches no memory that another task writes, so
// it should scale with the processors.
var Hash = Workload{
	Name:      "hash",
	Doc:       "SHA-256 over a buffer that all tasks read",
	Bound:     CPU,
	Size:      256 << 10,
	MaxSize:   1 << 30,
	TestSize:  1000,
	TestLarge: 3*hashPiece + 5,
	SizeUnit:  "bytes",
	Skewed:    true,
	Cost:      150 * time.Microsecond,
	Ends:      "the processors",
	Sweeps:    []string{"quick", "quickweak", "full"},
	New:       openHash,
}

// hashPiece is how many bytes are hashed between two looks at ctx: about a
// millisecond.
const hashPiece = 1 << 20

type hashJob struct {
	cores  cores.Cores
	skew   skew
	buffer []byte
	states sync.Pool // of *hashState: no garbage while tasks run
}

type hashState struct {
	hash hash.Hash
	out  [sha256.Size]byte
}

func openHash(o Options) (Job, error) {
	j := &hashJob{cores: o.Cores, skew: skew{o.Skew, o.Seed}, buffer: make([]byte, o.Size)}
	j.states.New = func() any { return &hashState{hash: sha256.New()} }
	s := newStream(o.Seed, shared)
	s.fill(j.buffer)
	return j, nil
}

func (j *hashJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	s := j.states.Get().(*hashState)
	defer j.states.Put(s)
	err = compute(ctx, j.cores, func() error {
		s.hash.Reset()
		binary.LittleEndian.PutUint64(s.out[:], uint64(i))
		s.hash.Write(s.out[:8])
		for rest := j.skew.sized(len(j.buffer), i); rest > 0; {
			if err := ctx.Err(); err != nil {
				return err
			}
			n := min(rest, hashPiece, len(j.buffer))
			from := 0
			if rest <= len(j.buffer) {
				from = len(j.buffer) - rest
			}
			s.hash.Write(j.buffer[from : from+n])
			if rest -= n; rest > 0 {
				j.cores.Yield(ctx)
			}
		}
		sum = binary.BigEndian.Uint64(s.hash.Sum(s.out[:0]))
		return nil
	})
	return sum, err
}

func (j *hashJob) Close() error { return nil }
