package transitions

// numbered is the number in Tables of what has another one in a generation, where known.
type numbered struct {
	list []int32 // number + 1 by the other one, 0 if not known yet
	more map[uint64]int32
}

func (n *numbered) clear() {
	clear(n.list)
	n.more = nil
}

// listed is up to which number a list is used: the runtime counts from 1.
const listed = 1 << 20

func (n *numbered) get(id uint64) (number int32, ok bool) {
	if id < uint64(len(n.list)) {
		v := n.list[id]
		return v - 1, v > 0
	}
	number, ok = n.more[id]
	return number, ok
}

func (n *numbered) set(id uint64, number int32) {
	if id >= listed {
		if n.more == nil {
			n.more = map[uint64]int32{}
		}
		n.more[id] = number
		return
	}
	if id >= uint64(len(n.list)) {
		n.list = append(n.list, make([]int32, id+1-uint64(len(n.list)))...)
	}
	n.list[id] = number + 1
}

// blocks keeps the bytes of a generation, and uses the memory again for the next one.
type blocks struct {
	all  [][]byte
	full int // blocks that are
	used int // bytes of the next block
}

const blockSize = 1 << 20

// take is memory for size bytes, at most maxBatch.
func (b *blocks) take(size int) []byte {
	if b.used+size > blockSize {
		b.full++
		b.used = 0
	}
	if b.full == len(b.all) {
		b.all = append(b.all, make([]byte, blockSize))
	}
	m := b.all[b.full][b.used : b.used+size : b.used+size]
	b.used += size
	return m
}

func (b *blocks) clear() { b.full, b.used = 0, 0 }
