package procpool

import (
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
	"sync"
	"syscall"

	"amdahl/pools/procpool/internal/child"
)

// RegisterError makes errors of this dynamic type keep their type (and their
// exported fields) on the way from a worker, for errors.As. Call it at package
// level; it is gob.Register.
func RegisterError(v error) { gob.Register(v) }

// RegisterSentinel makes this very error value come back from a worker as
// itself, for errors.Is. Call it at package level, with a name of its own.
// It returns err. A nil error, one that cannot be compared, and a name that is
// taken are the caller's bug: it panics.
func RegisterSentinel(name string, err error) error {
	if err == nil || !reflect.ValueOf(err).Comparable() {
		panic(fmt.Sprintf("procpool: RegisterSentinel(%q): %T is not an error that can be compared with errors.Is", name, err))
	}
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
		ErrClosed, ErrTerminated, ErrBroken, ErrCancelled, ErrGoexit, ErrTaskTimeout, ErrMemoryLimit, ErrUnknownFunc, child.ErrNoHook,
		ErrTransport, ErrOwnPool, ErrNobody} {
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

// encodeError writes an error for the other side: how, pid, text, stack, type,
// and the causes that keep their type. It does not panic and it does not wait
// for the methods of the error longer than errorTime.
func encodeError(how byte, typ string, err error) []byte {
	registerKnown()
	stack := ""
	var d *description
	if pe, ok := err.(*PanicError); ok && pe != nil {
		stack = string(pe.Stack[:min(len(pe.Stack), maxStack)])
		if how == failReturn {
			how = failPanic
		}
		d = describe(pe.Value)
	} else {
		if err == ErrGoexit && how == failReturn {
			how = failGoexit
		}
		d = describe(err)
	}
	dst := []byte{how}
	dst = binary.AppendUvarint(dst, uint64(os.Getpid()))
	for _, s := range []string{d.text, stack, typ} {
		dst = appendBytes(dst, s)
	}
	dst = binary.AppendUvarint(dst, uint64(len(d.causes)))
	for _, c := range d.causes {
		dst = appendBytes(dst, c)
	}
	return dst
}

const maxStack = 256 << 10

func appendBytes[T string | []byte](dst []byte, s T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// cutBytes splits what appendBytes wrote from what follows it.
func cutBytes(data []byte) (b, rest []byte, ok bool) {
	size, n := binary.Uvarint(data)
	if n <= 0 || size > uint64(len(data)-n) {
		return nil, nil, false
	}
	return data[n : n+int(size)], data[n+int(size):], true
}

// parseError is the inverse of encodeError. A damaged message is an error that
// says so. It may call decoders of registered errors.
func parseError(data []byte) (err error) {
	parseErrorInto(data, &err)
	return err
}

// parseErrorInto sets err to what it knows before it calls decoders of the
// user's, which may call Goexit, and then to the whole.
func parseErrorInto(data []byte, err *error) {
	registerKnown()
	*err = fmt.Errorf("%w: error message of %d bytes", errProtocol, len(data))
	if len(data) == 0 {
		return
	}
	how := data[0]
	pid, n := binary.Uvarint(data[1:])
	if n <= 0 {
		return
	}
	data = data[1+n:]
	var fields [3]string
	for i := range fields {
		f, rest, ok := cutBytes(data)
		if !ok {
			return
		}
		fields[i], data = string(f), rest
	}
	text, stack, typ := fields[0], fields[1], fields[2]
	count, n := binary.Uvarint(data)
	if n <= 0 || count > 2*maxCauses {
		return
	}
	data = data[n:]
	var coded [][]byte
	for range count {
		c, rest, ok := cutBytes(data)
		if !ok {
			return
		}
		coded, data = append(coded, c), rest
	}

	set := func(causes []error) {
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
			inner = ErrGoexit
		case failDecode:
			inner = &CodecError{Op: "decode argument", Type: typ, Err: inner}
		case failEncode:
			inner = &CodecError{Op: "encode result", Type: typ, Err: inner}
		case failUnknown:
			inner = fmt.Errorf("%w: %s", ErrUnknownFunc, text)
		case failInit:
			inner = &InitError{Err: inner}
		}
		*err = inner
	}
	set(nil)
	var causes []error
	for _, c := range coded {
		if e := parseCause(c); e != nil {
			causes = append(causes, e)
		}
	}
	if len(causes) > 0 {
		set(causes)
	}
}
