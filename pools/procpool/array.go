package procpool

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"amdahl/pools/procpool/internal/child"
)

// An Array is a slice of numbers in memory that processes share: workers see
// what this process wrote, and it what they write, without copying. It is made
// by [NewArray], and given to workers as an argument or inside one:
//
//	type part struct {
//		Data   *procpool.Array[float64]
//		Lo, Hi int
//	}
//
// A worker maps it the first time that it gets it, and keeps it until it is
// closed. Nothing orders the accesses of several processes but the tasks: what
// was written before a call is seen by its task, and what a task wrote is seen
// after it. The kernel frees the memory when the last process that has it
// closes it or dies.
//
// The types of elements are those without pointers: numbers, bools, arrays and
// structs of them.
type Array[T any] struct {
	n int
	m *mapping
}

// A mapping is the memory of an array in this process.
type mapping struct {
	id    [16]byte
	bytes int
	file  *os.File
	own   bool // made here

	mu    sync.Mutex
	mem   []byte                      // nil when closed
	users map[*child.Process]struct{} // workers that have it too
}

// arrays are those that this process knows.
var arrays = &arrayTable{byID: map[[16]byte]*mapping{}, awaited: map[[16]byte]chan struct{}{}}

type arrayTable struct {
	parent *child.Control // of a worker

	mu      sync.Mutex
	byID    map[[16]byte]*mapping
	awaited map[[16]byte]chan struct{}
}

var errNoArray = errors.New("procpool: the array is not there: it was closed, or was made in a worker; make it in the parent and close it when its last task is done")

// NewArray makes an array of n zeros. Whoever makes it closes it. Where there
// is no shared memory (Windows) the error says so.
func NewArray[T any](n int) (*Array[T], error) {
	t := reflect.TypeFor[T]()
	size := int(t.Size())
	switch {
	case !flat(t) || size == 0:
		return nil, fmt.Errorf("procpool: NewArray[%v]: the elements must be numbers, bools, or arrays or structs of them", t)
	case n < 0 || n > math.MaxInt/size:
		return nil, fmt.Errorf("procpool: NewArray[%v](%d): want 0 to %d elements", t, n, math.MaxInt/size)
	}
	m := &mapping{bytes: max(1, n*size), own: true, users: map[*child.Process]struct{}{}}
	var err error
	if m.file, err = child.NewShared("procpool-array", m.bytes); err == nil {
		if m.mem, err = child.Map(m.file, m.bytes); err != nil {
			m.file.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("procpool: NewArray[%v](%d): no shared memory of %d bytes here: %w", t, n, m.bytes, err)
	}
	rand.Read(m.id[:])
	arrays.mu.Lock()
	arrays.byID[m.id] = m
	arrays.mu.Unlock()
	return &Array[T]{n: n, m: m}, nil
}

// Len is the number of elements.
func (a *Array[T]) Len() int { return a.n }

// Slice returns the elements, in place. The slice is good until Close, and in
// a task while the array is in use: keep the Array, not the slice, in a
// variable that outlives the task. It panics after Close.
func (a *Array[T]) Slice() []T {
	a.m.mu.Lock()
	defer a.m.mu.Unlock()
	if a.m.mem == nil {
		panic("procpool: Array.Slice after Close")
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&a.m.mem[0])), a.n)
}

// Close ends the use of the array in this process, and in workers as soon as
// nothing there refers to it. Slices of it must not be touched after that.
func (a *Array[T]) Close() error {
	arrays.forget(a.m.id)
	if a.m.own {
		a.m.close()
	}
	return nil
}

func (m *mapping) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mem == nil {
		return
	}
	child.Unmap(m.mem)
	m.mem = nil
	m.file.Close()
	for p := range m.users {
		p.Tell(child.Message{Kind: tellFreed, ID: m.id})
	}
	m.users = nil
}

// MarshalBinary names the array; it does not copy it.
func (a *Array[T]) MarshalBinary() ([]byte, error) {
	if a.m == nil {
		return nil, errNoArray
	}
	a.m.mu.Lock()
	defer a.m.mu.Unlock()
	if a.m.mem == nil {
		return nil, errNoArray
	}
	return binary.LittleEndian.AppendUint64(append([]byte(nil), a.m.id[:]...), uint64(a.n)), nil
}

// UnmarshalBinary finds the array that was named.
func (a *Array[T]) UnmarshalBinary(b []byte) error {
	if len(b) != 24 {
		return errNoArray
	}
	m, err := arrays.find([16]byte(b[:16]))
	if err != nil {
		return err
	}
	n := binary.LittleEndian.Uint64(b[16:])
	if size := uint64(reflect.TypeFor[T]().Size()); size == 0 || n > uint64(m.bytes)/size || !flat(reflect.TypeFor[T]()) {
		return fmt.Errorf("procpool: an array of %d bytes has no %d elements of %v", m.bytes, n, reflect.TypeFor[T]())
	}
	a.n, a.m = int(n), m
	return nil
}

// arrayTime is how long a worker waits for an array that it asked for.
const arrayTime = 10 * time.Second

// find returns an array that this process has, or asks its parent for it.
func (t *arrayTable) find(id [16]byte) (*mapping, error) {
	t.mu.Lock()
	m := t.byID[id]
	if m != nil || t.parent == nil {
		t.mu.Unlock()
		if m == nil {
			return nil, errNoArray
		}
		return m, nil
	}
	there := t.awaited[id]
	if there == nil {
		there = make(chan struct{})
		t.awaited[id] = there
	}
	t.mu.Unlock()
	if err := t.parent.Send(child.Message{Kind: askForArray, ID: id}, 0); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoArray, err)
	}
	late := time.NewTimer(arrayTime)
	defer late.Stop()
	select {
	case <-there:
	case <-late.C:
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if m = t.byID[id]; m == nil {
		return nil, errNoArray
	}
	return m, nil
}

// arrived takes the answer of the parent.
func (t *arrayTable) arrived(msg child.Message) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if there := t.awaited[msg.ID]; there != nil {
		defer close(there)
		delete(t.awaited, msg.ID)
	}
	if len(msg.Files) != 1 {
		return
	}
	if t.byID[msg.ID] != nil || msg.Size > math.MaxInt {
		msg.Files[0].Close()
		return
	}
	mem, err := child.Map(msg.Files[0], int(msg.Size))
	if err != nil {
		msg.Files[0].Close()
		return
	}
	m := &mapping{id: msg.ID, bytes: int(msg.Size), file: msg.Files[0], mem: mem, users: map[*child.Process]struct{}{}}
	runtime.AddCleanup(m, func(mem []byte) { child.Unmap(mem) }, mem)
	t.byID[msg.ID] = m
}

// forget lets go of an array. Here and in workers that got it from here it is
// unmapped when nothing refers to it.
func (t *arrayTable) forget(id [16]byte) {
	t.mu.Lock()
	m := t.byID[id]
	delete(t.byID, id)
	t.mu.Unlock()
	if m == nil || m.own {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.file.Close()
	for p := range m.users {
		p.Tell(child.Message{Kind: tellFreed, ID: id})
	}
	m.users = map[*child.Process]struct{}{}
}

// left notes that a worker is no more.
func (t *arrayTable) left(proc *child.Process) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.byID {
		m.mu.Lock()
		delete(m.users, proc)
		m.mu.Unlock()
	}
}

// answerMessage answers a worker that asks for an array.
func (w *worker) answerMessage(msg child.Message) {
	if msg.Kind != askForArray {
		return
	}
	w.p.mu.Lock()
	proc := w.proc
	w.p.mu.Unlock()
	if proc == nil {
		return
	}
	answer := child.Message{Kind: tellArray, ID: msg.ID}
	arrays.mu.Lock()
	m := arrays.byID[msg.ID]
	arrays.mu.Unlock()
	if m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.mem != nil {
			answer.Size, answer.Files = uint64(m.bytes), []*os.File{m.file}
			m.users[proc] = struct{}{}
		}
	}
	proc.Tell(answer)
}
