package procpool

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"amdahl/pools/procpool/internal/child"
)

// prepare finds out whether and how workers can be started.
func (p *Pool) prepare() error {
	depth, err := child.MayStart()
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
			p.mayPipe = p.opt.Transport == Auto
			p.opt.Transport = Ring
		} else if p.opt.Transport == Ring {
			return fmt.Errorf("%w: ring: %w", ErrTransport, err)
		} else {
			p.opt.Transport = Pipe
		}
	}
	p.env = child.Environ(p.opt.Env, depth+1, p.opt.Procs)
	return nil
}

// encodeInit encodes the argument of the initializer, once for all workers. An
// encoder of the user's may do anything; done ends the wait for it.
func (p *Pool) encodeInit(done <-chan struct{}) error {
	init := p.opt.Init
	if init.fn == nil {
		return nil
	}
	got := make(chan error, 1)
	var data []byte
	go func() {
		err := ErrGoexit
		defer func() { got <- err }()
		b, eerr := guarded(func() ([]byte, error) { return init.data(&coder{codec: p.opt.Codec}) })
		data, err = append([]byte(nil), b...), eerr
	}()
	var err error
	late := time.NewTimer(p.opt.StartTime)
	defer late.Stop()
	select {
	case err = <-got:
		if err == nil {
			p.initData = data
			return nil
		}
	case <-done:
		return nil // Start says why
	case <-late.C:
		err = fmt.Errorf("its encoder did not return within %v (Options.StartTime)", p.opt.StartTime)
	}
	return &InitError{&CodecError{Op: "encode argument", Type: init.fn.arg.name, Err: err}}
}

// probeRing tries what a ring needs.
func probeRing() error {
	if ringSize == 0 {
		return errors.ErrUnsupported
	}
	f, err := child.NewShared("procpool", pageSize+2*ringSize)
	if err != nil {
		return err
	}
	defer f.Close()
	mem, err := child.Map(f, pageSize+2*ringSize)
	if err != nil {
		return err
	}
	child.Unmap(mem)
	return nil
}

// The largest arguments of a direct call: they fit into an empty slab or pipe,
// so that sending them waits for nobody.
const (
	directRing = 512 << 10
	directPipe = 32 << 10
)

// connect makes the link of a worker, and the files that it is to get. how is
// what it is told of them.
func (w *worker) connect() (how string, files []*os.File, err error) {
	p := w.p
	ring := p.opt.Transport == Ring
	shared, mem, err := share(ring)
	if err != nil && ring && !p.mayPipe {
		return "", nil, fmt.Errorf("procpool: shared memory: %w", err)
	}
	if err != nil && ring { // there is no more of it
		ring = false
		if shared, mem, err = share(false); err != nil {
			shared, mem = nil, nil
		}
	}
	w.mem = mem
	if mem != nil {
		w.page = pageOf(mem)
		files = append(files, shared)
	}
	if ring {
		w.link, w.directMax = newRingLink(mem[pageSize:], true), directRing
		return "ring", files, nil
	}
	l, theirs, err := newStreams()
	if err != nil {
		return "", files, fmt.Errorf("procpool: %w", err)
	}
	w.link, w.directMax = l, directPipe
	files = append(files, theirs...)
	if mem == nil {
		return "bare", files, nil
	}
	l.leftover = w.page.unwritten
	return "pipe", files, nil
}

// share makes the memory that a worker and its parent have in common.
func share(ring bool) (*os.File, []byte, error) {
	size := pageSize
	if ring {
		size += 2 * ringSize
	}
	f, err := child.NewShared("procpool", size)
	if err != nil {
		return nil, nil, err
	}
	mem, err := child.Map(f, size)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, mem, nil
}

func (w *worker) unmap() {
	if w.mem != nil {
		child.Unmap(w.mem)
		w.mem = nil
	}
}

// start starts the process of a worker and its link.
func (w *worker) start() error {
	p := w.p
	how, files, err := w.connect()
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	if err != nil {
		return err
	}
	codec := ""
	if p.opt.Codec != nil {
		codec = p.opt.Codec.Name()
	}
	stderr, finish := p.stderrOf(w)
	proc, err := child.Launch(&p.launch, child.Spec{
		Name: "worker " + w.name, Env: p.env, Files: files, Stdout: p.opt.Stdout, Stderr: stderr,
		How:     how + " " + url.QueryEscape(codec) + " " + url.QueryEscape(w.title()),
		Message: func(m child.Message) { w.answerMessage(m) },
	})
	if err != nil {
		return err
	}
	p.mu.Lock()
	w.proc = proc
	if p.err != nil {
		w.kill(p.err)
	}
	p.mu.Unlock()
	go func() {
		<-proc.Exited
		finish()
		w.giveUp()
	}()
	return nil
}

// title is the name of a worker in lists of processes, which show 15 bytes.
func (w *worker) title() string {
	number := fmt.Sprintf("-%d", w.number)
	base := w.p.opt.Name
	return base[:max(0, min(len(base), 15-len(number)))] + number
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
		h.fn, h.count, payload = init.fn.id, 1, append(payload, p.initData...)
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
	if w.state == starting {
		w.state = busy // the receiver makes it idle: no caller may have it before that rests
	}
	p.ready(w)
	p.mu.Unlock()
	p.event(Event{Kind: WorkerStarted, Worker: w.name, Pid: w.proc.Pid})
	return nil
}

var programID = child.ProgramID
