package losses

import (
	"strings"

	"amdahl/bench/transitions"
)

// A Frame is a call on a stack.
type Frame = transitions.Frame

// A Stack is a call path, the innermost call first. Two stacks with the same frames are
// one pointer.
type Stack struct {
	Frames []Frame
	class  class
	alloc  bool // it allocates memory
}

// A class says what a sample of the CPU profile was taken in.
type class int

const (
	own        class = iota // the program
	inLock                  // an operation of package sync
	inChannel               // an operation of a channel
	collecting              // garbage collection
)

// stack is the stack with a number; nil if there is none.
func (t *translator) stack(n int32) *Stack {
	if n == 0 {
		return nil
	}
	for int(n) >= len(t.stacks) {
		t.stacks = append(t.stacks, nil)
	}
	if t.stacks[n] == nil {
		t.stacks[n] = newStack(t.tables.Frames(n))
	}
	return t.stacks[n]
}

func newStack(frames []Frame) *Stack {
	s := &Stack{Frames: frames}
	s.class, s.alloc = classify(frames)
	return s
}

// calls reports whether a function is on the stack.
func (s *Stack) calls(function string) bool {
	if s == nil {
		return false
	}
	for _, f := range s.Frames {
		if f.Function == function {
			return true
		}
	}
	return false
}

// root is the outermost function; "" of an unknown stack.
func (s *Stack) root() string {
	if s == nil {
		return ""
	}
	return s.Frames[len(s.Frames)-1].Function
}

// classify looks from the innermost frame outwards, as far as the runtime and the
// operations of synchronisation go.
func classify(frames []Frame) (c class, alloc bool) {
	for _, f := range frames {
		switch name := f.Function; {
		case strings.HasPrefix(name, "runtime.gcAssist"), strings.HasPrefix(name, "runtime.gcDrain"),
			strings.HasPrefix(name, "runtime.gcBgMark"), strings.HasPrefix(name, "runtime.sweepone"),
			name == "runtime.(*mspan).sweep", name == "runtime.(*mcentral).uncacheSpan":
			return collecting, alloc
		case name == "runtime.mallocgc":
			alloc = true
		case strings.HasPrefix(name, "runtime.chansend"), strings.HasPrefix(name, "runtime.chanrecv"),
			strings.HasPrefix(name, "runtime.selectgo"), strings.HasPrefix(name, "runtime.selectnb"), name == "runtime.closechan",
			strings.HasPrefix(name, "sync.(*Cond)."):
			return inChannel, alloc
		case strings.HasPrefix(name, "sync.(*Mutex)."), strings.HasPrefix(name, "sync.(*RWMutex)."),
			strings.HasPrefix(name, "internal/sync.(*Mutex)."), strings.HasPrefix(name, "sync.runtime_"),
			strings.HasPrefix(name, "internal/sync.runtime_"):
			return inLock, alloc
		case strings.HasPrefix(name, "runtime."), strings.HasPrefix(name, "internal/"), strings.HasPrefix(name, "sync/atomic."),
			strings.HasPrefix(name, "runtime/internal/"):
		default:
			return own, alloc
		}
	}
	return own, alloc
}

// ofRuntime reports whether a goroutine with this outermost function is not the
// program's.
func ofRuntime(root string) bool {
	return strings.HasPrefix(root, "runtime.") && root != "runtime.main" && root != "runtime.goexit" ||
		strings.HasPrefix(root, "runtime/trace.") || strings.HasPrefix(root, "runtime/pprof.") || strings.HasPrefix(root, "os/signal.")
}
