package remote

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A lateness is by how much one direction of an emulated link is late by itself: a thread
// takes time to wake up, more on a busy machine than on an idle one. It is measured when it
// is made, and again and again until close, by round trips of one byte through a link of the
// same kind. A nil lateness is none.
type lateness struct {
	link  Link
	ns    atomic.Int64
	relay *relay // of the bytes; it has no lateness of its own
	conn  net.Conn
	found []time.Duration // the newest last
	ended chan struct{}
	wg    sync.WaitGroup
	l     net.Listener
}

const (
	firstProbes = 7
	// probesKept is of how many probes the median is taken.
	probesKept = 9
	probeEvery = 200 * time.Millisecond
)

// newLateness measures the lateness of a link, which is nil for one without a round trip.
// The caller calls close.
func newLateness(link Link) (*lateness, error) {
	if link.RTT == 0 {
		return nil, nil
	}
	link.Loss = 0
	c := &lateness{link: link, ended: make(chan struct{})}
	err := c.start()
	for range firstProbes {
		if err == nil {
			err = c.probe()
		}
	}
	if err != nil {
		c.close()
		return nil, err
	}
	c.found = c.found[1:] // the first one wakes everybody
	c.wg.Go(c.follow)
	return c, nil
}

// start starts a server that sends back what it gets, and connects to it through a link.
func (c *lateness) start() (err error) {
	if c.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	c.wg.Go(func() {
		if conn, err := c.l.Accept(); err == nil {
			_, _ = io.Copy(conn, conn)
			conn.Close()
		}
	})
	if c.relay, err = newRelay(c.link, c.l.Addr().String(), nil); err != nil {
		return err
	}
	c.conn, err = net.Dial("tcp", c.relay.addr())
	return err
}

// now is the lateness; 0 of nil.
func (c *lateness) now() time.Duration {
	if c == nil {
		return 0
	}
	return time.Duration(c.ns.Load())
}

// probe measures one round trip.
func (c *lateness) probe() error {
	one := []byte{1}
	begin := time.Now()
	_, err := c.conn.Write(one)
	if err == nil {
		_, err = io.ReadFull(c.conn, one)
	}
	if err != nil {
		return err
	}
	c.took(time.Since(begin))
	return nil
}

// took counts a round trip of one byte.
func (c *lateness) took(trip time.Duration) {
	late := (trip - c.link.RTT - 2*c.link.takes(1)) / 2
	if c.found = append(c.found, late); len(c.found) > probesKept {
		c.found = c.found[1:]
	}
	c.ns.Store(int64(min(max(0, median(c.found)), c.link.RTT/4)))
}

// follow measures until close.
func (c *lateness) follow() {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-tick.C:
			if c.probe() != nil {
				return // by close
			}
		}
	}
}

// close ends everything and waits for it.
func (c *lateness) close() {
	if c == nil {
		return
	}
	close(c.ended)
	if c.conn != nil {
		c.conn.Close()
	}
	if c.relay != nil {
		c.relay.close()
	}
	if c.l != nil {
		c.l.Close()
	}
	c.wg.Wait()
}
