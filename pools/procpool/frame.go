package procpool

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A frame is a 4-byte little-endian length of what follows, one byte of kind,
// and a body. Numbers in a body are 8 bytes, little-endian.
const (
	headerSize = 5
	maxBody    = 1 << 20
	maxText    = 64 << 10 // error texts, panic values and stacks are cut to this
)

type kind byte

const (
	kindOpen   kind = 'O' // to the child: spec or argument
	kindTask   kind = 'T' // to the child: number of the Run, task
	kindAsk    kind = 'A' // to the child: how much have you used?
	kindCancel kind = 'C' // to the child, on the lifeline: number of the Run
	kindReady  kind = 'R' // from the child: the helper's line, or nothing
	kindSum    kind = 'S' // from the child: task, sum
	kindError  kind = 'E' // from the child: task (-1: opening), text
	kindPanic  kind = 'P' // from the child: task, length of the value, value, stack
	kindUsed   kind = 'U' // from the child: CPU ns, counters as JSON
)

// errCorrupt marks input that breaks the protocol; after it the stream
// cannot be trusted.
var errCorrupt = errors.New("corrupt frame")

// appendFrame appends one frame whose body is the parts. A body over maxBody
// is the caller's bug; readers refuse it.
func appendFrame(dst []byte, k kind, parts ...[]byte) []byte {
	n := 1
	for _, p := range parts {
		n += len(p)
	}
	dst = append(binary.LittleEndian.AppendUint32(dst, uint32(n)), byte(k))
	for _, p := range parts {
		dst = append(dst, p...)
	}
	return dst
}

// appendPair appends the frame of two numbers, the form of most frames.
func appendPair(dst []byte, k kind, a, b uint64) []byte {
	dst = append(binary.LittleEndian.AppendUint32(dst, 17), byte(k))
	dst = binary.LittleEndian.AppendUint64(dst, a)
	return binary.LittleEndian.AppendUint64(dst, b)
}

func number(n int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(n)) }

func cut(s string) []byte { return []byte(s[:min(len(s), maxText)]) }

// A frameReader reads frames from one stream.
type frameReader struct {
	r    *bufio.Reader
	head [headerSize]byte
	body []byte
}

func newFrameReader(r io.Reader) *frameReader { return &frameReader{r: bufio.NewReader(r)} }

// next returns the next frame; its body is good until the next call. The
// error is io.EOF if the stream ended between two frames.
func (f *frameReader) next() (kind, []byte, error) {
	if _, err := io.ReadFull(f.r, f.head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, nil, fmt.Errorf("%w: the stream ended inside a header: %w", errCorrupt, err)
		}
		return 0, nil, err
	}
	n := binary.LittleEndian.Uint32(f.head[:])
	if n < 1 || n > maxBody+1 {
		return 0, nil, fmt.Errorf("%w: length %d is outside 1..%d", errCorrupt, n, maxBody+1)
	}
	n--
	if uint32(cap(f.body)) < n {
		f.body = make([]byte, n)
	}
	f.body = f.body[:n]
	if _, err := io.ReadFull(f.r, f.body); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, fmt.Errorf("%w: the stream ended inside a body of %d bytes: %w", errCorrupt, n, err)
	}
	return kind(f.head[4]), f.body, nil
}

// pair takes the two numbers of a body.
func pair(k kind, body []byte) (a, b uint64, err error) {
	if len(body) != 16 {
		return 0, 0, fmt.Errorf("%w: kind %q has %d bytes, want 16", errCorrupt, k, len(body))
	}
	return binary.LittleEndian.Uint64(body), binary.LittleEndian.Uint64(body[8:]), nil
}

// parseReply reads the answer to a task: its sum, or the error of the task,
// or an error that is errCorrupt.
func parseReply(pid, task int, k kind, body []byte) (uint64, error) {
	if len(body) < 8 {
		return 0, fmt.Errorf("%w: kind %q has %d bytes, want at least 8", errCorrupt, k, len(body))
	}
	if got := int(binary.LittleEndian.Uint64(body)); got != task {
		return 0, fmt.Errorf("%w: answer to task %d, want task %d", errCorrupt, got, task)
	}
	body = body[8:]
	switch {
	case k == kindSum && len(body) == 8:
		return binary.LittleEndian.Uint64(body), nil
	case k == kindError && task < 0:
		return 0, errors.New(string(body))
	case k == kindError:
		return 0, fmt.Errorf("procpool: task %d (process %d): %s", task, pid, body)
	case k == kindPanic && len(body) >= 8:
		n := binary.LittleEndian.Uint64(body)
		body = body[8:]
		if n <= uint64(len(body)) {
			return 0, &PanicError{Task: task, Value: string(body[:n]), Stack: append([]byte(nil), body[n:]...), Pid: pid}
		}
	}
	return 0, fmt.Errorf("%w: kind %q with %d bytes is no answer to a task", errCorrupt, k, len(body))
}

func appendUsage(dst []byte, u Usage) ([]byte, error) {
	counters, err := json.Marshal(u.Counters)
	if err != nil {
		return dst, err
	}
	return appendFrame(dst, kindUsed, number(u.CPU), counters), nil
}

func parseUsage(k kind, body []byte) (Usage, error) {
	if k != kindUsed || len(body) < 8 {
		return Usage{}, fmt.Errorf("%w: kind %q with %d bytes is no usage", errCorrupt, k, len(body))
	}
	u := Usage{CPU: int64(binary.LittleEndian.Uint64(body))}
	if err := json.Unmarshal(body[8:], &u.Counters); err != nil {
		return Usage{}, fmt.Errorf("%w: counters: %w", errCorrupt, err)
	}
	return u, nil
}
