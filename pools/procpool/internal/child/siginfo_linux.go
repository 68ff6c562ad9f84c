package child

import (
	"encoding/binary"
	"unsafe"
)

func ptr(b *[128]byte) unsafe.Pointer { return unsafe.Pointer(b) }

// infoOf takes si_code and si_status out of a siginfo_t of a child. Both lie
// behind two or three ints, a padding on 64 bits, and pid and uid.
func infoOf(b *[128]byte) (code, status int32) {
	at := 12
	if unsafe.Sizeof(uintptr(0)) == 8 {
		at = 16
	}
	return int32(binary.NativeEndian.Uint32(b[8:])), int32(binary.NativeEndian.Uint32(b[at+8:]))
}
