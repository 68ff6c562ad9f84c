package procpool

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"reflect"
	"runtime"
	"sync"
	"syscall"
)

// RegisterError makes errors of this dynamic type keep their type (and their
// exported fields) on the way from a worker, for errors.As. Call it at package
// level; it is gob.Register.
func RegisterError(v error) { gob.Register(v) }

// RegisterSentinel makes this very error value come back from a worker as
// itself, for errors.Is. Call it at package level, with a name of its own.
// It returns err.
func RegisterSentinel(name string, err error) error {
	if _, dup := sentinels.LoadOrStore(name, err); dup {
		panic(fmt.Sprintf("procpool: RegisterSentinel: %q is registered twice", name))
	}
	sentinelNames.Store(err, name)
	return err
}

var sentinels, sentinelNames sync.Map // name → error, error → name

var registerKnown = sync.OnceFunc(func() {
	for _, e := range []error{&fs.PathError{}, &os.SyscallError{}, &os.LinkError{}, &net.OpError{}, syscall.Errno(0),
		&TaskError{}, &PanicError{}, &CodecError{}, &WorkerError{}, &InitError{}} {
		gob.Register(e)
	}
	for _, e := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, io.ErrShortWrite,
		fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, fs.ErrInvalid, fs.ErrClosed, os.ErrDeadlineExceeded, errors.ErrUnsupported,
		ErrClosed, ErrTerminated, ErrBroken, ErrCancelled, ErrGoexit, ErrTaskTimeout, ErrMemoryLimit, ErrUnknownFunc, ErrNoHook, ErrTransport} {
		RegisterSentinel("std: "+e.Error(), e)
	}
})

// The first byte of an error on the wire says how the task ended.
const (
	failReturn  byte = iota // returned an error
	failPanic               // panicked
	failGoexit              // called runtime.Goexit
	failDecode              // its argument could not be decoded
	failEncode              // its result could not be encoded
	failUnknown             // there is no such function
	failInit                // the initializer failed
)

// appendError writes an error for the other side: how, pid, text, stack,
// type, and the causes that keep their type.
func appendError(dst []byte, how byte, typ string, err error) []byte {
	registerKnown()
	inner, stack := err, ""
	var p *PanicError
	if pe, ok := err.(*PanicError); ok {
		p, stack = pe, string(pe.Stack)
		if how == failReturn {
			how = failPanic
		}
	} else if err == ErrGoexit && how == failReturn {
		how = failGoexit
	}
	text := ""
	if p != nil {
		text = fmt.Sprint(p.Value)
		inner, _ = p.Value.(error)
	} else {
		text = err.Error()
	}
	var causes [][]byte
	collect(inner, &causes)

	dst = append(dst, how)
	dst = binary.AppendUvarint(dst, uint64(os.Getpid()))
	for _, s := range []string{text, stack, typ} {
		dst = appendBytes(dst, s)
	}
	dst = binary.AppendUvarint(dst, uint64(len(causes)))
	for _, c := range causes {
		dst = appendBytes(dst, c)
	}
	return dst
}

func appendBytes[T string | []byte](dst []byte, s T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// collect walks the tree of an error and notes what can be brought over.
func collect(err error, causes *[][]byte) {
	if err == nil || len(*causes) > 32 {
		return
	}
	if c := cause(err); c != nil {
		*causes = append(*causes, c)
	}
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		collect(u.Unwrap(), causes)
	case interface{ Unwrap() []error }:
		for _, e := range u.Unwrap() {
			collect(e, causes)
		}
	}
}

// cause encodes one error by name or by value, or returns nil.
func cause(err error) (out []byte) {
	t := reflect.TypeOf(err)
	if t.Comparable() {
		if name, ok := sentinelNames.Load(err); ok {
			return append([]byte{'s'}, name.(string)...)
		}
	}
	if r, ok := err.(runtime.Error); ok {
		return append([]byte{'r'}, r.Error()...)
	}
	if e := t; e.Kind() == reflect.Pointer && (e.Elem().PkgPath() == "errors" || e.Elem().PkgPath() == "fmt") {
		return nil
	}
	defer func() {
		if recover() != nil { // the encoder of that type
			out = nil
		}
	}()
	var b bytes.Buffer
	b.WriteByte('g')
	if gob.NewEncoder(&b).Encode(&err) != nil {
		return nil // not registered: its text has to do
	}
	return b.Bytes()
}

func parseCause(b []byte) (err error) {
	if len(b) == 0 {
		return nil
	}
	switch b[0] {
	case 's':
		e, _ := sentinels.Load(string(b[1:]))
		err, _ = e.(error)
	case 'r':
		err = remoteRuntimeError(b[1:])
	case 'g':
		defer func() {
			if recover() != nil { // the decoder of that type
				err = nil
			}
		}()
		if gob.NewDecoder(bytes.NewReader(b[1:])).Decode(&err) != nil {
			return nil
		}
	}
	return err
}

// remoteRuntimeError is a runtime.Error of another process, such as a nil
// dereference.
type remoteRuntimeError string

func (e remoteRuntimeError) Error() string { return string(e) }
func (remoteRuntimeError) RuntimeError()   {}

// parseError is the inverse of appendError. A damaged message is an error
// that says so.
func parseError(data []byte) error {
	registerKnown()
	bad := fmt.Errorf("%w: error message of %d bytes", errProtocol, len(data))
	if len(data) == 0 {
		return bad
	}
	how := data[0]
	pid, n := binary.Uvarint(data[1:])
	if n <= 0 {
		return bad
	}
	data = data[1+n:]
	var fields [3]string
	for i := range fields {
		f, rest, ok := cutBytes(data)
		if !ok {
			return bad
		}
		fields[i], data = string(f), rest
	}
	text, stack, typ := fields[0], fields[1], fields[2]
	count, n := binary.Uvarint(data)
	if n <= 0 || count > 64 {
		return bad
	}
	data = data[n:]
	var causes []error
	for range count {
		c, rest, ok := cutBytes(data)
		if !ok {
			return bad
		}
		if e := parseCause(c); e != nil {
			causes = append(causes, e)
		}
		data = rest
	}

	remote := &RemoteError{Text: text, Pid: int(pid), causes: causes}
	var inner error = remote
	if stack != "" {
		p := &PanicError{Value: text, Stack: []byte(stack), Pid: int(pid)}
		if len(causes) > 0 {
			p.Value = remote
		}
		inner = p
	}
	switch how {
	case failGoexit:
		return ErrGoexit
	case failDecode:
		return &CodecError{Op: "decode argument", Type: typ, Err: inner}
	case failEncode:
		return &CodecError{Op: "encode result", Type: typ, Err: inner}
	case failUnknown:
		return fmt.Errorf("%w: %s", ErrUnknownFunc, text)
	case failInit:
		return &InitError{Err: inner}
	}
	return inner
}

// cutBytes splits what appendBytes wrote from what follows it.
func cutBytes(data []byte) (b, rest []byte, ok bool) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size > uint64(len(data)-n) {
		return nil, nil, false
	}
	return data[n : n+int(size)], data[n+int(size):], true
}
