package transitions

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A batch is some events of one thread.
type batch struct {
	thread, time uint64
	data         []byte
}

// A generation is what was read of one.
type generation struct {
	number  uint64
	scale   float64 // ns of one unit of the clock
	begin   uint64  // of the clock: of the earliest batch
	batches []batch // of events, in their order
	samples []sample
	strings map[uint64][]byte
	frames  map[uint64][]rawFrame

	words  numbered // by the string's number in this generation
	stacks numbered
}

// A sample is one of the CPU profile: where a goroutine was.
type sample struct{ time, proc, g, stack uint64 }

type rawFrame struct{ function, file, line uint64 }

// A loader reads the generations of a trace.
type loader struct {
	in      *bufio.Reader
	version int
	blocks  blocks
	first   *header // of a batch of the next generation that has been read, but its data
	g       generation
}

// A header begins a batch.
type header struct {
	kind                           byte
	generation, thread, time, size uint64
}

// header reads one; kind evEndOfGeneration has nothing else.
func (l *loader) header() (h header, err error) {
	if h.kind, err = l.in.ReadByte(); err != nil {
		return h, err // io.EOF: no further batch
	}
	if h.kind == evEndOfGeneration && l.version >= 26 {
		return h, nil
	}
	if h.kind != evEventBatch && h.kind != evExperimentalBatch {
		return h, fmt.Errorf("a batch cannot begin with byte %d", h.kind)
	}
	if h.kind == evExperimentalBatch {
		if _, err := l.in.ReadByte(); err != nil {
			return h, cut(err)
		}
	}
	for _, v := range []*uint64{&h.generation, &h.thread, &h.time, &h.size} {
		if *v, err = binary.ReadUvarint(l.in); err != nil {
			return h, cut(err)
		}
	}
	if h.generation == 0 || h.size > maxBatch {
		return h, fmt.Errorf("a batch of generation %d has %d bytes", h.generation, h.size)
	}
	return h, nil
}

// cut is the error for a trace that ends in the middle.
func cut(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// next reads the next generation. The one before it must not be used any more. The error is
// io.EOF if there is none.
func (l *loader) next() (*generation, error) {
	g := &l.g
	l.blocks.clear()
	g.number, g.scale, g.begin, g.batches, g.samples = 0, 0, 0, g.batches[:0], g.samples[:0]
	g.strings, g.frames = map[uint64][]byte{}, map[uint64][]rawFrame{}
	g.words.clear()
	g.stacks.clear()
	for {
		var h header
		var err error
		if l.first != nil {
			h, l.first = *l.first, nil
		} else {
			h, err = l.header()
		}
		if errors.Is(err, io.EOF) {
			if g.number != 0 && l.version >= 26 {
				return nil, io.ErrUnexpectedEOF
			}
			if g.number == 0 {
				return nil, io.EOF
			}
			break
		}
		if err != nil {
			return nil, err
		}
		if h.kind == evEndOfGeneration {
			if g.number == 0 {
				continue
			}
			break
		}
		if g.number == 0 {
			g.number = h.generation
		}
		if h.generation != g.number {
			if h.generation != g.number+1 || l.version >= 26 {
				return nil, fmt.Errorf("generation %d is mixed with generation %d", h.generation, g.number)
			}
			l.first = &h
			break
		}
		if g.begin == 0 || h.time < g.begin {
			g.begin = h.time
		}
		data := l.blocks.take(int(h.size))
		if _, err := io.ReadFull(l.in, data); err != nil {
			return nil, cut(err)
		}
		if err := g.add(h, data); err != nil {
			return nil, err
		}
	}
	if g.scale == 0 {
		return nil, fmt.Errorf("generation %d does not say how fast its clock is", g.number)
	}
	return g, nil
}

// add adds a batch.
func (g *generation) add(h header, data []byte) error {
	if h.kind == evExperimentalBatch || len(data) == 0 {
		return nil
	}
	c := cursor{data: data}
	switch data[0] {
	case evStrings:
		return g.addStrings(&c)
	case evStacks:
		return g.addStacks(&c)
	case evCPUSamples:
		return g.addSamples(&c)
	case evSync, evFrequency:
		return g.addSync(&c)
	}
	g.batches = append(g.batches, batch{h.thread, h.time, data})
	return nil
}

var errShort = errors.New("a batch ends in the middle of an event")

func (g *generation) addStrings(c *cursor) error {
	for c.data = c.data[1:]; len(c.data) > 0; {
		kind := c.byte()
		id, size := c.number(), c.number()
		if c.short || kind != evString || size > maxString || size > uint64(len(c.data)) {
			return errShort
		}
		g.strings[id] = c.data[:size]
		c.data = c.data[size:]
	}
	return nil
}

func (g *generation) addStacks(c *cursor) error {
	for c.data = c.data[1:]; len(c.data) > 0; {
		kind := c.byte()
		id, n := c.number(), c.number()
		if c.short || kind != evStack || n > maxFrames {
			return errShort
		}
		frames := make([]rawFrame, n)
		for i := range frames {
			c.number() // the program counter
			frames[i] = rawFrame{c.number(), c.number(), c.number()}
		}
		if c.short {
			return errShort
		}
		g.frames[id] = frames
	}
	return nil
}

func (g *generation) addSamples(c *cursor) error {
	for c.data = c.data[1:]; len(c.data) > 0; {
		kind := c.byte()
		time := c.number()
		c.number() // the thread
		g.samples = append(g.samples, sample{time, c.number(), c.number(), c.number()})
		if c.short || kind != evCPUSample {
			return errShort
		}
	}
	return nil
}

func (g *generation) addSync(c *cursor) error {
	for len(c.data) > 0 && !c.short {
		switch c.byte() {
		case evSync:
		case evFrequency:
			f := c.number()
			if f == 0 {
				return errors.New("the clock of the trace stands still")
			}
			g.scale = 1 / (float64(f) / 1e9)
		case evClockSnapshot:
			for range 4 {
				c.number()
			}
		default:
			return errShort
		}
	}
	if c.short {
		return errShort
	}
	return nil
}

// word is the number in t of a string of the generation.
func (g *generation) word(t *Tables, id uint64) (int32, error) {
	if n, ok := g.words.get(id); ok {
		return n, nil
	}
	s, ok := g.strings[id]
	if !ok && id != 0 {
		return 0, fmt.Errorf("there is no string %d", id)
	}
	n := t.Number(string(s))
	g.words.set(id, n)
	return n, nil
}

// stack is the number in t of a stack of the generation.
func (g *generation) stack(t *Tables, id uint64) (int32, error) {
	if id == 0 {
		return 0, nil
	}
	if n, ok := g.stacks.get(id); ok {
		return n, nil
	}
	raw, ok := g.frames[id]
	if !ok {
		return 0, fmt.Errorf("there is no stack %d", id)
	}
	frames := make([]Frame, len(raw))
	for i, f := range raw {
		function, err := g.word(t, f.function)
		if err != nil {
			return 0, err
		}
		file, err := g.word(t, f.file)
		if err != nil {
			return 0, err
		}
		frames[i] = Frame{t.Word(function), t.Word(file), int(f.line)}
	}
	n := t.stack(frames)
	g.stacks.set(id, n)
	return n, nil
}
