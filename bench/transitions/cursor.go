package transitions

import (
	"encoding/binary"
	"fmt"
)

// A cursor reads the events of one thread in a generation.
type cursor struct {
	thread *thread
	next   []batch // that follow
	data   []byte  // of this batch, that follows
	short  bool    // the data ended in the middle

	// The event that is next in turn.
	kind byte
	time int64 // ns
	args [5]uint64
	g    *Goroutine // that it starts or unblocks
	p    *processor // that it starts or takes away
}

// A thread is what is known of one now.
type thread struct {
	g     *Goroutine // that runs on it, or is in a system call; nil if none
	p     *processor // that it has; nil if none or unknown
	batch []batch    // of this generation
}

func (c *cursor) byte() byte {
	if len(c.data) == 0 {
		c.short = true
		return 0
	}
	b := c.data[0]
	c.data = c.data[1:]
	return b
}

// number reads a varint.
func (c *cursor) number() uint64 {
	v, size := binary.Uvarint(c.data)
	if size <= 0 {
		c.short, c.data = true, nil
		return 0
	}
	c.data = c.data[size:]
	return v
}

// told is which events are given out by a reader that is not full.
var told = [256]bool{
	evGoCreate: true, evGoCreateSyscall: true, evGoStart: true, evGoDestroy: true, evGoDestroySyscall: true, evGoStop: true, evGoBlock: true,
	evGoUnblock: true, evGoSyscallBegin: true, evGoSyscallEnd: true, evGoSyscallEndBlocked: true, evGoStatus: true, evUserRegionBegin: true,
	evUserRegionEnd: true, evUserLog: true, evGoSwitch: true, evGoSwitchDestroy: true, evGoCreateBlocked: true, evGoStatusStack: true,
}

// advance reads up to the next event that is told. It reports false if there is none.
func (c *cursor) advance(scale float64, told *[256]bool) (bool, error) {
	for {
		for len(c.data) == 0 {
			if len(c.next) == 0 {
				return false, nil
			}
			b := c.next[0]
			c.next = c.next[1:]
			c.data, c.time = b.data, int64(float64(b.time)*scale)
		}
		data := c.data
		kind := data[0]
		n := int(numbers[kind])
		if n == 0 {
			return false, fmt.Errorf("there is no event %d", kind)
		}
		at := 1
		for i := -1; i < n-1; i++ {
			var v uint64
			if at < len(data) && data[at] < 0x80 { // most are short
				v = uint64(data[at])
				at++
			} else {
				var size int
				if v, size = binary.Uvarint(data[at:]); size <= 0 {
					return false, errShort
				}
				at += size
			}
			if i < 0 {
				c.time += int64(float64(v) * scale)
			} else {
				c.args[i] = v
			}
		}
		c.data = data[at:]
		if told[kind] {
			c.kind, c.g, c.p = kind, nil, nil
			return true, nil
		}
	}
}
