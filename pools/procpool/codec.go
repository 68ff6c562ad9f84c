package procpool

import (
	"bytes"
	"encoding"
	"encoding/gob"
	"fmt"
	"io"
	"reflect"
	"sync"
	"unsafe"
)

// A Codec turns values into bytes and back, for types that do not travel raw.
// Its methods are called from many goroutines at once. A pool names its codec
// to the workers; they find it among those given to [RegisterCodec].
type Codec interface {
	Name() string
	Marshal(v any) ([]byte, error)      // v is a pointer to the value
	Unmarshal(data []byte, v any) error // v is a pointer to a zero value
}

var codecs sync.Map // name → Codec

// RegisterCodec makes a codec known to this program, in the parent and in its
// workers. Call it at package level or in an init function; two codecs of one
// name are the caller's bug.
func RegisterCodec(c Codec) Codec {
	if _, dup := codecs.LoadOrStore(c.Name(), c); dup {
		panic(fmt.Sprintf("procpool: RegisterCodec: %q is registered twice", c.Name()))
	}
	return c
}

// A form says how values of one type travel.
type form int

const (
	fixed form = iota // as their memory: numbers, bools, arrays and structs of them
	view              // as the memory they point to: strings, slices of the fixed
	coded             // through the codec
)

// A plan is the form of a type and its size: of the value if it is fixed, of
// an element if it is a view.
type plan struct {
	form    form
	size    int
	text    bool // a string
	pointer bool // a pointer, which may be nil
	name    string
	codec   Codec // of this function; nil is the pool's

	// wrap and unwrap put an interface into a struct and back: gob sends what
	// is in an interface, and would not know the type to receive.
	wrap   func(v any) any
	unwrap func(from, to any)
}

func planFor[T any]() plan {
	t := reflect.TypeFor[T]()
	p := plan{form: coded, name: t.String(), pointer: t.Kind() == reflect.Pointer}
	switch {
	case flat(t):
		p.form, p.size = fixed, int(t.Size())
	case custom(t):
	case t.Kind() == reflect.String:
		p.form, p.size, p.text = view, 1, true
	case t.Kind() == reflect.Slice && flat(t.Elem()) && t.Elem().Size() > 0:
		p.form, p.size = view, int(t.Elem().Size())
	case t.Kind() == reflect.Interface:
		p.wrap = func(v any) any {
			if v == nil {
				return &box[T]{}
			}
			return &box[T]{*v.(*T)}
		}
		p.unwrap = func(from, to any) { *to.(*T) = from.(*box[T]).V }
	}
	return p
}

type box[T any] struct{ V T }

// flat reports whether the memory of a value is all there is to it. Both
// sides are the same program, so layout and byte order agree.
func flat(t reflect.Type) bool {
	if custom(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Array:
		return flat(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			if !flat(f.Type) {
				return false
			}
		}
		return true
	default:
		return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128
	}
}

var (
	gobEncoder      = reflect.TypeFor[gob.GobEncoder]()
	binaryMarshaler = reflect.TypeFor[encoding.BinaryMarshaler]()
)

// custom reports whether the type has its own idea of its encoding.
func custom(t reflect.Type) bool {
	for _, m := range []reflect.Type{gobEncoder, binaryMarshaler} {
		if t.Implements(m) || reflect.PointerTo(t).Implements(m) {
			return true
		}
	}
	return false
}

// memory is the payload of v, without copying: v must be fixed or a view.
func memory[T any](p *plan, v *T) []byte {
	if p.form == fixed {
		return unsafe.Slice((*byte)(unsafe.Pointer(v)), p.size)
	}
	if p.text {
		s := *(*string)(unsafe.Pointer(v))
		return unsafe.Slice(unsafe.StringData(s), len(s))
	}
	s := *(*[]byte)(unsafe.Pointer(v)) // the length counts elements
	return unsafe.Slice(unsafe.SliceData(s), len(s)*p.size)
}

// array is the memory of values whose type is fixed.
func array[T any](p *plan, vs []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(vs))), len(vs)*p.size)
}

// fill sets v, whose type is fixed or a view, from a payload, which it copies.
func fill[T any](p *plan, v *T, data []byte) error {
	switch {
	case p.form == fixed:
		if len(data) != p.size {
			return fmt.Errorf("%d bytes, want %d", len(data), p.size)
		}
		copy(unsafe.Slice((*byte)(unsafe.Pointer(v)), p.size), data)
	case p.text:
		*(*string)(unsafe.Pointer(v)) = string(data)
	default:
		if len(data)%p.size != 0 {
			return fmt.Errorf("%d bytes are no multiple of %d", len(data), p.size)
		}
		n := len(data) / p.size
		if p.size == 1 {
			*(*[]byte)(unsafe.Pointer(v)) = append([]byte{}, data...) // no zeroing first
			return nil
		}
		// Words, so that elements are aligned.
		words := make([]uint64, (len(data)+7)/8)
		b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(data))
		copy(b, data)
		*(*[]byte)(unsafe.Pointer(v)) = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), max(n, 0))[:n:n]
	}
	return nil
}

// A coder is one direction of one link: what the codec remembers between
// values. Gob sends the description of a type once and so must see every
// value in order; a new coder for each value costs 25 times as much.
type coder struct {
	codec  Codec // nil is gob
	parent bool  // decodes what a worker sent

	buf  bytes.Buffer
	sent bool // buf has been handed out
	enc  *gob.Encoder

	src  bytes.Reader
	dec  *gob.Decoder
	seen []byte // descriptions of types received, if parent: see successor
	data []byte // of the value at hand, if parent
}

// encode returns the payload of *v, good until the next call. After an error
// (or a panic of the value's own encoder) descriptions of types that were
// written already stay in the buffer, for the next value.
func (c *coder) encode(p *plan, v any) ([]byte, error) {
	if codec := p.codecOr(c.codec); codec != nil {
		return codec.Marshal(v)
	}
	if p.pointer { // what it points to: gob does not find the methods of a pointer behind another
		to := reflect.ValueOf(v).Elem()
		if to.IsNil() {
			return nil, nil
		}
		v = to.Interface()
	}
	if p.wrap != nil {
		v = p.wrap(v)
	}
	if c.sent {
		c.buf.Reset()
		c.sent = false
		if c.buf.Cap() > 1<<20 {
			c.buf = bytes.Buffer{}
		}
	}
	if c.enc == nil {
		c.enc = gob.NewEncoder(&c.buf)
	}
	if err := c.enc.Encode(v); err != nil {
		return nil, err
	}
	c.sent = true
	return c.buf.Bytes(), nil
}

func (p *plan) codecOr(c Codec) Codec {
	if p.codec != nil {
		return p.codec
	}
	return c
}

// decode sets *v, which is zero.
func (c *coder) decode(p *plan, data []byte, v any) error {
	if codec := p.codecOr(c.codec); codec != nil {
		return codec.Unmarshal(data, v)
	}
	if p.pointer && len(data) == 0 {
		return nil
	}
	to := v
	var fresh reflect.Value
	switch {
	case p.pointer:
		fresh = reflect.New(reflect.TypeOf(v).Elem().Elem())
		to = fresh.Interface()
	case p.wrap != nil:
		to = p.wrap(nil)
	}
	c.src.Reset(data)
	if c.dec == nil {
		c.dec = gob.NewDecoder(&c.src)
	}
	err := c.dec.Decode(to)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	c.src.Reset(nil)
	switch {
	case err != nil:
	case p.pointer:
		reflect.ValueOf(v).Elem().Set(fresh)
	case p.wrap != nil:
		p.unwrap(to, v)
	}
	return err
}

// note keeps the descriptions of types that precede a value about to be
// decoded.
func (c *coder) note(p *plan, data []byte) {
	if p.codecOr(c.codec) != nil || p.pointer && len(data) == 0 {
		return
	}
	at := data
	for {
		size, n := gobUint(at)
		if n == 0 || size > uint64(len(at)-n) {
			break
		}
		id, k := gobUint(at[n:])
		if k == 0 || id&1 == 0 { // negative numbers are of types
			break
		}
		at = at[n+int(size):]
	}
	c.seen = append(c.seen, data[:len(data)-len(at)]...)
}

// gobUint reads an unsigned integer as gob writes it, and how long it is.
func gobUint(b []byte) (v uint64, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	if b[0] < 0x80 {
		return uint64(b[0]), 1
	}
	n = -int(int8(b[0]))
	if n > 8 || len(b) <= n {
		return 0, 0
	}
	for _, x := range b[1 : n+1] {
		v = v<<8 | uint64(x)
	}
	return v, n + 1
}

// successor is a coder for what follows, while a decoder of the user's does
// not return from this one.
func (c *coder) successor() coder {
	next := coder{codec: c.codec, parent: c.parent, seen: bytes.Clone(c.seen)}
	return next
}

// learn has a successor read the descriptions of types, at the place where it
// stays: the decoder keeps the address of src.
func (c *coder) learn() {
	if len(c.seen) > 0 && c.dec == nil {
		c.src.Reset(c.seen)
		c.dec = gob.NewDecoder(&c.src)
		c.dec.DecodeValue(reflect.Value{}) // the end comes before a value
		c.src.Reset(nil)
	}
}

// skip reads over the values of a frame that was taken back: descriptions of
// types are among them.
func (c *coder) skip(p *plan, data []byte, count int) {
	if p.codecOr(c.codec) != nil {
		return
	}
	for range count {
		one := data
		if count != 1 {
			var ok bool
			if one, data, ok = cutBytes(data); !ok {
				return
			}
		}
		c.src.Reset(one)
		if c.dec == nil {
			c.dec = gob.NewDecoder(&c.src)
		}
		c.dec.DecodeValue(reflect.Value{}) // an error concerns a value that nobody wants
	}
}
