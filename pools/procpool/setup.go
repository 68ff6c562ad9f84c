package procpool

import (
	"context"
	"encoding/binary"
	"os"
	"sync"
)

// setup runs the initializer and says hello.
func (s *server) setup(h header, data []byte) {
	if len(data) < 8 {
		s.fault(failInit, errProtocol)
		return
	}
	s.limit = int64(binary.LittleEndian.Uint64(data))
	if h.count == 1 {
		r, err := s.runner(h.fn)
		if err == nil {
			err = s.initialize(r, data[8:])
		}
		if err != nil {
			s.fault(failInit, err)
			s.link.flush()
			s.exit()
		}
	}
	hello := binary.LittleEndian.AppendUint64(nil, fingerprint())
	s.link.send(header{kind: frameHello}, binary.LittleEndian.AppendUint64(hello, programID()))
}

// initialize runs the initializer in a goroutine of its own, which it may
// end.
func (s *server) initialize(r runner, data []byte) error {
	s.ctx = context.Background()
	if err := r.begin(append([]byte(nil), data...), 1); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.step(&s.execution)
	}()
	<-done
	defer r.end()
	if kind, _, payload := r.answer(); kind == frameMixed && len(payload) > 0 && payload[0] == 1 {
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
