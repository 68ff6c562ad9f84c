package workloads

import (
	"compress/flate"
	"context"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// Zip compresses: a task writes Size bytes of text, words that depend on the
// seed and on its number, and compresses them with compress/flate at its
// default level. Its number depends on every byte of the result.
//
// A compressor has a window and tables of about 1 MiB, so as many of them as
// there are workers compete for the last cache.
var Zip = Workload{
	Name:      "zip",
	Doc:       "compresses text with compress/flate",
	Bound:     CPU,
	Size:      4096,
	MaxSize:   1 << 30,
	TestSize:  301,
	TestLarge: 3*zipPiece + 5,
	SizeUnit:  "bytes",
	Cost:      250 * time.Microsecond,
	Ends:      "the processors, and the cache that they share",
	Loss:      "inflation",
	Sweeps:    []string{"full/fixed"},
	New: func(o Options) (Job, error) {
		j := &zipJob{cores: o.Cores, seed: o.Seed, size: o.Size}
		j.states.New = func() any {
			s := &zipState{}
			s.w, _ = flate.NewWriter(&s.out, flate.DefaultCompression) // its error is one of the level
			return s
		}
		return j, nil
	},
}

// zipPiece is how many bytes are compressed between two looks at ctx.
const zipPiece = 1 << 16

// A zipState is what a running task has to itself.
type zipState struct {
	w    *flate.Writer
	out  digestWriter
	text []byte
}

// A digestWriter adds what is written to a digest, whatever the pieces.
type digestWriter struct {
	d    digest
	rest []byte // up to 7 bytes that are no word yet
}

func (w *digestWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	whole := len(w.rest) &^ 7
	w.d.bytes(w.rest[:whole])
	w.rest = w.rest[:copy(w.rest, w.rest[whole:])]
	return len(b), nil
}

// sum is the digest of all that was written. The writer is then as new.
func (w *digestWriter) sum() uint64 {
	w.d.bytes(w.rest)
	w.d.word(uint64(len(w.rest)))
	sum := uint64(w.d)
	w.d, w.rest = 0, w.rest[:0]
	return sum
}

type zipJob struct {
	cores  cores.Cores
	seed   uint64
	size   int
	states sync.Pool // of *zipState
}

func (j *zipJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	z := j.states.Get().(*zipState)
	defer j.states.Put(z)
	err = compute(ctx, j.cores, func() error {
		z.out.sum()
		z.w.Reset(&z.out)
		s := newStream(j.seed, i)
		for left := j.size; left > 0; {
			if err := ctx.Err(); err != nil {
				return err
			}
			n := min(left, zipPiece)
			z.text = appendText(z.text[:0], &s, n)
			if _, err := z.w.Write(z.text); err != nil {
				return err
			}
			if left -= n; left > 0 {
				j.cores.Yield(ctx)
			}
		}
		if err := z.w.Close(); err != nil {
			return err
		}
		sum = z.out.sum()
		return nil
	})
	return sum, err
}

func (j *zipJob) Close() error { return nil }

// syllables make words; three of them make one of 4096.
var syllables = [16]string{"ba", "ce", "di", "fo", "gu", "ha", "ki", "le", "mo", "nu", "pa", "re", "si", "to", "vu", "ze"}

// appendText appends n bytes of words with spaces between them. Short words
// are more frequent, as in a language.
func appendText(b []byte, s *stream, n int) []byte {
	end := len(b) + n
	for len(b) < end {
		x := s.next()
		for range 1 + x>>62 {
			b = append(b, syllables[x&15&(x>>8)]...) // some syllables more often
			x >>= 4
		}
		b = append(b, ' ')
	}
	return b[:end]
}
