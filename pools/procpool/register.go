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
	do       func(ctx context.Context, t target, arg any) (any, error)
	tune     Tuning // amends that of the executor
	tuned    bool
}

// Name returns the name that the function was registered with.
func (f *function) Name() string { return f.name }

// With returns the same function with another tuning: what is set in tune
// replaces what the executor says, for calls of this Func alone. So
//
//	Render.With(procpool.Tuning{TaskTimeout: time.Second}).Call(ctx, pool, page)
//
// is a call with a time limit of its own. A value that makes no sense is the
// caller's bug: it panics.
func (f *Func[A, R]) With(tune Tuning) *Func[A, R] {
	if err := tune.check(); err != nil {
		panic(err)
	}
	g := *f
	g.tune, g.tuned = f.tune.amended(tune), true
	return &g
}

var functions struct {
	sync.RWMutex
	byID   map[uint32]*function
	byName map[string]*function
}

// A RegisterOption changes how [Register] registers a function.
type RegisterOption func(*registration)

type registration struct{ codec Codec }

// UseCodec has the arguments and results of a function travel through a codec
// of its own, whatever the pool's is. The codec must be given to
// [RegisterCodec] too.
func UseCodec(c Codec) RegisterOption { return func(r *registration) { r.codec = c } }

// Register makes a function that workers can run, under a name of its own
// ("square/v1": change the version when the types change). Call it at package
// level, so that it happens in the parent and in its workers alike:
//
//	var Square = procpool.Register("square/v1", func(ctx context.Context, x int) (int, error) {
//		return x * x, nil
//	})
//
// Several arguments are a struct. Numbers, bools, strings, and slices, arrays
// and structs of numbers and bools travel as they lie in memory, with
// unexported fields; anything else through the pool's codec, which is gob
// unless Options.Codec or [UseCodec] says otherwise. Gob sends exported fields
// only, and a pointer to a zero value inside a struct arrives as nil. nil and
// empty slices are not told apart. A worker runs one task at a time.
//
// A worker is another process: what a task changes in its argument the caller
// does not see (with Goroutines it does), and package variables that main has
// set, parsed flags, values of the context and its deadline are not there. Use
// the argument or Options.Init for what a task needs.
//
// ctx ends when the caller's does, when the future is cancelled, and when the
// task runs out of time; a function that does not return then is killed with
// its worker after Options.Grace.
//
// An empty name, a name registered twice, and a type that would lose data on
// the way (a field that gob drops, a function, a channel) are the caller's
// bug: it panics.
func Register[A, R any](name string, call func(context.Context, A) (R, error), options ...RegisterOption) *Func[A, R] {
	var reg registration
	for _, o := range options {
		o(&reg)
	}
	h := fnv.New32a()
	h.Write([]byte(name))
	f := &Func[A, R]{call: call}
	f.function = function{id: h.Sum32(), name: name, arg: planFor[A](), res: planFor[R]()}
	f.arg.codec, f.res.codec = reg.codec, reg.codec
	f.newRun = func() runner { return &run[A, R]{fn: f} }
	f.do = func(ctx context.Context, t target, arg any) (any, error) {
		a, ok := arg.(A)
		if !ok && !(arg == nil && f.arg.wrap != nil) {
			return nil, fmt.Errorf("procpool: function %s takes %s, not %T", name, f.arg.name, arg)
		}
		return Call(ctx, t, f, a)
	}
	if name == "" || call == nil {
		panic(fmt.Sprintf("procpool: Register(%q): need a name and a function", name))
	}
	if reg.codec == nil {
		for what, p := range map[string]struct {
			plan plan
			t    reflect.Type
		}{"argument": {f.arg, reflect.TypeFor[A]()}, "result": {f.res, reflect.TypeFor[R]()}} {
			if why := loses(p.t); p.plan.form == coded && why != "" {
				panic(fmt.Sprintf("procpool: Register(%q): %s %s: %s: export it, give the type GobEncode and GobDecode, or give Register a codec (procpool.UseCodec)", name, what, p.t, why))
			}
		}
	}
	functions.Lock()
	defer functions.Unlock()
	if functions.byID == nil {
		functions.byID, functions.byName = map[uint32]*function{}, map[string]*function{}
	}
	if old := functions.byID[f.id]; old != nil || f.id == 0 {
		panic(fmt.Sprintf("procpool: Register(%q): the name is taken, or its hash is that of another: choose another name", name))
	}
	functions.byID[f.id], functions.byName[name] = &f.function, &f.function
	return f
}

// loses says what gob would drop of a value of a type, "" if nothing.
func loses(t reflect.Type) string { return losesIn(t, map[reflect.Type]bool{}) }

func losesIn(t reflect.Type, seen map[reflect.Type]bool) string {
	if seen[t] || custom(t) {
		return ""
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return fmt.Sprintf("a %v cannot travel", t)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return losesIn(t.Elem(), seen)
	case reflect.Map:
		if why := losesIn(t.Key(), seen); why != "" {
			return why
		}
		return losesIn(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			if !f.IsExported() {
				return fmt.Sprintf("field %s of %v is unexported, and gob would drop it", f.Name, t)
			}
			if k := f.Type.Kind(); k == reflect.Func || k == reflect.Chan {
				return fmt.Sprintf("field %s of %v is a %v, and gob would drop it", f.Name, t, k)
			}
			if why := losesIn(f.Type, seen); why != "" {
				return why
			}
		}
	}
	return ""
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
		fmt.Fprintln(h, f.name, f.arg.form, f.arg.size, f.arg.name, f.res.form, f.res.size, f.res.name)
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
				return c.encode(&f.arg, &arg)
			}
			return memory(&f.arg, &arg), nil
		},
		here: func(ctx context.Context) error { _, err := f.call(ctx, arg); return err },
	}
}
