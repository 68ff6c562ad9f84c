package workloads

import (
	"bytes"
	"testing"
)

// The first numbers of SplitMix64 with seed 1234567, from the reference
// implementation (https://prng.di.unimi.it/splitmix64.c).
func TestStreamIsSplitMix64(t *testing.T) {
	s := stream(1234567)
	for k, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := s.next(); got != want {
			t.Errorf("number %d: %d, want %d", k, got, want)
		}
	}
}

func TestFillInPieces(t *testing.T) {
	for _, size := range []int{1, 7, 8, 9, 16, 100} {
		whole, pieces := make([]byte, size), make([]byte, size)
		s := newStream(1, 2)
		s.fill(whole)
		s = newStream(1, 2)
		s.fill(pieces[:size/16*8])
		s.fill(pieces[size/16*8:])
		if !bytes.Equal(whole, pieces) {
			t.Errorf("%d bytes: in pieces %x, want %x", size, pieces, whole)
		}
	}
}

func TestDigestSeesEveryBitAndTheOrder(t *testing.T) {
	sum := func(b []byte) uint64 {
		var d digest
		d.bytes(b)
		return uint64(d)
	}
	data := []byte("0123456789abcdefghij!")
	seen := map[uint64]int{sum(data): -1}
	for bit := range 8 * len(data) {
		changed := bytes.Clone(data)
		changed[bit/8] ^= 1 << (bit % 8)
		if other, ok := seen[sum(changed)]; ok {
			t.Errorf("flipping bit %d gives the same digest as flipping %d (-1: none)", bit, other)
		}
		seen[sum(changed)] = bit
	}
	if swapped := []byte("89abcdef01234567ghij!"); sum(swapped) == sum(data) {
		t.Error("swapping two words does not change the digest")
	}
}
