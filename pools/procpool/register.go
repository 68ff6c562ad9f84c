package procpool

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"reflect"
	"slices"
	"sync"
)

// A Func is a function that workers can run, made by [Register].
type Func[A, R any] struct {
	function
	call func(context.Context, A) (R, error)
}

// function is what a Func is without its types.
type function struct {
	id       uint32
	name     string
	arg, res plan
	newRun   func() runner
}

// Name returns the name that the function was registered with.
func (f *function) Name() string { return f.name }

var functions struct {
	sync.RWMutex
	byID map[uint32]*function
}

// Register makes a function that workers can run, under a name of its own
// ("square/v1": change the version when the types change). Call it at package
// level, so that it happens in the parent and in its workers alike:
//
//	var Square = procpool.Register("square/v1", func(ctx context.Context, x int) (int, error) {
//		return x * x, nil
//	})
//
// Several arguments are a struct. Numbers, bools, strings, and slices, arrays
// and structs of numbers and bools travel as they lie in memory; anything else
// through the pool's codec, which is gob unless Options.Codec says otherwise.
// nil and empty slices are not told apart. A worker runs one task at a time.
//
// ctx ends when the caller's does, when the future is cancelled, and when the
// task runs out of time; a function that does not return then is killed with
// its worker after Options.Grace.
//
// An empty name and a name registered twice are the caller's bug: it panics.
func Register[A, R any](name string, call func(context.Context, A) (R, error)) *Func[A, R] {
	h := fnv.New32a()
	h.Write([]byte(name))
	f := &Func[A, R]{call: call}
	f.function = function{
		id:   h.Sum32(),
		name: name,
		arg:  planOf(reflect.TypeFor[A]()),
		res:  planOf(reflect.TypeFor[R]()),
	}
	f.newRun = func() runner { return &run[A, R]{fn: f} }
	functions.Lock()
	defer functions.Unlock()
	if functions.byID == nil {
		functions.byID = map[uint32]*function{}
	}
	if name == "" || call == nil {
		panic(fmt.Sprintf("procpool: Register(%q): need a name and a function", name))
	}
	if old := functions.byID[f.id]; old != nil || f.id == 0 {
		panic(fmt.Sprintf("procpool: Register(%q): the name is taken, or its hash is that of another: choose another name", name))
	}
	functions.byID[f.id] = &f.function
	return f
}

func lookup(id uint32) *function {
	functions.RLock()
	defer functions.RUnlock()
	return functions.byID[id]
}

// fingerprint stands for the functions of this program and their types, when
// ServeIfWorker is called.
var fingerprint = sync.OnceValue(func() uint64 {
	functions.RLock()
	defer functions.RUnlock()
	h := fnv.New64a()
	for _, id := range slices.Sorted(maps.Keys(functions.byID)) {
		f := functions.byID[id]
		fmt.Fprintln(h, f.name, f.arg, f.res)
	}
	return h.Sum64()
})

// An Initializer is what runs first in every worker; the zero value is
// nothing. It is made by [Init].
type Initializer struct {
	fn   *function
	data func(*coder) ([]byte, error)
	here func(context.Context) error
}

// Init makes an initializer of a registered function and its argument. Its
// result is thrown away. If it fails, Start returns an *InitError; if it fails
// in a replacement, the pool is broken.
func Init[A, R any](f *Func[A, R], arg A) Initializer {
	return Initializer{
		fn: &f.function,
		data: func(c *coder) ([]byte, error) {
			if f.arg.form == coded {
				return c.encode(&arg)
			}
			return memory(&f.arg, &arg), nil
		},
		here: func(ctx context.Context) error { _, err := f.call(ctx, arg); return err },
	}
}
