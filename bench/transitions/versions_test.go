package transitions

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"testing"
	"time"
)

// older is a trace as an older version of Go would have written it: 25 without the end of
// generations, 22 and 23 with the clock in a batch of its own as well.
func older(t *testing.T, text []byte, version int) []byte {
	t.Helper()
	in := bytes.NewReader(text[16:])
	out := fmt.Appendf(nil, "go 1.%d trace\x00\x00\x00", version)
	for in.Len() > 0 {
		kind, _ := in.ReadByte()
		if kind == evEndOfGeneration {
			continue
		}
		if kind != evEventBatch {
			t.Fatalf("a batch of kind %d", kind)
		}
		var h [4]uint64
		for i := range h {
			var err error
			if h[i], err = binary.ReadUvarint(in); err != nil {
				t.Fatal(err)
			}
		}
		data := make([]byte, h[3])
		if _, err := io.ReadFull(in, data); err != nil {
			t.Fatal(err)
		}
		if len(data) > 0 && data[0] == evSync && version < 25 {
			_, n := binary.Uvarint(data[2:])
			data = data[1 : 2+n] // the frequency
			if data[0] != evFrequency {
				t.Fatalf("the clock is %v", data)
			}
		}
		out = append(out, kind)
		for _, v := range []uint64{h[0], h[1], h[2], uint64(len(data))} {
			out = binary.AppendUvarint(out, v)
		}
		out = append(out, data...)
	}
	return out
}

func TestVersions(t *testing.T) {
	d := 1300 * time.Millisecond
	if testing.Short() {
		d = 50 * time.Millisecond
	}
	text := busy(t, d)
	if !bytes.HasPrefix(text, []byte("go 1.26 trace")) {
		t.Skipf("a trace of another version: %.16q", text)
	}
	for _, version := range []int{22, 23, 25} {
		t.Run(fmt.Sprint("go 1.", version), func(t *testing.T) { agree(t, older(t, text, version)) })
	}
}
