package workloads

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestHTTPAddresses(t *testing.T) {
	for _, tt := range []struct {
		addr string
		want string // "" if it is good
	}{
		{"127.0.0.1:80", ""},
		{"127.1.2.3:65535", ""},
		{"[::1]:8080", ""},
		{"localhost:8080", ""},
		{"localhost", "want host:port"},
		{"", "want host:port"},
		{"127.0.0.1:http", "port is not a number"},
		{"127.0.0.1:65536", "port is not a number"},
		{":8080", "not on this machine"},
		{"0.0.0.0:8080", "not on this machine"},
		{"192.0.2.1:80", "not on this machine"},
		{"example.com:80", "not on this machine"},
	} {
		err := loopback(tt.addr)
		if tt.want == "" {
			if err != nil {
				t.Errorf("loopback(%q) = %v, want nil", tt.addr, err)
			}
			continue
		}
		wantError(t, "loopback "+tt.addr, err, tt.want)
		if tt.addr != "" {
			_, err = HTTP.Open(Options{Addr: tt.addr})
			wantError(t, "Open "+tt.addr, err, "^workloads: http: .*"+tt.want)
			_, err = HTTP.Prepare(t.Context(), &Options{Addr: tt.addr})
			wantError(t, "Prepare "+tt.addr, err, "^workloads: http: .*"+tt.want)
		}
		err = ServeHTTP(t.Context(), tt.addr, func(string) { t.Error("ready at", tt.addr) })
		wantError(t, "ServeHTTP "+tt.addr, err, "^workloads: http server: .*"+tt.want)
	}
}

func TestHTTPPrepare(t *testing.T) {
	_, err := HTTP.Prepare(t.Context(), &Options{})
	wantError(t, "no child", err, "^workloads: http: .* set Options.Child .* or Options.Addr")
	_, err = HTTP.Open(Options{})
	wantError(t, "not prepared", err, "^workloads: http: no address .* Prepare first or set Options.Addr")

	failed := errors.New("no fork")
	o := Options{Child: func(context.Context, string, string) (string, func() error, error) { return "", nil, failed }}
	if _, err = HTTP.Prepare(t.Context(), &o); !errors.Is(err, failed) || o.Addr != "" {
		t.Errorf("child that does not start: error %v, address %q, want %v and none", err, o.Addr, failed)
	}
	stopped := 0
	o.Child = func(context.Context, string, string) (string, func() error, error) {
		return "hello", func() error { stopped++; return nil }, nil
	}
	_, err = HTTP.Prepare(t.Context(), &o)
	wantError(t, "child that says something else", err, `the server said where it is: address "hello"`)
	if stopped != 1 {
		t.Errorf("child that says something else was stopped %d times, want 1", stopped)
	}

	o = Options{Addr: "127.0.0.1:9", Child: func(context.Context, string, string) (string, func() error, error) {
		t.Error("a child was started though there is an address")
		return "", nil, failed
	}}
	if release, err := HTTP.Prepare(t.Context(), &o); err != nil || release() != nil || o.Addr != "127.0.0.1:9" {
		t.Errorf("given address: %v, address %q, want it kept", err, o.Addr)
	}
}

// server runs handler h until the end of the test and returns its address.
func server(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func TestHTTPWrongServer(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	right := answer(1, 5)
	for _, tt := range []struct{ name, addr, want string }{
		{"none", gone.Addr().String(), "refused"},
		{"another", server(t, http.NotFound), "404 Not Found: is there another server"},
		{"redirect", server(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		}), "302 Found"},
		{"one bit off", server(t, func(w http.ResponseWriter, r *http.Request) {
			body := append([]byte(nil), right...)
			body[100] ^= 1
			w.Write(body)
		}), "wrong body"},
		{"too short", server(t, func(w http.ResponseWriter, r *http.Request) { w.Write(right[1:]) }), "wrong body"},
		{"too long", server(t, func(w http.ResponseWriter, r *http.Request) { w.Write(append(right[:httpBody:httpBody], 0)) }), "wrong body"},
		{"cut off", server(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "128")
			w.Write(right[:100])
		}), "unexpected EOF"},
	} {
		_, err := open(t, HTTP, Options{Addr: tt.addr}).Do(t.Context(), 5)
		wantError(t, tt.name, err, "^workloads: http: task 5: .*"+tt.want)
	}
}

// countingListener counts the connections.
type countingListener struct {
	net.Listener
	accepted atomic.Int64
}

func (l *countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return c, err
}

func TestHTTPKeepsItsConnections(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &countingListener{Listener: inner}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, l, func(string) {}) }()

	const tasks, rounds = 300, 5
	job := open(t, HTTP, Options{Addr: l.Addr().String(), Size: 1000})
	for range rounds {
		var running sync.WaitGroup
		for i := range tasks {
			running.Go(func() { do(t, job, i) })
		}
		running.Wait()
	}
	// A connection may come too late for the task that asked for it, so there
	// can be a few more than tasks at a time.
	if got := l.accepted.Load(); got > 2*tasks {
		t.Errorf("%d connections for %d requests, want about one for each of %d tasks at a time", got, rounds*tasks, tasks)
	}

	cancel()
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v, want nil", err)
	}
	_, err = job.Do(t.Context(), 0)
	wantError(t, "server ended", err, "^workloads: http: task 0: ")
}

func TestServeHTTPEndsUnderARequest(t *testing.T) {
	addr, stop, err := child(t.Context(), HTTPRole, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	job := open(t, HTTP, Options{Addr: addr, Size: HTTP.MaxSize})
	answered := make(chan error)
	go func() {
		_, err := job.Do(t.Context(), 0)
		answered <- err
	}()
	if err := stop(); err != nil {
		t.Errorf("the server ended with %v, want nil", err)
	}
	wantError(t, "request under way", <-answered, "^workloads: http: task 0: ")
}

// Two tasks must be able to wait at once even when one core is all there is:
// this server answers none before both have come.
func TestHTTPWaitsOutsideCompute(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	serve := handler()
	addr := server(t, func(w http.ResponseWriter, r *http.Request) {
		both.Done()
		both.Wait()
		serve.ServeHTTP(w, r)
	})
	c := &fakeCores{}
	job := open(t, HTTP, Options{Addr: addr, Size: 1, Cores: c})
	var running sync.WaitGroup
	for i := range 2 {
		running.Go(func() { do(t, job, i) })
	}
	running.Wait()
	if c.sections != 2 {
		t.Errorf("%d sections of compute, want 2", c.sections)
	}
}

func TestHandler(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/wait/0/seed/1/task/2", 200},
		{"GET", "/wait/0/seed/18446744073709551615/task/0", 200},
		{"GET", "/wait/-1/seed/1/task/2", 400},
		{"GET", "/wait/99999999999/seed/1/task/2", 400},
		{"GET", "/wait/0/seed/x/task/2", 400},
		{"GET", "/wait/0/seed/1/task/", 404},
		{"GET", "/", 404},
		{"POST", "/wait/0/seed/1/task/2", 405},
	} {
		w := httptest.NewRecorder()
		handler().ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, strings.NewReader("")))
		if w.Code != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.path, w.Code, tt.status)
		}
	}
}
