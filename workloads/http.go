package workloads

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"amdahl/workloads/cores"
)

// HTTP waits for a server: task i is a GET to a server on this machine that
// answers after Size microseconds with bytes that depend on the seed and on
// i. The body is checked, and gives the number. Wait 5000 or more, see
// [Sleep].
//
// The server runs in a child process, since it spends processor time that is
// not the task's. Prepare starts it with Options.Child (role [HTTPRole]) and
// puts its address in Options.Addr; if an address is given, a server is
// expected to run there. The entry of the child process calls [ServeHTTP].
//
// A connection is kept for each task that runs, up to 4096 in a process:
// beyond that tasks wait for one.
var HTTP = Workload{
	Name:      "http",
	Doc:       "GET from a server in another process that answers late",
	Bound:     IO,
	Size:      5000,
	MaxSize:   60_000_000,
	TestSize:  200,
	TestLarge: 60_000_000,
	SizeUnit:  "microseconds",
	Cost:      5500 * time.Microsecond,
	Ends:      "nothing but what is planted",
	Sweeps:    []string{"quick", "full"},
	Share:     prepareHTTP,
	New:       openHTTP,
}

// HTTPRole is the role of the child process that runs [ServeHTTP].
const HTTPRole = "http"

const (
	httpConns = 4096
	httpBody  = 128 // bytes of an answer
)

func prepareHTTP(ctx context.Context, o *Options) (release func() error, err error) {
	if o.Addr != "" {
		return func() error { return nil }, loopback(o.Addr)
	}
	if o.Child == nil {
		return nil, errors.New("the server needs a process: set Options.Child to a function that starts one, or Options.Addr to the address of a running server")
	}
	addr, stop, err := o.Child(ctx, HTTPRole, "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the server: %w", err)
	}
	addr = strings.TrimSpace(addr)
	if err := loopback(addr); err != nil {
		return nil, errors.Join(fmt.Errorf("the server said where it is: %w", err), stop())
	}
	o.Addr = addr
	return stop, nil
}

// loopback returns an error unless addr is host:port on this machine.
func loopback(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: want host:port, for example 127.0.0.1:8080: %w", addr, err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("address %q: the port is not a number from 0 to 65535", addr)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("address %q is not on this machine: want 127.0.0.1, [::1] or localhost", addr)
	}
	return nil
}

type httpJob struct {
	cores  cores.Cores
	seed   uint64
	prefix string // of a task's URL
	client *http.Client
}

func openHTTP(o Options) (Job, error) {
	if o.Addr == "" {
		return nil, errors.New("no address of a server: call the workload's Prepare first or set Options.Addr")
	}
	if err := loopback(o.Addr); err != nil {
		return nil, err
	}
	return &httpJob{
		cores:  o.Cores,
		seed:   o.Seed,
		prefix: fmt.Sprintf("http://%s/wait/%d/seed/%d/task/", o.Addr, o.Size, o.Seed),
		client: &http.Client{
			Transport: &http.Transport{ // no proxy, no time after which a connection is dropped
				MaxConnsPerHost:     httpConns,
				MaxIdleConnsPerHost: httpConns,
				DisableCompression:  true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func (j *httpJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	url := j.prefix + strconv.Itoa(i)
	body, err := j.get(ctx, url)
	if err != nil {
		return 0, taskError(ctx, "http", i, err)
	}
	err = compute(ctx, j.cores, func() error {
		if !bytes.Equal(body, answer(j.seed, i)) {
			return fmt.Errorf("GET %s: wrong body: is there another server at this address?", url)
		}
		var d digest
		d.bytes(body)
		sum = uint64(d)
		return nil
	})
	if err != nil {
		return 0, taskError(ctx, "http", i, err)
	}
	return sum, nil
}

// get returns the body at url. It reads to the end of the body, so that the
// connection can be used again.
func (j *httpJob) get(ctx context.Context, url string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := j.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, httpBody+1))
	if err != nil {
		return nil, fmt.Errorf("GET %s: %w", url, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s: is there another server at this address?", url, response.Status)
	}
	return body, nil
}

func (j *httpJob) Close() error {
	j.client.CloseIdleConnections()
	return nil
}

// answer is the body for task i.
func answer(seed uint64, i int) []byte {
	body := make([]byte, httpBody)
	s := newStream(seed, i)
	s.fill(body)
	return body
}
