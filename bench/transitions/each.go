package transitions

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

const (
	parcelEvents = 4096 // events that go from one goroutine to another together
	parcels      = 4    // how far the reader is ahead
)

// A parcel is events on their way to everybody who takes them.
type parcel struct {
	events []Event
	left   atomic.Int32 // how many have not taken them yet
}

// Each reads the trace to its end, and calls every do with each event, which is valid until
// the call returns. Each do has a goroutine of its own, beside the one that reads: calls of
// one are in the order of the events, and calls of several are at once. Each ends when all
// have, with the first error of a do, else that of reading; after an error the do that
// returned it is not called again, and others may be.
func (r *Reader) Each(do ...func(*Event) error) error {
	free := make(chan *parcel, parcels)
	for range parcels {
		free <- &parcel{events: make([]Event, 0, parcelEvents)}
	}
	var failed atomic.Bool
	var all sync.WaitGroup
	to, errs := make([]chan *parcel, len(do)), make([]error, len(do))
	for i, f := range do {
		to[i] = make(chan *parcel, parcels)
		all.Go(func() {
			for p := range to[i] {
				for k := range p.events {
					if errs[i] != nil {
						break
					}
					if errs[i] = f(&p.events[k]); errs[i] != nil {
						failed.Store(true)
					}
				}
				if p.left.Add(-1) == 0 {
					free <- p
				}
			}
		})
	}
	var err error
	for err == nil && !failed.Load() {
		p := <-free
		p.events = p.events[:0]
		for len(p.events) < parcelEvents && err == nil {
			p.events = p.events[:len(p.events)+1]
			if err = r.Read(&p.events[len(p.events)-1]); err != nil {
				p.events = p.events[:len(p.events)-1]
			}
		}
		p.left.Store(int32(len(do)))
		for _, c := range to {
			c <- p
		}
		if len(do) == 0 {
			free <- p
		}
	}
	for _, c := range to {
		close(c)
	}
	all.Wait()
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("the trace cannot be read to its end: %w: record it again, as with go test -trace FILE", err)
}
