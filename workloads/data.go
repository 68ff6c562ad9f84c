package workloads

import "encoding/binary"

// A stream is an endless sequence of pseudo-random numbers: SplitMix64.
// Equal seeds give equal streams in every process and on every machine.
//
// Source: Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014, https://doi.org/10.1145/2660193.2660195.
type stream uint64

// shared stands for the data that all tasks of a seed have in common, in
// place of a task's index.
const shared = -1

// newStream starts the stream of task i, which differs for each pair of seed
// and task.
func newStream(seed uint64, i int) stream {
	s := stream(seed)
	return stream(s.next() + uint64(i))
}

// next returns the next number of the stream, uniform over 64 bits.
func (s *stream) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// fill fills b. Filling in pieces gives the same bytes as filling at once if
// all pieces but the last are multiples of 8 bytes.
func (s *stream) fill(b []byte) {
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, s.next())
		b = b[8:]
	}
	if len(b) > 0 {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], s.next())
		copy(b, word[:])
	}
}

// A digest is a number that depends on every bit added to it and on their
// order: it finds lost and changed work, it does not resist an attacker.
type digest uint64

// word adds x. For a given digest it is a bijection of x, so that no change
// of a single word is lost.
func (d *digest) word(x uint64) {
	s := stream(uint64(*d) ^ x)
	*d = digest(s.next())
}

// bytes adds b, the end of the last word filled with zeros.
func (d *digest) bytes(b []byte) {
	for len(b) >= 8 {
		d.word(binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	if len(b) > 0 {
		var word [8]byte
		copy(word[:], b)
		d.word(binary.LittleEndian.Uint64(word[:]))
	}
}
