package cores

import "sync"

// A FreeList keeps what one running task has to itself for the next task: the
// one used last is used next. It is safe for concurrent use.
type FreeList[T any] struct {
	mu   sync.Mutex
	free []*T
}

// Take returns one that no other task has. Where none is free, it calls make, one
// call at a time.
func (l *FreeList[T]) Take(make func() *T) *T {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.free) - 1
	if last < 0 {
		return make()
	}
	v := l.free[last]
	l.free = l.free[:last]
	return v
}

// Put gives one back.
func (l *FreeList[T]) Put(v *T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, v)
}

// Len is how many are free.
func (l *FreeList[T]) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.free)
}
