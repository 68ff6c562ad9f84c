package replay

// A queue of workers, first come first served. It is linked through the
// workers, each of which is in one queue at most.
type queue struct {
	workers     []worker
	first, last int32
}

func newQueue(w []worker) queue { return queue{w, nobody, nobody} }

func (q *queue) empty() bool { return q.first == nobody }

func (q *queue) push(i int32) {
	q.workers[i].next = nobody
	if q.empty() {
		q.first = i
	} else {
		q.workers[q.last].next = i
	}
	q.last = i
}

func (q *queue) pop() int32 {
	i := q.first
	if i != nobody {
		q.first = q.workers[i].next
	}
	return i
}

// wantCore lets the worker compute, or wait for a core. Under one interpreter
// the core is the interpreter's lock.
func (s *sim) wantCore(i int32) {
	switch {
	case s.cores == 0:
		s.until(i, s.workers[i].section, s.now+s.workers[i].left)
	case len(s.free) > 0:
		slot := s.free[len(s.free)-1]
		s.free = s.free[:len(s.free)-1]
		s.occupy(i, slot)
	default:
		s.queueUp(i)
	}
}

// queueUp puts the worker behind the others that wait for a core. If it is the
// first, the quantum begins to matter to those that run.
func (s *sim) queueUp(i int32) {
	first := s.ready.empty()
	s.park(i, coreWait)
	s.ready.push(i)
	if first && s.quantum > 0 {
		for _, r := range s.running {
			s.limit(r)
		}
		s.steps += len(s.running)
	}
}

// occupy lets the worker compute on a core.
func (s *sim) occupy(i, slot int32) {
	w := &s.workers[i]
	s.running[slot] = i
	w.slot = slot
	s.until(i, w.section, s.now+w.left)
	if s.quantum > 0 && !s.ready.empty() {
		s.limit(i)
	}
}

// limit ends the worker's turn on its core with its quantum, if its phase is
// longer. Quanta follow each other from when it got the core; that of an
// interpreter begins when another worker begins to want it.
func (s *sim) limit(i int32) {
	w := &s.workers[i]
	ran := s.now - w.since
	turn := s.quantum
	if !s.single() {
		turn -= ran % s.quantum
	}
	if turn < w.left-ran {
		s.heap.set(i, s.now+turn)
	}
}

// preempt ends the worker's turn before its phase ends, unless by now nobody
// else wants the core.
func (s *sim) preempt(i int32) {
	w := &s.workers[i]
	ran := s.now - w.since
	next := s.ready.pop()
	if next == nobody {
		s.heap.set(i, s.now+w.left-ran)
		return
	}
	s.leave(i)
	w.left -= ran
	s.park(i, coreWait)
	s.ready.push(i)
	s.leave(next)
	s.occupy(next, w.slot)
}

// releaseCore hands the worker's core to who waited longest.
func (s *sim) releaseCore(i int32) {
	if s.cores == 0 {
		return
	}
	slot := s.workers[i].slot
	if next := s.ready.pop(); next != nobody {
		s.leave(next)
		s.occupy(next, slot)
		return
	}
	s.running[slot] = nobody
	s.free = append(s.free, slot)
}
