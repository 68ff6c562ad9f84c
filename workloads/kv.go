package workloads

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"amdahl/workloads/cores"
)

// KV sets and gets a value in a key-value store: a task sets the key with its
// number to Size bytes that depend on the seed and on it, gets them back and
// compares. The store is a Redis server, which Prepare starts where one is
// installed (redis-server on the path; any other that speaks its protocol under
// that name will do, such as Valkey's), with a socket in the scratch directory
// and no file. Such a server runs one command at a time, so it is the
// bottleneck: more workers keep it busy until it is, and no further.
//
// A connection is kept for each task that runs.
var KV = Workload{
	Name:      "kv",
	Doc:       "set and get in a Redis server on this machine",
	Bound:     IO,
	Size:      256,
	MaxSize:   1 << 26,
	TestSize:  101,
	TestLarge: 3 * kvPiece,
	SizeUnit:  "bytes",
	Cost:      150 * time.Microsecond,
	AtOnce:    1,
	Ends:      "one thread of the server",
	Sweeps:    []string{"full/fixed"},
	Missing: func(string) string {
		if _, err := exec.LookPath(redisServer); err != nil {
			return redisServer + " is not installed: install it (apt-get install redis-server)"
		}
		return ""
	},
	Share: prepareKV,
	New:   openKV,
}

const (
	redisServer = "redis-server"
	kvPiece     = 1 << 20          // bytes made between two looks at ctx
	kvStart     = 10 * time.Second // until the server must answer
)

// prepareKV starts a server, unless an address (the path of its socket) is given.
func prepareKV(ctx context.Context, o *Options) (release func() error, err error) {
	if o.Addr != "" {
		return nil, nil
	}
	// Not in o.Dir: the path of a socket may have about 100 bytes.
	dir, err := os.MkdirTemp("", "kv")
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "s")
	var said bytes.Buffer
	server := exec.Command(redisServer, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", redisServer, err), os.RemoveAll(dir))
	}
	ended := make(chan struct{})
	go func() {
		server.Wait()
		close(ended)
	}()
	stop := func() error {
		server.Process.Signal(os.Interrupt)
		select {
		case <-ended:
		case <-time.After(kvStart):
			server.Process.Kill()
			<-ended
		}
		return os.RemoveAll(dir)
	}
	for begin := time.Now(); ; {
		if err = pingKV(ctx, socket); err == nil {
			o.Addr = socket
			return stop, nil
		}
		select {
		case <-ended:
			return nil, errors.Join(fmt.Errorf("%s ended: %s", redisServer, bytes.TrimSpace(said.Bytes())), stop())
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), stop())
		case <-time.After(10 * time.Millisecond):
		}
		if time.Since(begin) > kvStart {
			return nil, errors.Join(fmt.Errorf("%s does not answer after %v: %w", redisServer, kvStart, err), stop())
		}
	}
}

func pingKV(ctx context.Context, socket string) error {
	c, err := dialKV(ctx, socket)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.do(ctx, "PING")
	return err
}

type kvJob struct {
	cores cores.Cores
	seed  uint64
	size  int
	addr  string
	free  cores.FreeList[kvConn]
}

func openKV(o Options) (Job, error) {
	if o.Addr == "" {
		return nil, errors.New("no address of a server: call the workload's Prepare first or set Options.Addr to the path of its socket")
	}
	return &kvJob{cores: o.Cores, seed: o.Seed, size: o.Size, addr: o.Addr}, nil
}

func (j *kvJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	if sum, err = j.run(ctx, i); err != nil {
		return 0, taskError(ctx, "kv", i, err)
	}
	return sum, nil
}

func (j *kvJob) run(ctx context.Context, i int) (sum uint64, err error) {
	payload := make([]byte, j.size)
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		for lo := 0; lo < len(payload); lo += kvPiece {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.fill(payload[lo:min(lo+kvPiece, len(payload))])
			j.cores.Yield(ctx)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	c := j.free.Take(func() *kvConn { return &kvConn{} })
	defer j.free.Put(c)
	if err := c.connect(ctx, j.addr); err != nil {
		return 0, err
	}
	// Jobs with other options may use the same server.
	key := fmt.Sprintf("%d/%d/%d", j.seed, j.size, i)
	if _, err := c.do(ctx, "SET", key, string(payload)); err != nil {
		return 0, err
	}
	got, err := c.do(ctx, "GET", key)
	if err != nil {
		return 0, err
	}
	err = compute(ctx, j.cores, func() error {
		if !bytes.Equal(got, payload) {
			return errors.New("the server returned other bytes than were set")
		}
		var d digest
		d.bytes(got)
		sum = uint64(d)
		return nil
	})
	return sum, err
}

// Close closes the connections.
func (j *kvJob) Close() error {
	var errs []error
	for j.free.Len() > 0 {
		c := j.free.Take(nil)
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}
