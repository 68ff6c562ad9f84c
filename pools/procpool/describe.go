package procpool

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"sync"
	"time"
)

// A description is what is sent of an error: its text, and the errors in its
// tree that keep their type.
type description struct {
	text   string
	causes [][]byte
}

// errorTime bounds the methods of an error, all together.
var errorTime = time.Second

// The methods of an error may do anything. These bound what is taken of it.
const (
	maxText     = 4 << 20 // bytes
	maxCauses   = 32      // that keep their type
	maxVisits   = 256     // errors of a tree that are looked at
	maxCauseSum = 1 << 20 // bytes of all causes
)

// describe describes an error, or what a task panicked with. The methods of v
// run in a goroutine of their own: one that does not return is left behind.
func describe(v any) *description {
	if text, plain := v.(string); plain {
		return &description{text: shortened(text)}
	}
	if e, ok := v.(error); ok && reflect.TypeOf(e) == plainError {
		d := &description{text: shortened(e.Error())}
		if c := cause(e); c != nil {
			d.causes = [][]byte{c}
		}
		return d
	}
	var mu sync.Mutex
	d, own := &description{}, &description{}
	share := func() { // what is there when time is up counts
		mu.Lock()
		defer mu.Unlock()
		if d != nil {
			d.text, d.causes = own.text, append(d.causes[:0], own.causes...)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		own.text = textOf(v)
		share()
		if err, ok := v.(error); ok {
			visits, size := 0, 0
			own.collect(err, &visits, &size, share)
		}
	}()
	late := time.NewTimer(errorTime)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
	}
	mu.Lock()
	defer mu.Unlock()
	got := d
	d = nil
	if got.text == "" && len(got.causes) == 0 {
		got.text = fmt.Sprintf("%v: its text is empty or did not come within %v", reflect.TypeOf(v), errorTime)
	}
	return got
}

var plainError = reflect.TypeOf(errors.New(""))

func shortened(s string) string {
	if len(s) <= maxText {
		return s
	}
	return fmt.Sprintf("%s … (%d bytes in all)", s[:maxText], len(s))
}

// textOf calls Error, which may panic or call Goexit.
func textOf(v any) (text string) {
	returned := false
	defer func() {
		if r := recover(); r != nil {
			what := fmt.Sprint(r)
			text = fmt.Sprintf("%v: its Error method panicked: %s", typeOf(v), what)
		} else if !returned {
			text = fmt.Sprintf("%v: its Error method called runtime.Goexit", typeOf(v))
		}
	}()
	if err, ok := v.(error); ok {
		text = err.Error()
	} else {
		text = fmt.Sprint(v)
	}
	returned = true
	return shortened(text)
}

func typeOf(v any) string {
	if rv := reflect.ValueOf(v); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return fmt.Sprintf("nil %v", rv.Type())
	}
	return reflect.TypeOf(v).String()
}

// collect walks the tree of an error and notes what can be brought over.
func (d *description) collect(err error, visits, size *int, share func()) {
	if err == nil || len(d.causes) >= maxCauses || *visits >= maxVisits {
		return
	}
	*visits++
	if c := cause(err); c != nil && *size+len(c) <= maxCauseSum {
		*size += len(c)
		d.causes = append(d.causes, c)
		share()
	}
	for _, e := range unwrapped(err) {
		d.collect(e, visits, size, share)
	}
}

// unwrapped calls Unwrap, which may panic.
func unwrapped(err error) (out []error) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		return []error{u.Unwrap()}
	case interface{ Unwrap() []error }:
		return u.Unwrap()
	}
	return nil
}

// cause encodes one error by name or by value, or returns nil.
func cause(err error) (out []byte) {
	defer func() {
		if recover() != nil { // a method of that error, or it cannot be compared after all
			out = nil
		}
	}()
	v := reflect.ValueOf(err)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	if v.Comparable() {
		if name, ok := sentinelNames.Load(err); ok {
			return append([]byte{'s'}, name.(string)...)
		}
	}
	if r, ok := err.(runtime.Error); ok {
		return append([]byte{'r'}, r.Error()...)
	}
	if t := v.Type(); t.Kind() == reflect.Pointer && (t.Elem().PkgPath() == "errors" || t.Elem().PkgPath() == "fmt") {
		return nil
	}
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
