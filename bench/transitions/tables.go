package transitions

import (
	"sync"
	"sync/atomic"
)

// Tables number words and stacks, of all generations alike. They are for several goroutines
// at once.
type Tables struct {
	words  atomic.Pointer[[]string] // each list is kept as it is; more words make another one
	stacks atomic.Pointer[[][]Frame]

	mu      sync.Mutex // guards making them longer, and the rest
	numbers map[string]int32
	keys    map[string]int32
	key     []byte
}

// NewTables makes tables with the empty word and no stack.
func NewTables() *Tables {
	t := &Tables{numbers: map[string]int32{"": 0}, keys: map[string]int32{}}
	t.words.Store(&[]string{""})
	t.stacks.Store(&[][]Frame{nil})
	return t
}

// Word is the word with a number that [Tables.Number] or an [Event] has given.
func (t *Tables) Word(n int32) string { return (*t.words.Load())[n] }

// Number is the number of a word, a new one if need be.
func (t *Tables) Number(word string) int32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.numbers[word]
	if !ok {
		n = lengthen(&t.words, word)
		t.numbers[word] = n
	}
	return n
}

// lengthen appends to a list, and returns the number of what it appended.
func lengthen[T any](to *atomic.Pointer[[]T], v T) int32 {
	old := *to.Load()
	list := append(old, v) // behind what others read
	to.Store(&list)
	return int32(len(old))
}

// Frames are the calls of a stack with a number that an [Event] has given, the innermost
// first. They must not be changed.
func (t *Tables) Frames(n int32) []Frame { return (*t.stacks.Load())[n] }

// stack is the number of a stack with these calls, a new one if need be. The frames are kept.
func (t *Tables) stack(frames []Frame) int32 {
	if len(frames) == 0 {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.key = t.key[:0]
	for _, f := range frames {
		t.key = append(append(append(append(t.key, f.Function...), 0), f.File...), 0)
		for line := f.Line; ; line >>= 8 {
			t.key = append(t.key, byte(line))
			if line>>8 == 0 {
				break
			}
		}
		t.key = append(t.key, 0)
	}
	n, ok := t.keys[string(t.key)]
	if !ok {
		n = lengthen(&t.stacks, frames)
		t.keys[string(t.key)] = n
	}
	return n
}
