package child

import (
	"encoding/binary"
	"io"
	"os"
	"sync"
	"time"
)

// A Message goes between a child and its parent, beside what they are there
// for.
type Message struct {
	Kind  byte
	Seq   uint32
	ID    [16]byte
	Size  uint64
	Files []*os.File // at most four; the receiver closes them
}

const (
	messageSize = 32
	maxFiles    = 4
	kindFiles   = 255 // the first message of a parent
)

// A Control is one end of the connection between a child and its parent. Many
// goroutines may send, one receives.
type Control struct {
	f     *os.File
	waits bool       // f blocks: the side of a child
	mu    sync.Mutex // sending
}

// Send sends a message. If the other side does not take it in time it is
// lost; within 0 waits.
func (c *Control) Send(m Message, within time.Duration) error {
	var b [messageSize]byte
	b[0], b[1] = m.Kind, byte(len(m.Files))
	binary.LittleEndian.PutUint32(b[4:], m.Seq)
	copy(b[8:24], m.ID[:])
	binary.LittleEndian.PutUint64(b[24:], m.Size)
	c.mu.Lock()
	defer c.mu.Unlock()
	if within > 0 {
		c.f.SetWriteDeadline(time.Now().Add(within))
	}
	return sendMessage(c.f, b[:], m.Files)
}

// Recv waits for a message.
func (c *Control) Recv() (m Message, err error) {
	var b [messageSize]byte
	for n := 0; n < len(b); {
		k, files, err := receiveMessage(c.f, b[n:], c.waits)
		m.Files = append(m.Files, files...)
		if err != nil || k <= 0 {
			closeAll(m.Files)
			return Message{}, io.EOF
		}
		n += k
	}
	m.Kind, m.Seq, m.Size = b[0], binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint64(b[24:])
	copy(m.ID[:], b[8:24])
	if len(m.Files) != int(b[1]) {
		closeAll(m.Files)
		m.Files = nil
	}
	return m, nil
}

// Close ends the connection.
func (c *Control) Close() { c.f.Close() }
