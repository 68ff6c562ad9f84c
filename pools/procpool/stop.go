package procpool

// unqueue takes away all of a batch that is not claimed, and all that was left
// with an encoder or decoder that does not return.
func (p *Pool) unqueue(b *batch) (dropped []flight) {
	if b.list != nil {
		if b.pinned == nil {
			p.waiting.Add(int64(-b.frames()))
		}
		b.list.remove(b)
	}
	for _, s := range append(b.again, b.away...) {
		dropped = append(dropped, flight{b, s})
	}
	if b.next < b.n {
		dropped = append(dropped, flight{b, span{lo: b.next, hi: b.n}})
	}
	b.again, b.away, b.next = nil, nil, b.n
	delete(p.strays, b)
	return dropped
}

// cancel stops a batch: nothing more of it begins, what runs is told, and
// killed if it does not obey within the grace.
func (p *Pool) cancel(b *batch, why error) {
	if dropped, first := p.bar(b, why); first {
		p.halt(b, why, dropped)
	}
}

// bar keeps any further task of a batch from being sent: what it takes from
// the queue goes to halt. first says that nothing had ended the batch before.
func (p *Pool) bar(b *batch, why error) (dropped []flight, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if b.err != nil {
		return nil, false
	}
	b.err = why
	if !b.entered { // enqueue will see it
		return nil, false
	}
	return p.unqueue(b), true
}

// halt stops the tasks of a barred batch that were sent, and drops the rest.
func (p *Pool) halt(b *batch, why error, dropped []flight) {
	p.mu.Lock()
	if b.running {
		for _, w := range p.workers {
			dropped = append(dropped, w.stop(b, why)...)
		}
		p.kick()
	}
	p.mu.Unlock()
	p.drop(dropped)
}
