package procpool

import "unsafe"

// The receiving half of a ringLink.

func (l *ringLink) ready() bool {
	if l.seenHead == l.done { // head may be behind what peek has seen
		l.seenHead = max(l.seenHead, l.rx.head.Load())
	}
	return l.seenHead != l.done
}

// peek is ready, of what is not shown yet too.
func (l *ringLink) peek() bool {
	if !l.ready() {
		l.seenHead = max(l.seenHead, l.rx.written.Load())
	}
	return l.seenHead != l.done
}

func (l *ringLink) spin() bool {
	for n := range lookSpins + l.yields {
		if l.ready() || n > lookSpins && l.peek() {
			if n > lookSpins {
				l.learn(true)
			}
			return l.whole()
		}
		if n == 0 {
			l.release(true)
		}
		pause(n)
	}
	there := l.peek()
	l.learn(there)
	return there && l.whole()
}

// learn says whether waiting awake was worth it.
func (l *ringLink) learn(worth bool) {
	if worth {
		l.yields = min(2*l.yields, yieldSpins)
	} else {
		l.yields = max(l.yields/2, leastYields)
	}
}

func (l *ringLink) recv() (header, []byte, error) {
	l.mine = false
	h, b, err := l.get()
	if err == nil && h.flags&more != 0 {
		b, err = l.gather(h, b)
	}
	if err == nil && l.parent && h.flags&summed != 0 && h.fn != h.seal(b) {
		err = errProtocol
	}
	return h, b, err
}

// gather receives the rest of a payload that comes in pieces.
func (l *ringLink) gather(h header, b []byte) ([]byte, error) {
	if uint64(len(b)) > h.size {
		return nil, errProtocol
	}
	l.big.begin(h.size)
	l.big.add(b)
	for l.big.n < l.big.size {
		g, b, err := l.get()
		if err != nil {
			return nil, err
		}
		if len(b) == 0 || len(b) > l.big.size-l.big.n || g.flags&inSlab == 0 {
			return nil, errProtocol
		}
		l.big.add(b)
	}
	b, l.mine = l.big.whole()
	return b, nil
}

// whole reports whether recv will not wait and has a result.
func (l *ringLink) whole() bool {
	if !l.ready() {
		return false
	}
	at := (*uint64)(unsafe.Pointer(&l.rx.frames[l.pos%frameSpace]))
	if byte(*at) == framePad {
		if l.seenHead-l.pos <= frameSpace-l.pos%frameSpace {
			return false
		}
		at = (*uint64)(unsafe.Pointer(&l.rx.frames[0]))
	}
	return byte(*at) == frameOK && byte(*at>>8)&(more|part) == 0
}

// get waits for one frame and returns it where it lies.
func (l *ringLink) get() (header, []byte, error) {
	l.release(false)
	for {
		if !l.ready() {
			if err := l.wait(); err != nil {
				return header{}, nil, err
			}
		}
		off := l.pos % frameSpace
		at := (*[2]uint64)(unsafe.Pointer(&l.rx.frames[off]))
		a := at[0]
		if byte(a) == framePad {
			l.pos += frameSpace - off
			l.done = l.pos
			if l.pos > l.seenHead {
				return header{}, nil, errProtocol
			}
			continue
		}
		h := headerOf(a, at[1])
		if l.parent && !h.sealedHeader() || h.size > maxPayload {
			return header{}, nil, errProtocol
		}
		size := h.size
		if h.flags&inSlab != 0 {
			size = 16
		}
		end := l.pos + (headerSize+size+7)&^7
		if size > inlineMax || off+headerSize+size > frameSpace || end > l.seenHead {
			return header{}, nil, errProtocol
		}
		payload := l.rx.frames[off+headerSize:][:size:size]
		l.pos, l.done = end, end
		if h.flags&inSlab != 0 {
			place := *(*[2]uint64)(unsafe.Pointer(&payload[0]))
			so := place[0] % slabSpace
			if place[1] > slabSpace || so+place[1] > slabSpace {
				return header{}, nil, errProtocol
			}
			payload = l.rx.slab[so:][:place[1]:place[1]]
			l.doneSlab = place[0] + (place[1]+63)&^63
		}
		return h, payload, nil
	}
}

// release gives back the space of what was returned before: at once if a
// payload lay in the slab, else now and then, or before waiting.
func (l *ringLink) release(all bool) {
	slab := l.rx.slabTail.Load() != l.doneSlab
	if !slab && (l.done == l.told || !all && l.done-l.told < frameSpace/8) {
		return
	}
	if slab {
		l.rx.slabTail.Store(l.doneSlab)
	}
	l.told = l.done
	l.rx.tail.Store(l.told)
	if l.rx.full.Load() != 0 && l.rx.full.Swap(0) != 0 {
		wake(&l.rx.full)
	}
}

// wait returns when a frame is there or the link has hung up.
func (l *ringLink) wait() error {
	l.release(true)
	slept, n := false, 0
	defer func() {
		if slept || n > lookSpins { // else giving way was not tried
			l.learn(!slept)
		}
	}()
	for ; !l.ready() && (n <= lookSpins || !l.peek()); n++ {
		if l.rx.down.Load() != 0 {
			if l.peek() { // sent before the end
				return nil
			}
			return errHangup
		}
		if n < lookSpins+l.yields {
			pause(n)
			continue
		}
		l.rx.asleep.Store(1)
		if l.peek() || l.rx.down.Load() != 0 {
			l.rx.asleep.Store(0)
			continue
		}
		slept = true
		sleep(&l.rx.asleep)
	}
	return nil
}
