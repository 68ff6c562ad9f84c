package procpool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	workerVariable = "PROCPOOL_WORKER" // says that a process is a worker, and how to reach its parent
	depthVariable  = "PROCPOOL_DEPTH"  // how many pools it is in
)

// prepare finds out whether and how workers can be started.
func (p *Pool) prepare() error {
	depth, err := mayStart()
	if err != nil {
		return err
	}
	if c := p.opt.Codec; c != nil {
		if known, _ := codecs.Load(c.Name()); known == nil {
			return fmt.Errorf("procpool: Options.Codec %q is not known to the workers: call RegisterCodec at package level", c.Name())
		}
	}
	if f := p.opt.Init.fn; f != nil && lookup(f.id) != f {
		return fmt.Errorf("procpool: Options.Init: %q is not registered", f.name)
	}
	switch p.opt.Transport {
	case Auto, Ring:
		err := probeRing()
		if err == nil {
			p.opt.Transport = Ring
		} else if p.opt.Transport == Ring {
			return fmt.Errorf("%w: ring: %w", ErrTransport, err)
		} else {
			p.opt.Transport = Pipe
		}
	}
	p.directMax = directRing
	if p.opt.Transport == Pipe {
		p.directMax = directPipe
	}
	p.env = workerEnv(p.opt.Env, depth+1, p.opt.Procs)
	return nil
}

// probeRing tries what a ring needs.
func probeRing() error {
	if ringSize == 0 {
		return errors.ErrUnsupported
	}
	f, err := newShared(pageSize)
	if err != nil {
		return err
	}
	defer f.Close()
	mem, err := mapShared(f, pageSize)
	if err != nil {
		return err
	}
	unmapShared(mem)
	return nil
}

// workerEnv is the environment of a child.
func workerEnv(extra []string, depth, procs int) []string {
	env := os.Environ()
	if race := os.Getenv("GORACE"); !strings.Contains(race, "atexit_sleep_ms") {
		env = append(env, "GORACE="+strings.TrimSpace(race+" atexit_sleep_ms=0")) // or a race build lingers for a second
	}
	if procs > 0 {
		env = append(env, "GOMAXPROCS="+strconv.Itoa(procs))
	}
	env = append(append(env, extra...), depthVariable+"="+strconv.Itoa(depth))
	last := map[string]int{}
	for i, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		last[name] = i
	}
	var out []string
	for i, kv := range env {
		if name, _, _ := strings.Cut(kv, "="); last[name] == i { // the last word counts
			out = append(out, kv)
		}
	}
	return out
}

// A launcher starts processes from one thread, kept for as long as they live:
// the kernel kills them when the thread that started them ends, not the
// process (golang.org/issue/27505).
type launcher struct {
	mu    sync.Mutex
	calls chan func()
}

func (l *launcher) do(f func() error) error {
	l.mu.Lock()
	calls := l.calls
	if calls == nil {
		calls = make(chan func())
		l.calls = calls
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for f := range calls {
				f()
			}
		}()
	}
	l.mu.Unlock()
	done := make(chan error)
	calls <- func() { done <- f() }
	return <-done
}

func (l *launcher) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls != nil {
		close(l.calls)
		l.calls = nil
	}
}

// start starts the process of a worker and its link.
func (w *worker) start() (err error) {
	p := w.p
	var files, ours []*os.File
	defer func() {
		for _, f := range files {
			f.Close()
		}
		if err != nil {
			for _, f := range ours {
				f.Close()
			}
		}
	}()

	size := pageSize
	if p.opt.Transport == Ring {
		size += 2 * ringSize
	}
	var mem []byte
	shared, err := newShared(size)
	if err == nil {
		files = append(files, shared)
		mem, err = mapShared(shared, size)
	}
	if err != nil && p.opt.Transport == Ring {
		return fmt.Errorf("procpool: shared memory: %w", err)
	}
	how := "ring"
	var l link
	if mem != nil {
		w.page = pageOf(mem)
	}
	switch {
	case p.opt.Transport == Ring:
		l = newRingLink(mem[pageSize:], true)
	default:
		how = "pipe"
		if mem == nil {
			how = "bare"
		}
		toR, toW, err := streams()
		if err != nil {
			return fmt.Errorf("procpool: %w", err)
		}
		fromR, fromW, err := streams()
		if err != nil {
			toR.Close()
			toW.Close()
			return fmt.Errorf("procpool: %w", err)
		}
		files, ours = append(files, toR, fromW), append(ours, toW, fromR)
		pl := newPipeLink(fromR, toW)
		if mem != nil {
			pl.leftover = w.page.unwritten
		}
		l = pl
	}
	codec := ""
	if p.opt.Codec != nil {
		codec = p.opt.Codec.Name()
	}
	w.enc.codec, w.dec.codec = p.opt.Codec, p.opt.Codec
	proc, err := launch(&p.launch, p.env, []string{how, url.QueryEscape(codec)}, files, p.opt.Stdout, p.opt.Stderr)
	if err != nil {
		l.close()
		if mem != nil {
			unmapShared(mem)
		}
		return err
	}
	w.mem = mem

	p.mu.Lock()
	w.link, w.proc = l, proc
	if p.err != nil {
		w.kill(p.err)
	}
	p.mu.Unlock()
	go func() {
		<-proc.exited
		l.hangup()
		close(w.gone) // after which the link may be closed
	}()
	return nil
}

// hello sets up a worker and waits until it is ready.
func (w *worker) hello() error {
	p := w.p
	late := time.AfterFunc(p.opt.StartTime, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		w.kill(fmt.Errorf("not ready after %v (Options.StartTime)", p.opt.StartTime))
	})
	defer late.Stop()
	h, payload := header{kind: frameSetup}, binary.LittleEndian.AppendUint64(nil, uint64(p.opt.MemoryLimit))
	if init := p.opt.Init; init.fn != nil {
		data, err := guarded(func() ([]byte, error) { return init.data(&w.enc) })
		if err != nil {
			return &InitError{&CodecError{Op: "encode argument", Type: init.fn.arg.name, Err: err}}
		}
		h.fn, h.count, payload = init.fn.id, 1, append(payload, data...)
	}
	if err := w.link.send(h, payload); err != nil {
		return err
	}
	if err := w.link.flush(); err != nil {
		return err
	}
	h, data, err := w.link.recv()
	switch {
	case err != nil:
		return err
	case h.kind == frameFault:
		return parseError(data)
	case h.kind != frameHello || len(data) != 16:
		return errProtocol
	}
	if theirs := binary.LittleEndian.Uint64(data); theirs != fingerprint() {
		return fmt.Errorf("procpool: the worker program registers other functions than this one (%x, not %x): build both from the same source, and register at package level", theirs, fingerprint())
	}
	if theirs, ours := binary.LittleEndian.Uint64(data[8:]), programID(); theirs != ours {
		return fmt.Errorf("procpool: the worker program is another build than this one (%x, not %x): start the parent again", theirs, ours)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	close(w.started)
	p.failures = 0
	if w.state == starting {
		w.state = busy // the reader makes it idle: no caller may have it before that rests
	}
	return nil
}
