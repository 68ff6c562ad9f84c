package procpool

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"sync"

	"amdahl/pools/procpool/internal/child"
)

// setup runs the initializer and says hello.
func (s *server) setup(h header, data []byte) {
	if len(data) < 8 {
		s.fault(failInit, errProtocol)
		return
	}
	s.limit = int64(binary.LittleEndian.Uint64(data))
	if h.count == 1 {
		f := lookup(h.fn)
		err := fmt.Errorf("number %#x", h.fn)
		if f != nil {
			err = s.initialize(f, data[8:])
		}
		if err != nil {
			s.fault(failInit, err)
			s.link.flush()
			s.exit()
		}
	}
	hello := binary.LittleEndian.AppendUint64(nil, fingerprint())
	s.link.send(header{kind: frameHello}, binary.LittleEndian.AppendUint64(hello, child.ProgramID()))
}

// initialize runs the initializer in a goroutine of its own, which it may
// end. Its argument was encoded once for all workers, by a coder of its own.
func (s *server) initialize(f *function, data []byte) error {
	e := execution{ctx: context.Background(), jour: new(journal), in: coder{codec: s.in.codec}, out: coder{codec: s.in.codec}}
	r := f.newRun()
	if err := r.begin(&e, append([]byte(nil), data...), 1); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.step(&e)
	}()
	<-done
	defer r.end()
	if h, payload := r.answer(); h.kind == frameMixed && len(payload) > 0 && payload[0] == 1 {
		if b, _, ok := cutBytes(payload[1:]); ok {
			return parseError(b)
		}
		return errProtocol
	}
	return nil
}

// exit runs the exit functions and ends the process.
func (s *server) exit() {
	s.link.flush()
	exits.Lock()
	funcs := exits.funcs
	exits.funcs = nil
	exits.Unlock()
	for i := len(funcs) - 1; i >= 0; i-- {
		funcs[i]()
	}
	os.Exit(0)
}

var exits struct {
	sync.Mutex
	funcs []func()
}

// AtExit has f called when this process is a worker that is asked to end: on
// Close, when it is replaced or idle for too long; not on Terminate, and not
// when it is killed. The last given is called first. All together may take
// Options.Grace. In other processes f is never called.
func AtExit(f func()) {
	exits.Lock()
	defer exits.Unlock()
	exits.funcs = append(exits.funcs, f)
}
