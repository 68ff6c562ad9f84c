//go:build linux

package procpool

import "testing"

// FuzzRing has a receiver read memory that the other side has filled with
// anything: frames come, or an error; it never panics, and it ends.
func FuzzRing(f *testing.F) {
	f.Add([]byte{}, uint64(0))
	f.Add([]byte{byte(frameCall), 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7}, uint64(24))
	f.Add([]byte{byte(framePad), 0, 0, 0, 0, 0, 0, 0}, uint64(8))
	f.Add([]byte{byte(frameCall), inSlab, 16, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 1}, uint64(32))
	mem := make([]byte, 2*ringSize)
	f.Fuzz(func(t *testing.T, frames []byte, head uint64) {
		clear(mem[:frameSpace])
		l := newRingLink(mem, true).(*ringLink)
		*l.rx = ring{}
		copy(l.rx.frames[:], frames)
		head %= 2 * frameSpace
		l.rx.head.Store(head)
		l.rx.written.Store(head)
		l.rx.down.Store(1) // nobody comes: wait reports the end
		for n := uint64(0); ; n++ {
			if n > head/8+2 {
				t.Fatalf("%d frames out of %d bytes", n, head)
			}
			if _, _, err := l.get(); err != nil {
				return
			}
		}
	})
}
